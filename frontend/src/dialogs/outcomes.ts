/** A list of miners with what would become, or became, of each. */

import { css, html, nothing, type TemplateResult } from "lit";

import type { Outcome } from "../lib/bulk";
import type { HomeAssistant } from "../lib/hass";
import { changeText } from "../lib/timeline-text";
import { localize } from "../lib/i18n";

const ICONS = {
  planned: "mdi:arrow-right-circle-outline",
  waiting: "mdi:timer-sand",
  done: "mdi:check-circle",
  unchanged: "mdi:minus-circle-outline",
  refused: "mdi:alert-circle-outline",
} as const;

const COLORS: Partial<Record<keyof typeof ICONS, string>> = {
  done: "good",
  refused: "bad",
};

/** Lists outcomes in their order; those of `waiting` have none yet. */
export function outcomeList(
  hass: HomeAssistant,
  outcomes: readonly Outcome[],
  waiting: ReadonlySet<string | null> = new Set(),
): TemplateResult {
  return html`
    <ul class="outcomes">
      ${outcomes.map((outcome) => {
        const {
          name,
          device_id: id,
          result,
          changes = {},
          password,
          restart,
          why,
        } = outcome;
        const state = waiting.has(id) ? "waiting" : result;
        const texts = [
          ...(state === "refused" ? [why ?? ""] : []),
          ...(state === "planned" || state === "done"
            ? Object.entries(changes).map(([setting, [before, after]]) =>
                changeText(hass, setting, before, after),
              )
            : []),
          ...(password && state === "planned" ? [localize(hass, "bulk.password")] : []),
          ...(restart && state === "planned" ? [localize(hass, "bulk.restarts")] : []),
        ].filter(Boolean);
        return html`
          <li>
            <ha-icon
              .icon=${ICONS[state]}
              class=${COLORS[state] ?? "secondary"}
              aria-hidden="true"
            ></ha-icon>
            <div>
              <b>${name}</b>
              <span class="secondary">${localize(hass, `bulk.result.${state}`)}</span>
              ${
                texts.length === 0
                  ? nothing
                  : html`<div class="secondary">
                      ${texts.map((text) => html`<div>${text}</div>`)}
                    </div>`
              }
            </div>
          </li>
        `;
      })}
    </ul>
  `;
}

/** How many of each there are, in one line. */
export function outcomeSummary(
  hass: HomeAssistant,
  outcomes: readonly Outcome[],
): string {
  return (["planned", "done", "unchanged", "refused"] as const)
    .map((result) => {
      const count = outcomes.filter((outcome) => outcome.result === result).length;
      return count === 0 ? "" : `${count} ${localize(hass, `bulk.result.${result}`)}`;
    })
    .filter(Boolean)
    .join(" · ");
}

export const outcomeStyles = css`
  .outcomes {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .outcomes li {
    display: flex;
    gap: 10px;
    padding: 6px 0;
    overflow-wrap: anywhere;
  }
  .outcomes li + li {
    border-top: 1px solid var(--divider-color);
  }
  .outcomes ha-icon {
    flex: none;
    --mdc-icon-size: 20px;
  }
  .outcomes b {
    margin-inline-end: 6px;
    font-weight: var(--ha-font-weight-medium, 500);
  }
`;
