/** Which setting of a miner hashes best per joule, and what a change would bring. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { hide } from "../../lib/events";
import type { ConfigForm, HomeAssistant } from "../../lib/hass";
import { fetchConfigurations } from "../../lib/history";
import type { LiveData } from "../../lib/live";
import { loadParts } from "../../lib/parts";
import { atWidth, type Breakpoints } from "../../lib/breakpoints";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { follow, isUnmeasured, report } from "../../lib/unmeasured";
import { headerStyles } from "../../lib/card-styles";
import { problemStyles } from "../../lib/problem";
import { LazyCard } from "../lazy-card";
import { DEFAULTS, type EfficiencyCardConfig } from "./config";

/** px of the parts of the card, by its width: as measured. */
const HEADER = 95;
const ADVICE: Breakpoints = [
  [0, 545],
  [520, 410],
  [740, 200],
];
const NARROW_MAP: Breakpoints = [
  [0, 420],
  [600, 500],
];
const MAP = 480;
const TABLE = 440;
/** px from which map and table are beside each other. */
const WIDE = 930;

/** ms until it is asked whether a miner was measured by now, and how often at most. */
const LOOK = 10 * 60_000;
const MOST_LOOKS = 144;

export class EfficiencyCard extends LazyCard<EfficiencyCardConfig> {
  private unfollow: (() => void) | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private looks = 0;

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

  /** Room for all of it is kept only where something was measured. */
  protected override expectedHeight(_hass: HomeAssistant, width: number): number {
    const { config, live } = this;
    const { advice, map, table } = { ...DEFAULTS, ...config };
    const miner = live?.miners[config?.device_id ?? ""];
    if (miner?.best === null) return HEADER;
    const steps = [
      ...(advice ? [atWidth(ADVICE, width)] : []),
      ...(map && table && width >= WIDE
        ? [Math.max(MAP, TABLE)]
        : [...(map ? [atWidth(NARROW_MAP, width)] : []), ...(table ? [TABLE] : [])]),
    ];
    return steps.reduce((sum, height) => sum + height, HEADER);
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
        old?.warnings !== now?.warnings ||
        before.connected !== this.live?.connected
      );
    }
    return super.shouldUpdate(changed);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unfollow ??= follow(() => this.hideIfUnmeasured());
    clearInterval(this.timer);
    this.looks = 0;
    this.hideIfUnmeasured();
  }

  /** A view takes out what is hidden: somebody has to ask whether it still is to be. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    if (this.hidden) {
      this.timer = setInterval(() => void this.look(), LOOK);
    } else {
      this.unfollow?.();
      this.unfollow = undefined;
    }
  }

  private hideIfUnmeasured(): void {
    const { config } = this;
    hide(
      this,
      config?.hide_unmeasured === true && isUnmeasured(config.device_id ?? ""),
    );
  }

  private async look(): Promise<void> {
    const { hass, config } = this;
    const { device_id: id = "", span = DEFAULTS.span } = config ?? {};
    this.looks += 1;
    if (this.looks >= MOST_LOOKS) clearInterval(this.timer);
    if (hass === undefined) return;
    const answer = await fetchConfigurations(hass, [id], span).catch(() => undefined);
    if (answer?.miners[0]?.configurations.length) report(id, true);
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
    const waits = !this.loaded && !this.incomplete;
    return html`
      <ha-card style=${waits ? this.keepRoom(hass) : nothing}>
        <div class="header" style="--state: var(--bitaxe-good)">
          <span class="badge"><ha-icon icon="mdi:leaf"></ha-icon></span>
          <h2 class="name">
            ${config.title ?? miner?.name ?? hass.devices[id]?.name ?? ""}
          </h2>
        </div>
        ${
          this.incomplete
            ? this.renderIncomplete()
            : html`<bitaxe-efficiency-view
                .hass=${hass}
                .config=${config}
                .miner=${miner}
                .connected=${live.connected}
                .room=${this.expectedHeight(hass, this.clientWidth) - HEADER}
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
