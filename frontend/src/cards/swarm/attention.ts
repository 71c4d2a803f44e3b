/** Which miners need somebody, whether or not their rows are in sight. */

import { html, nothing, type TemplateResult } from "lit";

import { localizeCount } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize } from "../../lib/i18n";
import type { Miner } from "../../lib/model";
import { warningsOf } from "../../lib/warnings";
import { statusOf } from "./cells";
import { type Entry, sortEntries } from "./order";
import { warningList } from "./warning-list";

export type Opener = (id: string, miner: Miner) => void;

function affected(entries: readonly Entry[]): Entry[] {
  return entries.filter(([, miner]) => warningsOf(miner).length > 0);
}

/** Says how many miners need somebody; a click on it is to open the list of them. */
export function renderChip(
  hass: HomeAssistant,
  entries: readonly Entry[],
  { short, open, toggle }: { short: boolean; open: boolean; toggle: () => void },
): TemplateResult {
  const count = affected(entries).length;
  if (count === 0)
    return html`
      <span class="chip" style="--chip: var(--bitaxe-good)">
        <ha-icon .icon=${"mdi:check-circle"}></ha-icon>
        ${localize(hass, "swarm.total.all_well")}
      </span>
    `;
  const text = localizeCount(hass, "swarm.total.attention", count);
  return html`
    <button
      class="chip"
      style="--chip: var(--bitaxe-warn)"
      aria-expanded=${open ? "true" : "false"}
      title=${text}
      @click=${toggle}
    >
      <ha-icon .icon=${"mdi:alert"}></ha-icon>
      ${short ? html`${count}<span class="visually-hidden">${text}</span>` : text}
      <ha-icon .icon=${open ? "mdi:chevron-up" : "mdi:chevron-down"}></ha-icon>
    </button>
  `;
}

/** Lists the miners that need somebody, the most urgent first, and what to do. */
export function renderAttention(
  hass: HomeAssistant,
  entries: readonly Entry[],
  open: Opener | undefined,
): TemplateResult | typeof nothing {
  const now = Date.now() / 1000;
  const sorted = sortEntries(
    affected(entries),
    { key: "state", direction: "ascending" },
    hass.locale.language,
  );
  if (sorted.length === 0) return nothing;
  return html`
    <div class="attention">
      ${sorted.map(
        ([id, miner]) => html`
          <h3>
            ${open ? html`<button @click=${() => open(id, miner)}>${miner.name}</button>` : miner.name}
            ${
              miner.state === "mining"
                ? nothing
                : html`<span class="secondary">${statusOf(hass, miner, now)}</span>`
            }
          </h3>
          ${warningList(hass, miner, now)}
        `,
      )}
    </div>
  `;
}
