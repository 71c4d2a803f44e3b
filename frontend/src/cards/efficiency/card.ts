/** Which setting of a miner hashes best per joule, and what a change would bring. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { MapPoint, OperatingPointMap } from "../../chart/map";
import { applyConfiguration } from "../../lib/actions";
import { BitaxeCard } from "../../lib/base-card";
import { confirm } from "../../lib/confirm";
import { showToast } from "../../lib/events";
import {
  formatHashrate,
  formatNumber,
  formatPercent,
  formatPower,
  formatTemperature,
  formatTime,
  UNKNOWN,
} from "../../lib/format";
import type { ConfigForm, GridOptions, HomeAssistant } from "../../lib/hass";
import { fetchConfigurations } from "../../lib/history";
import { localize, localizeDynamic } from "../../lib/i18n";
import type { LiveData } from "../../lib/live";
import type {
  MinerConfigurations,
  OperatingPoint,
  Recommendation,
} from "../../lib/model";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { firstMiner } from "../miner/config";
import { pointName, shortName } from "../miner/readings";
import { sharedStyles } from "../miner/styles";
import { loadCharts, messageOf } from "../shared";
import { DEFAULTS, efficiencyForm, type EfficiencyCardConfig } from "./config";
import {
  FIRST_SORT,
  isSame,
  makePoints,
  shortened,
  sorted,
  sortedBy,
  type Point,
  type Sort,
  type SortColumn,
} from "./points";
import { efficiencyStyles } from "./styles";
import {
  applyQuestion,
  bottleneckWords,
  changeWords,
  GOALS,
  savingWords,
  verdictWords,
  withError,
  type Goal,
} from "./words";

/** ms until the analysis is asked again. */
const REFRESH = 10 * 60_000;
/** Rows of the table before the rest is folded away. */
const MOST_ROWS = 8;

const GOAL_ICONS: Record<Goal, string> = {
  efficiency: "mdi:leaf",
  balanced: "mdi:scale-balance",
  hashrate: "mdi:speedometer",
};

/** Columns of the table; the name is what narrow cards leave out. */
const COLUMNS: readonly [SortColumn, Name][] = [
  ["frequency_mhz", "setting"],
  ["hours", "hours"],
  ["hashrate_ghs", "hashrate"],
  ["efficiency_j_th", "efficiency"],
  ["asic_temperature_c", "heat"],
  ["error_rate_percent", "errors"],
];
type Name = "setting" | "hours" | "hashrate" | "efficiency" | "heat" | "errors";

