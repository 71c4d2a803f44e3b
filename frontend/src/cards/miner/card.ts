/** One miner: how it does, how it did, and what can be done about it. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ConfigForm, HomeAssistant } from "../../lib/hass";
import type { LiveData } from "../../lib/live";
import { loadParts } from "../../lib/parts";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { LazyCard } from "../lazy-card";
import { DEFAULTS, METRICS, SPANS, type MinerCardConfig } from "./config";
import { minerHeight } from "./height";
import { oneOf } from "../../lib/options";
import { problemStyles } from "../../lib/problem";
import { canTune } from "../../lib/states";
import type { Other } from "./tuning/form";

export class MinerCard extends LazyCard<MinerCardConfig> {
  static async getConfigForm(): Promise<ConfigForm> {
    return (await loadParts()).minerForm();
  }

  protected override readConfig(config: MinerCardConfig): MinerCardConfig {
    const { span, metric } = config;
    if (span !== undefined) oneOf("span", SPANS, span);
    if (metric !== undefined) oneOf("metric", METRICS, metric);
    return { ...DEFAULTS, ...config };
  }

  override getCardSize(): number {
    const { details, chart, uptime, controls, tuning } = {
      ...DEFAULTS,
      ...this.config,
    };
    return (
      5 +
      3 * Number(details) +
      7 * Number(chart) +
      2 * Number(uptime) +
      4 * Number(controls) +
      2 * Number(tuning)
    );
  }

  protected override expectedHeight(_hass: HomeAssistant, width: number): number {
    return minerHeight({ ...DEFAULTS, ...this.config }, width);
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
    const waits = !this.loaded && !this.incomplete;
    return html`
      <ha-card style=${waits ? this.keepRoom(hass) : nothing}>
        ${this.incomplete ? this.renderIncomplete() : nothing}
        <bitaxe-miner-view
          .hass=${hass}
          .config=${config}
          .miner=${miner}
          .connected=${live.connected}
          .others=${live.miners}
          .tunable=${this.tunable(id, live)}
          .networkDifficulty=${live.swarm.network_difficulty ?? null}
        ></bitaxe-miner-view>
      </ha-card>
    `;
  }

  /** Other miners that could be tuned with this one; the same list as long as it is. */
  private tunable(id: string, live: LiveData): readonly Other[] {
    const others = Object.entries(live.miners)
      .filter(
        ([key, miner]) =>
          key !== id && canTune(miner) && miner.online && miner.can_control,
      )
      .map(([key, { name }]) => ({ id: key, name }));
    if (JSON.stringify(others) !== JSON.stringify(this.known)) {
      this.known = others;
    }
    return this.known;
  }

  private known: readonly Other[] = [];

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
