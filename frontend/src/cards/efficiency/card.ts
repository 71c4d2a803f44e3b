/** Which setting of a miner hashes best per joule, and what a change would bring. */

import { css, html, type PropertyValues, type TemplateResult } from "lit";
import type { ConfigForm, HomeAssistant } from "../../lib/hass";
import type { LiveData } from "../../lib/live";
import { loadParts } from "../../lib/parts";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { headerStyles, problemStyles } from "../miner/styles";
import { PartedCard } from "../shared";
import { DEFAULTS, type EfficiencyCardConfig } from "./config";

export class EfficiencyCard extends PartedCard<EfficiencyCardConfig> {
  static async getConfigForm(): Promise<ConfigForm> {
    return (await loadParts()).efficiencyForm();
  }

  protected override readConfig(config: EfficiencyCardConfig): EfficiencyCardConfig {
    return { ...DEFAULTS, ...config };
  }

  override getCardSize(): number {
    const { advice, map, table } = { ...DEFAULTS, ...this.config };
    return 2 + 4 * Number(advice) + 7 * Number(map) + 7 * Number(table);
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
        old?.name !== now?.name ||
        before.connected !== this.live?.connected
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
          this.incomplete
            ? this.renderIncomplete()
            : html`<bitaxe-efficiency-view
                .hass=${hass}
                .config=${config}
                .miner=${miner}
                .connected=${live.connected}
              ></bitaxe-efficiency-view>`
        }
      </ha-card>
    `;
  }

  static override styles = [
    cardStyles,
    buttonStyles,
    headerStyles,
    problemStyles,
    css`
      ha-card {
        padding: 16px;
      }
      .message {
        padding: 0;
      }
    `,
  ];
}