export class EfficiencyCard extends BitaxeCard<EfficiencyCardConfig> {
  @state() private result: MinerConfigurations | undefined;
  @state() private currency = "";
  @state() private problem = "";
  @state() private chartProblem = "";
  @state() private chartsReady = false;
  @state() private sort: Sort = FIRST_SORT;
  @state() private unfolded = false;
  /** What is shown in detail, and what the pointer is on. */
  @state() private chosen: OperatingPoint | undefined;
  @state() private hovered: OperatingPoint | undefined;
  /** What is being applied. */
  @state() private pending: OperatingPoint | undefined;
  @state() private applyProblem = "";
  private asked = "";
  private timer: ReturnType<typeof setInterval> | undefined;
  private points: Point[] = [];
  private map: OperatingPointMap | undefined;

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
    this.timer = setInterval(() => void this.load(), REFRESH);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
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
        old?.name !== now?.name
      );
    }
    return super.shouldUpdate(changed);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { config, hass } = this;
    if (hass === undefined || config?.device_id === undefined) {
      return;
    }
    const wanted = `${config.device_id} ${config.span ?? DEFAULTS.span}`;
    if (wanted !== this.asked) {
      this.result = this.chosen = this.hovered = undefined;
      void this.load();
    }
    if (config.map && !this.chartsReady && !this.chartProblem) {
      loadCharts().then(
        () => (this.chartsReady = true),
        (error: unknown) => (this.chartProblem = messageOf(hass, error)),
      );
    }
    this.points = this.result ? makePoints(this.result, this.present) : [];
    if (["result", "live", "hass", "config"].some((name) => changed.has(name))) {
      this.map = this.points.length > 0 ? this.makeMap(hass) : undefined;
    }
  }

  /** What the miner runs at: the live data know of a change first. */
  private get present(): OperatingPoint | null {
    const miner = this.live?.miners[this.config?.device_id ?? ""];
    return miner?.frequency_mhz != null && miner.core_voltage_mv != null
      ? {
          frequency_mhz: miner.frequency_mhz,
          core_voltage_mv: miner.core_voltage_mv,
        }
      : (this.result?.present ?? null);
  }

  private async load(seconds?: number): Promise<void> {
    const { hass, config } = this;
    if (hass === undefined || config?.device_id === undefined) {
      return;
    }
    const span = config.span ?? DEFAULTS.span;
    const asked = `${config.device_id} ${span}`;
    this.asked = asked;
    try {
      const { miners, currency } = await fetchConfigurations(
        hass,
        [config.device_id],
        span,
        seconds,
      );
      if (this.asked === asked) {
        this.result = miners[0];
        this.currency = currency;
        this.problem = "";
      }
    } catch (error) {
      if (this.asked === asked) {
        this.result = undefined;
        this.problem = messageOf(hass, error);
      }
    }
  }

  protected override renderCard(
    hass: HomeAssistant,
    config: EfficiencyCardConfig,
    live: LiveData,
  ): TemplateResult {
    const id = config.device_id;
    if (id === undefined) {
      return this.renderMessage("miner.no_miner", "mdi:leaf");
    }
    const miner = live.miners[id];
    if (miner === undefined && this.result === undefined) {
      return this.renderMessage("miner.not_found", "mdi:leaf");
    }
    const name = config.title ?? miner?.name ?? this.result?.name ?? "";
    return html`
      <ha-card>
        <div class="card">
          <header>
            <span class="badge"><ha-icon icon="mdi:leaf"></ha-icon></span>
            <div class="name">
              <h2>${name}</h2>
              <div class="secondary">${this.subtitle(hass)}</div>
            </div>
          </header>
          ${this.body(hass, config)}
        </div>
      </ha-card>
    `;
  }

  private subtitle(hass: HomeAssistant): string {
    const count = this.points.length;
    const parts = [
      count === 1
        ? localize(hass, "efficiency.subtitle_one")
        : localize(hass, "efficiency.subtitle", { count }),
    ];
    if (this.present !== null) {
      parts.push(
        `${localize(hass, "efficiency.present")} ${pointName(hass, this.present)}`,
      );
    }
    return this.result === undefined ? "" : parts.join(" · ");
  }

  private body(hass: HomeAssistant, config: EfficiencyCardConfig) {
    if (this.problem) {
      return html`
        <div class="empty">
          <div class="problem" role="alert">
            <ha-icon icon="mdi:alert-circle-outline"></ha-icon>
            <span>${this.problem}</span>
          </div>
          <button class="tonal" @click=${() => void this.load()}>
            ${localize(hass, "efficiency.retry")}
          </button>
        </div>
      `;
    }
    const { result } = this;
    if (result === undefined || this.points.length === 0) {
      return html`<div class="empty secondary" role="status">
        <ha-icon
          .icon=${result ? "mdi:chart-scatter-plot" : "mdi:timer-sand"}
        ></ha-icon>
        ${localize(hass, result ? "efficiency.empty" : "efficiency.loading")}
        ${this.missing(result)}
      </div>`;
    }
    return html`
      ${
        config.advice
          ? html`<div class="advice">
              ${GOALS.map((goal) => this.advice(hass, goal, result.recommendations[goal]))}
            </div>`
          : nothing
      }
      <div class="columns ${config.map && config.table ? "both" : ""}">
        ${config.map ? this.renderMap(hass, result) : nothing}
        ${config.table ? this.table(hass, result) : nothing}
      </div>
      ${this.missing(result)}
    `;
  }

  private missing(result: MinerConfigurations | undefined) {
    return (result?.missing ?? []).map(
      (reason) => html`<div class="secondary">${reason}</div>`,
    );
  }

  private advice(
    hass: HomeAssistant,
    goal: Goal,
    recommendation: Recommendation | undefined,
  ) {
    if (recommendation === undefined) {
      return nothing;
    }
    const { verdict, best, change } = recommendation;
    const point = this.points.find(({ configuration }) => isSame(configuration, best));
    const words = verdictWords(hass, recommendation);
    const settled = isSame(best, this.present);
    return html`
      <section class="goal ${verdict}">
        <div class="goal-name">
          <ha-icon .icon=${GOAL_ICONS[goal]}></ha-icon>
          <h3>${localize(hass, `efficiency.goal.${goal}`)}</h3>
          <span class="verdict"
            >${localizeDynamic(hass, `efficiency.verdict.${verdict}`, verdict)}</span
          >
        </div>
        ${
          best === null
            ? nothing
            : html`<button
                  class="setting"
                  @click=${() => (this.chosen = point?.configuration)}
                >
                  ${pointName(hass, best)}
                </button>
                <div class="secondary">
                  ${formatHashrate(hass, best.hashrate_ghs)} ·
                  ${formatNumber(hass, best.efficiency_j_th, 1)} J/TH ·
                  ${localize(hass, "efficiency.advice.behind", {
                    hours: formatNumber(hass, best.hours),
                  })}
                </div>`
        }
        ${
          change === null || settled
            ? nothing
            : html`<div class="change-words">
                  ${changeWords(hass, change).join(" · ")}
                </div>
                <div>${savingWords(hass, change, this.currency)}</div>`
        }
        ${words ? html`<p>${words}</p>` : nothing}
        ${point === undefined || settled ? nothing : this.applyButton(hass, point)}
      </section>
    `;
  }

  private applyButton(hass: HomeAssistant, { configuration }: Point) {
    const miner = this.live?.miners[this.config?.device_id ?? ""];
    if (
      !this.config?.apply ||
      !miner?.can_control ||
      !("frequency" in miner.entities)
    ) {
      return nothing;
    }
    const pending = isSame(this.pending, configuration);
    return html`<button
      class="tonal"
      ?disabled=${this.pending !== undefined || !miner.online}
      @click=${() => void this.apply(hass, configuration)}
    >
      ${localize(hass, pending ? "miner.control.pending" : "efficiency.apply.button")}
    </button>`;
  }

  private async apply(hass: HomeAssistant, wanted: OperatingPoint): Promise<void> {
    const id = this.config?.device_id ?? "";
    const configuration = this.points.find((point) =>
      isSame(point.configuration, wanted),
    )?.configuration;
    if (configuration === undefined) {
      return;
    }
    const name = this.live?.miners[id]?.name ?? "";
    const change =
      Object.values(this.result?.recommendations ?? {}).find(({ best }) =>
        isSame(best, wanted),
      )?.change ?? null;
    const sure = await confirm(hass, {
      ...applyQuestion(
        hass,
        name,
        configuration,
        this.points.find((point) => point.present)?.configuration,
        this.present,
        change,
        this.currency,
      ),
      confirm: localize(hass, "efficiency.apply.button"),
      destructive: configuration.bottlenecks.some((item) => item.critical),
    });
    if (!sure) {
      return;
    }
    this.pending = wanted;
    this.applyProblem = "";
    try {
      await applyConfiguration(hass, id, wanted);
      const setting = pointName(hass, wanted);
      showToast(this, localize(hass, "efficiency.apply.done", { name, setting }));
      // What is advised depends on what the miner runs at.
      await this.load(0);
    } catch (error) {
      this.applyProblem = messageOf(hass, error);
    } finally {
      this.pending = undefined;
    }
  }

  /** GH/s in the unit that map and table are in. */
  private get unit(): number {
    return this.points.some(({ configuration: item }) => item.hashrate_ghs >= 1000)
      ? 1000
      : 1;
  }

  private makeMap(hass: HomeAssistant): OperatingPointMap {
    const { unit } = this;
    return {
      points: this.points.flatMap((point) => {
        const { configuration: item } = point;
        return item.efficiency_j_th === null
          ? []
          : [
              {
                label: shortName(hass, item),
                description: this.describe(hass, point),
                x: item.hashrate_ghs / unit,
                y: item.efficiency_j_th,
                xError: item.hashrate_error_ghs && item.hashrate_error_ghs / unit,
                yError: item.efficiency_error_j_th,
                weight: item.hours,
                best: point.best,
                present: point.present,
                front: point.front,
                faint: !item.measured_enough,
                critical: point.critical,
                id: item,
              } satisfies MapPoint,
            ];
      }),
      xTitle: unitName(unit),
      yTitle: "J/TH",
      tick: (value, digits) => formatNumber(hass, value, digits),
    };
  }

  private describe(hass: HomeAssistant, point: Point): string {
    const { configuration: item } = point;
    return [
      pointName(hass, item),
      ...this.tags(hass, point),
      formatHashrate(hass, item.hashrate_ghs),
      withError(hass, item.efficiency_j_th, item.efficiency_error_j_th, "J/TH", 1),
      localize(hass, "efficiency.advice.behind", {
        hours: formatNumber(hass, item.hours),
      }),
    ].join(", ");
  }

  private tags(hass: HomeAssistant, point: Point): string[] {
    const tags: string[] = [];
    if (point.best) tags.push(localize(hass, "efficiency.best"));
    if (point.present) tags.push(localize(hass, "efficiency.present"));
    if (point.front) tags.push(localize(hass, "efficiency.front"));
    if (point.critical) tags.push(localize(hass, "efficiency.unsound"));
    if (!point.configuration.measured_enough) {
      tags.push(localize(hass, "efficiency.too_short"));
    }
    return tags;
  }

  private renderMap(hass: HomeAssistant, result: MinerConfigurations) {
    const { map } = this;
    if (this.chartProblem) {
      return html`<div class="problem" role="alert">${this.chartProblem}</div>`;
    }
    return html`<div class="map">
      <div class="legend secondary" aria-hidden="true">
        <span><i class="best"></i>${localize(hass, "efficiency.best")}</span>
        <span><i class="now"></i>${localize(hass, "efficiency.present")}</span>
        <span><i class="line"></i>${localize(hass, "efficiency.front")}</span>
      </div>
      ${
        this.chartsReady && map !== undefined
          ? html`<bitaxe-map-chart
              .map=${map}
              .selected=${map.points.findIndex(({ id }) => isSame(id, this.chosen))}
              .label=${localize(hass, "efficiency.map_label", { name: result.name })}
              @point-selected=${this.onPoint}
            ></bitaxe-map-chart>`
          : html`<div class="waiting"></div>`
      }
      <div class="secondary">${localize(hass, "efficiency.area")}</div>
      ${this.detail(hass)}
    </div>`;
  }

  private readonly onPoint = (
    event: CustomEvent<{ index: number; chosen: boolean }>,
  ): void => {
    const { index, chosen } = event.detail;
    const point = this.map?.points[index]?.id;
    this.hovered = point;
    if (chosen) {
      this.chosen = point;
      this.applyProblem = "";
    }
  };

  private detail(hass: HomeAssistant) {
    const wanted = this.hovered ?? this.chosen;
    const point = this.points.find(({ configuration }) =>
      isSame(configuration, wanted),
    );
    if (point === undefined) {
      return html`<div class="detail hint secondary">
        ${localize(hass, "efficiency.choose")}
      </div>`;
    }
    const { configuration: item } = point;
    const figure = (
      name: Parameters<typeof columnName>[1],
      value: string,
      note = "",
    ) =>
      value === UNKNOWN
        ? nothing
        : html`<div>
            <dt>${columnName(hass, name)}</dt>
            <dd>${value} <small>${note}</small></dd>
          </div>`;
    const peak = (value: number | null): string =>
      value === null
        ? ""
        : localize(hass, "efficiency.peak", { value: formatTemperature(hass, value) });
    const words = bottleneckWords(hass, item.bottlenecks);
    return html`<div class="detail" aria-live="polite">
      <div class="detail-head">
        <b>${pointName(hass, item)}</b>
        ${this.tags(hass, point).map((tag) => html`<span class="tag">${tag}</span>`)}
        ${point.present ? nothing : this.applyButton(hass, point)}
      </div>
      <dl>
        ${figure(
          "hashrate",
          formatHashrate(hass, item.hashrate_ghs),
          item.hashrate_error_ghs === null
            ? ""
            : `± ${formatNumber(hass, item.hashrate_error_ghs)} GH/s`,
        )}
        ${figure(
          "efficiency",
          withError(hass, item.efficiency_j_th, item.efficiency_error_j_th, "J/TH", 2),
        )}
        ${figure("power", formatPower(hass, item.power_w))}
        ${figure(
          "hours",
          localize(hass, "efficiency.hours", {
            hours: formatNumber(hass, item.hours, 1),
          }),
          localize(hass, "efficiency.seen", {
            time: formatTime(hass, Date.parse(item.last_seen) / 1000),
          }),
        )}
        ${figure(
          "heat",
          formatTemperature(hass, item.asic_temperature_c),
          peak(item.asic_temperature_max_c),
        )}
        ${figure(
          "vr_heat",
          formatTemperature(hass, item.vr_temperature_c),
          peak(item.vr_temperature_max_c),
        )}
        ${figure("errors", formatPercent(hass, item.error_rate_percent, 2))}
        ${figure("rejects", formatPercent(hass, item.reject_rate_percent, 2))}
        ${figure("expected", formatPercent(hass, item.expected_ratio_percent, 1))}
        ${figure("variation", formatPercent(hass, item.variation_percent, 1))}
      </dl>
      ${
        words.length > 0
          ? html`<div class="bottlenecks ${point.critical ? "critical" : "warning"}">
              <ha-icon icon="mdi:alert"></ha-icon>${words.join(" · ")}
            </div>`
          : nothing
      }
      ${
        this.applyProblem
          ? html`<div class="problem" role="alert">
              <ha-icon icon="mdi:alert-circle-outline"></ha-icon>
              <span>${this.applyProblem}</span>
            </div>`
          : nothing
      }
    </div>`;
  }

  private table(hass: HomeAssistant, result: MinerConfigurations) {
    const all = sorted(this.points, this.sort);
    const shown = this.unfolded ? all : shortened(all, MOST_ROWS);
    return html`<div class="table">
      <table
        aria-label=${localize(hass, "efficiency.table_label", { name: result.name })}
      >
        <thead>
          <tr>
            ${COLUMNS.map(([column, name]) => {
              const active = this.sort.column === column;
              return html`<th
                class=${name}
                aria-sort=${
                  active ? (this.sort.descending ? "descending" : "ascending") : "none"
                }
              >
                <button @click=${() => (this.sort = sortedBy(this.sort, column))}>
                  ${
                    name === "hashrate" ? unitName(this.unit) : columnName(hass, name)
                  }<ha-icon
                    .icon=${
                      active && this.sort.descending ? "mdi:arrow-down" : "mdi:arrow-up"
                    }
                    class=${active ? "" : "hidden"}
                  ></ha-icon>
                </button>
              </th>`;
            })}
          </tr>
        </thead>
        <tbody>
          ${shown.map((point) => this.row(hass, point))}
        </tbody>
      </table>
      ${
        all.length > shown.length || this.unfolded
          ? html`<button class="text" @click=${() => (this.unfolded = !this.unfolded)}>
              ${
                this.unfolded
                  ? localize(hass, "efficiency.fewer")
                  : localize(hass, "efficiency.more", { count: all.length })
              }
            </button>`
          : nothing
      }
      ${this.config?.map ? nothing : this.detail(hass)}
    </div>`;
  }

  private row(hass: HomeAssistant, point: Point) {
    const { configuration: item } = point;
    const chosen = isSame(item, this.chosen);
    return html`<tr
      class="${chosen ? "chosen" : ""} ${item.measured_enough ? "" : "faint"}"
      @click=${() => {
        this.chosen = item;
        this.hovered = undefined;
        this.applyProblem = "";
      }}
    >
      <td class="setting">
        <button aria-pressed=${chosen} aria-label=${this.describe(hass, point)}>
          ${shortName(hass, item, " / ")}
        </button>
        ${
          point.best ? html`<ha-icon icon="mdi:star" class="best"></ha-icon>` : nothing
        }${
          point.present
            ? html`<span class="tag now">${localize(hass, "efficiency.present")}</span>`
            : nothing
        }${
          point.critical
            ? html`<ha-icon icon="mdi:alert" class="unsound"></ha-icon>`
            : nothing
        }
      </td>
      <td class="hours">${formatNumber(hass, item.hours, item.hours < 10 ? 1 : 0)}</td>
      <td class="hashrate">
        ${formatNumber(hass, item.hashrate_ghs / this.unit, this.unit > 1 ? 2 : 0)}
      </td>
      <td class="efficiency">
        ${formatNumber(hass, item.efficiency_j_th, 1)}
        <small
          >${
            item.efficiency_error_j_th === null
              ? nothing
              : `± ${formatNumber(hass, item.efficiency_error_j_th, 1)}`
          }</small
        >
      </td>
      <td class="heat">${formatTemperature(hass, item.asic_temperature_c)}</td>
      <td class="errors">${formatPercent(hass, item.error_rate_percent, 1)}</td>
    </tr>`;
  }

  static override styles = [cardStyles, buttonStyles, sharedStyles, efficiencyStyles];
}

const unitName = (unit: number): string => (unit > 1 ? "TH/s" : "GH/s");

function columnName(
  hass: HomeAssistant,
  name: Name | "vr_heat" | "power" | "rejects" | "expected" | "variation",
): string {
  return localize(hass, `efficiency.column.${name}`);
}
