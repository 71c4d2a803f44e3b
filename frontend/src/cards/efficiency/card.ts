/** Which setting of a miner hashes best per joule, and what a change would bring. */

import { css, html, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import { BitaxeCard } from "../../lib/base-card";
import type { ConfigForm, GridOptions, HomeAssistant } from "../../lib/hass";
import type { LiveData } from "../../lib/live";
import { cardStyles } from "../../lib/styles";
import { firstMiner } from "../miner/config";
import { headerStyles, problemStyles } from "../miner/styles";
import { loadParts, messageOf } from "../shared";
import { DEFAULTS, efficiencyForm, type EfficiencyCardConfig } from "./config";

export class EfficiencyCard extends BitaxeCard<EfficiencyCardConfig> {
  @state() private problem = "";

  static getConfigForm(): ConfigForm {
    return efficiencyForm();
  }

  static getStubConfig(hass: HomeAssistant): Partial<EfficiencyCardConfig> {
    const device = firstMiner(hass);
    return device === undefined ? {} : { device_id: device };
  }

  protected override readConfig(config: EfficiencyCardConfig): EfficiencyCardConfig {
    return { ...DEFAULTS, ...config };
  }

  override getCardSize(): number {
    const { advice, map, table } = { ...DEFAULTS, ...this.config };
    return 2 + 4 * Number(advice) + 7 * Number(map) + 7 * Number(table);
  }

  override getGridOptions(): GridOptions {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    loadParts().catch((error: unknown) => (this.problem = messageOf(this.hass, error)));
  }

  /** Only the setting of the miner and whether it can be changed matter here. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get("live") as LiveData | undefined;
    const id = this.config?.device_id;
    if (changed.size === 1 && before !== undefined && id !== undefined) {
      const [old, now] = [before.miners[id], this.live?.miners[id]];
      return (
        old?.frequency_mhz !== now?.frequency_mhz ||
        old?.core_voltage_mv !== now?.core_voltage_mv ||
        old?.online !== now?.online ||
        old?.can_control !== now?.can_control ||
        old?.entities !== now?.entities ||
        old?.name !== now?.name
      );
    }
    return super.shouldUpdate(changed);
  }

  protected override renderCard(
    hass: HomeAssistant,
    config: EfficiencyCardConfig,
    live: LiveData,
  ): TemplateResult {
    const id = config.device_id;
    const miner = id === undefined ? undefined : live.miners[id];
    if (id === undefined || (miner === undefined && !(id in hass.devices))) {
      return this.renderMessage(
        id === undefined ? "miner.no_miner" : "miner.not_found",
        "mdi:leaf",
      );
    }
    return html`
      <ha-card>
        <header style="--state: var(--bitaxe-good)">
          <span class="badge"><ha-icon icon="mdi:leaf"></ha-icon></span>
          <h2 class="name">
            ${config.title ?? miner?.name ?? hass.devices[id]?.name ?? ""}
          </h2>
        </header>
        ${
          this.problem
            ? html`<div class="problem" role="alert">${this.problem}</div>`
            : html`<bitaxe-efficiency-view
                .hass=${hass}
                .config=${config}
                .miner=${miner}
              ></bitaxe-efficiency-view>`
        }
      </ha-card>
    `;
  }

  static override styles = [
    cardStyles,
    headerStyles,
    problemStyles,
    css`
      ha-card {
        padding: 16px;
      }
    `,
  ];
}
