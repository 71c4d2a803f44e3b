/** What happened to all miners, or to one. */

import { css, html, type PropertyValues, type TemplateResult } from "lit";
import { problemStyles } from "../../lib/problem";
import type { ConfigForm, GridOptions, HomeAssistant } from "../../lib/hass";
import type { LiveData } from "../../lib/live";
import { loadParts } from "../../lib/parts";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { LazyCard } from "../lazy-card";
import { readConfig, type TimelineCardConfig } from "./config";

/** px: nobody knows how much happened, so the card scrolls rather than grows further. */
const HEIGHT = 420;

export class TimelineCard extends LazyCard<TimelineCardConfig> {
  static override getStubConfig(): Partial<TimelineCardConfig> {
    return {};
  }

  static async getConfigForm(): Promise<ConfigForm> {
    return (await loadParts()).timelineForm();
  }

  protected override readConfig(config: TimelineCardConfig): TimelineCardConfig {
    this.toggleAttribute("scrolls", typeof config.grid_options?.rows === "number");
    return readConfig(config);
  }

  override getGridOptions(): GridOptions {
    return { columns: 12, min_columns: 6, rows: "auto", min_rows: 3 };
  }

  /** Its place, its style or what happened says how high it is. */
  protected override expectedHeight(): number {
    return this.hasAttribute("scrolls") ? 0 : HEIGHT;
  }

  /** Only what makes an entry concerns this card. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get("live") as LiveData | undefined;
    if (changed.size === 1 && before !== undefined && this.live !== undefined) {
      return (
        before.connected !== this.live.connected ||
        tracesOf(before) !== tracesOf(this.live)
      );
    }
    return super.shouldUpdate(changed);
  }

  protected override renderCard(
    hass: HomeAssistant,
    config: TimelineCardConfig,
    live: LiveData,
  ): TemplateResult {
    return html`
      <ha-card>
        ${
          this.incomplete
            ? this.renderIncomplete()
            : html`<bitaxe-timeline-view
                .hass=${hass}
                .config=${config}
                .miners=${live.miners}
                .traces=${tracesOf(live)}
              ></bitaxe-timeline-view>`
        }
      </ha-card>
    `;
  }

  static override styles = [
    cardStyles,
    buttonStyles,
    problemStyles,
    css`
      :host(:not([scrolls])) ha-card {
        height: auto;
        max-height: ${HEIGHT}px;
      }
      /* Room for many lines, until it is known that there are few. */
      :host(:not([scrolls])) bitaxe-timeline-view:is(:not(:defined), [waiting]) {
        display: block;
        box-sizing: border-box;
        min-height: ${HEIGHT}px;
      }
      .problem {
        margin: 16px;
      }
    `,
  ];
}

const known = new WeakMap<LiveData, string>();

/** What of the live data leaves a trace in the timeline: other traces, other entries. */
function tracesOf(live: LiveData): string {
  let traces = known.get(live);
  if (traces === undefined) {
    traces = Object.entries(live.miners)
      .map(([id, miner]) =>
        [
          id,
          miner.name,
          miner.online,
          miner.boot_time,
          miner.frequency_mhz,
          miner.core_voltage_mv,
          miner.auto_fan,
          miner.target_temperature_c,
          miner.pool,
          miner.best_difficulty,
          miner.blocks_found,
          ...miner.warnings.map(({ kind, since }) => `${kind} ${since}`),
        ].join(),
      )
      .join("\n");
    known.set(live, traces);
  }
  return traces;
}
