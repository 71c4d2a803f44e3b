/** What is wrong with a miner, one paragraph each. */

import { html, type TemplateResult } from "lit";

import type { HomeAssistant } from "../../lib/hass";
import type { Miner } from "../../lib/model";
import { describeWarning, warningsOf } from "../../lib/warnings";

/** Lists the warnings of a miner with what was measured and what to do. */
export function warningList(
  hass: HomeAssistant,
  miner: Miner,
  now: number,
): TemplateResult {
  return html`
    <ul class="warning-list">
      ${warningsOf(miner).map((warning) => {
        const { icon, level, title, measured, since, advice } = describeWarning(
          hass,
          warning,
          now,
        );
        return html`
          <li>
            <ha-icon .icon=${icon} class=${level} aria-hidden="true"></ha-icon>
            <div>
              <div>
                <b>${title}</b>
                <span class="secondary">
                  ${[measured, since].filter(Boolean).join(" · ")}
                </span>
              </div>
              <div class="secondary">${advice}</div>
            </div>
          </li>
        `;
      })}
    </ul>
  `;
}
