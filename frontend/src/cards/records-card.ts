/** The best shares of all time, with miner and date. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { clockOf, timeFormat } from "../lib/clock";
import { formatDifficulty } from "../lib/format";
import type { CardConfig, HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import { define } from "../lib/register";
import { cardStyles } from "../lib/styles";

interface RecordsConfig extends CardConfig {
  /** The swarm's best difficulty, whose attribute they are. */
  entity: string;
}

interface Share {
  difficulty: number;
  miner: string;
  /** Null where nobody saw it. */
  time: string | null;
}

/** How many are shown. */
const SHOWN = 10;

class RecordsCard extends LitElement {
  @property({ attribute: false }) hass?: HomeAssistant;
  @state() private config?: RecordsConfig;

  setConfig(config: RecordsConfig): void {
    this.config = config;
  }

  getCardSize(): number {
    return 5;
  }

  getGridOptions() {
    return { columns: 12, rows: "auto" };
  }

  /** All states of the house change all the time; one of them is of concern. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get("hass") as HomeAssistant | undefined;
    const { hass, config } = this;
    if (changed.size > 1 || before === undefined || !hass || !config) return true;
    return (
      before.states[config.entity] !== hass.states[config.entity] ||
      before.locale !== hass.locale
    );
  }

  protected override render() {
    const { hass, config } = this;
    if (hass === undefined || config === undefined) return nothing;
    const found = hass.states[config.entity]?.attributes.best_shares;
    const shares = (Array.isArray(found) ? found : []) as Share[];
    const format = timeFormat(clockOf(hass));
    return html`<ha-card>
      <h2>${localize(hass, "records.title")}</h2>
      ${
        shares.length === 0
          ? html`<p class="secondary">${localize(hass, "records.empty")}</p>`
          : html`<ol>
              ${shares.slice(0, SHOWN).map(
                ({ difficulty, miner, time }) =>
                  html`<li>
                    <b>${formatDifficulty(hass, difficulty)}</b>
                    <span>${miner}</span>
                    <span class="secondary"
                      >${
                        time === null
                          ? localize(hass, "records.undated")
                          : format.date(Date.parse(time) / 1000)
                      }</span
                    >
                  </li>`,
              )}
            </ol>`
      }
    </ha-card>`;
  }

  static override styles = [
    cardStyles,
    css`
      ha-card {
        padding: 16px;
      }
      h2 {
        margin: 0 0 8px;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: var(--ha-font-weight-medium, 500);
      }
      p,
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 5em minmax(0, 1fr) auto;
        gap: 12px;
        align-items: baseline;
        padding: 6px 0;
      }
      li + li {
        border-top: 1px solid var(--divider-color);
      }
      li span {
        overflow-wrap: anywhere;
      }
    `,
  ];
}

define("bitaxe-records-card", RecordsCard);
