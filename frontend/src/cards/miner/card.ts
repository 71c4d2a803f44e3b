/** One miner: how it does, how it did, and what can be done about it. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ConfigForm, HomeAssistant } from "../../lib/hass";
import type { LiveData } from "../../lib/live";
import { loadParts } from "../../lib/parts";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { PartedCard } from "../shared";
import { DEFAULTS, SPANS, type MinerCardConfig } from "./config";
import { problemStyles } from "./styles";

export class MinerCard extends PartedCard<MinerCardConfig> {
  static async getConfigForm(): Promise<ConfigForm> {
    return (await loadParts()).minerForm();
  }

  protected override readConfig(config: MinerCardConfig): MinerCardConfig {
    const { span, metric } = config;
    if (span !== undefined && !SPANS.includes(span)) {
      throw new Error(`span: ${span} (${SPANS.join(", ")})`);
    }
    if (metric !== undefined && metric !== "power" && metric !== "efficiency") {
      throw new Error(`metric: ${String(metric)} (power, efficiency)`);
    }
    return { ...DEFAULTS, ...config };
  }

  override getCardSize(): number {
    const { details, chart, controls } = { ...DEFAULTS, ...this.config };
    return 5 + 3 * Number(details) + 7 * Number(chart) + 4 * Number(controls);
  }

  /** Other miners change as often, and do not concern this card. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get("live") as LiveData | undefined;
    const id = this.config?.device_id;
    if (changed.size === 1 && before !== undefined && id !== undefined && this.live) {
      return (
        before.miners[id] !== this.live.miners[id] ||
        before.connected !== this.live.connected
      );
    }
    return super.shouldUpdate(changed);
  }

  protected override renderCard(
    hass: HomeAssistant,
    config: MinerCardConfig,
    live: LiveData,
  ): TemplateResult {
    const id = config.device_id;
    const miner = id === undefined ? undefined : live.miners[id];
    if (id === undefined || miner === undefined) {
      return this.renderMessage(
        id === undefined ? "miner.no_miner" : "miner.not_found",
        "mdi:pickaxe",
      );
    }
    return html`
      <ha-card>
        ${this.incomplete ? this.renderIncomplete() : nothing}
        <bitaxe-miner-view
          .hass=${hass}
          .config=${config}
          .miner=${miner}
          .connected=${live.connected}
        ></bitaxe-miner-view>
      </ha-card>
    `;
  }

  static override styles = [
    cardStyles,
    buttonStyles,
    problemStyles,
    css`
      .problem {
        margin: 16px;
      }
    `,
  ];
}
