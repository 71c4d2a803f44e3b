/** One figure of several miners over each other, or of all together. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { problemStyles } from "../../lib/problem";
import { minerDevices } from "../../lib/devices";
import type { ConfigForm, GridOptions, HomeAssistant } from "../../lib/hass";
import type { LiveData } from "../../lib/live";
import { loadParts } from "../../lib/parts";
import { atWidth, type Breakpoints } from "../../lib/breakpoints";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { LazyCard } from "../lazy-card";
import { type ComparisonCardConfig, readConfig } from "./config";
import { chartRoom } from "./lines";

/** px of the head by the width of the card: what is chosen takes a line of its own. */
const HEAD: Breakpoints = [
  [0, 164],
  [372, 132],
  [482, 92],
  [664, 52],
];
/** px of padding and axis; of a name in the legend and below the chart. */
const BESIDE = 50;
const LEGEND = { width: 165, gap: 12, line: 18, most: 8 };
const CHOICE = { width: 112, line: 38 };

export class ComparisonCard extends LazyCard<ComparisonCardConfig> {
  static override getStubConfig(): Partial<ComparisonCardConfig> {
    return {};
  }

  static async getConfigForm(): Promise<ConfigForm> {
    return (await loadParts()).comparisonForm();
  }

  protected override readConfig(config: ComparisonCardConfig): ComparisonCardConfig {
    return readConfig(config);
  }

  override getGridOptions(): GridOptions {
    return { columns: "full", min_columns: 6, rows: "auto" };
  }

  protected override expectedHeight(hass: HomeAssistant, width: number): number {
    const { config } = this;
    // A place of a fixed height is as high as it is.
    if (typeof config?.grid_options?.rows === "number") return 0;
    const chosen = config?.miners?.length ?? 0;
    const miners = config?.total ? 1 : chosen > 0 ? chosen : minerDevices(hass).length;
    const room = width - 32;
    const keys = Math.min(miners, LEGEND.most);
    const beside = Math.max(
      1,
      Math.floor((room + LEGEND.gap) / (LEGEND.width + LEGEND.gap)),
    );
    return (
      BESIDE +
      atWidth(HEAD, width) +
      chartRoom(room) +
      (keys > 2 ? (1 + Math.ceil(keys / beside)) * LEGEND.line : LEGEND.line) +
      (miners > 1 ? Math.ceil((miners * CHOICE.width) / room) * CHOICE.line : 0)
    );
  }

  /** Only names and who there is concern this card; the history it reads by itself. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get("live") as LiveData | undefined;
    if (changed.size === 1 && before !== undefined && this.live !== undefined) {
      return namesOf(before) !== namesOf(this.live);
    }
    return super.shouldUpdate(changed);
  }

  protected override renderCard(
    hass: HomeAssistant,
    config: ComparisonCardConfig,
    live: LiveData,
  ): TemplateResult {
    return html`
      <ha-card style=${this.incomplete ? nothing : this.keepRoom(hass)}>
        ${
          this.incomplete
            ? this.renderIncomplete()
            : html`<bitaxe-comparison-view
                .hass=${hass}
                .config=${config}
                .miners=${live.miners}
              ></bitaxe-comparison-view>`
        }
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

const namesOf = ({ miners }: LiveData): string =>
  Object.entries(miners)
    .map(([id, { name }]) => `${id} ${name}`)
    .join();
