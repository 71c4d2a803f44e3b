/** Which setting of a miner hashes best per joule, and what a change would bring. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { state } from "lit/decorators.js";
import type { OperatingPointMap } from "../../chart/map";
import { applyConfiguration } from "../../lib/actions";
import { BitaxeCard } from "../../lib/base-card";
import { confirm } from "../../lib/confirm";
import { showToast } from "../../lib/events";
import type { ConfigForm, GridOptions, HomeAssistant } from "../../lib/hass";
import { fetchConfigurations } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { LiveData } from "../../lib/live";
import type { MinerConfigurations, OperatingPoint } from "../../lib/model";
import { buttonStyles, cardStyles } from "../../lib/styles";
import { firstMiner } from "../miner/config";
import { pointName } from "../miner/readings";
import { sharedStyles } from "../miner/styles";
import { loadCharts, messageOf } from "../shared";
import { renderAdvice } from "./advice";
import { DEFAULTS, efficiencyForm, type EfficiencyCardConfig } from "./config";
import { makeMap } from "./describe";
import { renderDetail } from "./detail";
import { FIRST_SORT, isSame, makePoints, type Point } from "./points";
import { efficiencyStyles } from "./styles";
import { renderTable, type TableState } from "./table";
import { applyQuestion, GOALS } from "./words";

/** ms until the analysis is asked again. */
const REFRESH = 10 * 60_000;

export class EfficiencyCard extends BitaxeCard<EfficiencyCardConfig> {
  @state() private result: MinerConfigurations | undefined;
  @state() private currency = "";
  @state() private problem = "";
  @state() private chartProblem = "";
  @state() private chartsReady = false;
  @state() private table: TableState = {
    sort: FIRST_SORT,
    unfolded: false,
    chosen: undefined,
  };
  /** What the pointer is on. */
  @state() private hovered: OperatingPoint | undefined;
  /** What is being applied. */
  @state() private pending: OperatingPoint | undefined;
  @state() private applyProblem = "";
  private asked = "";
  private followed = "";
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
      this.result = undefined;
      this.choose({ chosen: undefined });
      void this.load();
    }
    this.followPresent();
    if (config.map && !this.chartsReady && !this.chartProblem) {
      loadCharts().then(
        () => (this.chartsReady = true),
        (error: unknown) => (this.chartProblem = messageOf(hass, error)),
      );
    }
    this.points = this.result ? makePoints(this.result, this.present) : [];
    if (["result", "live", "hass", "config"].some((name) => changed.has(name))) {
      this.map = this.points.length > 0 ? makeMap(hass, this.points) : undefined;
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

  /** Asks again once the miner runs at something else: the advice is about a change. */
  private followPresent(): void {
    const { present, result } = this;
    if (result === undefined || present === null || isSame(present, result.present)) {
      return;
    }
    const name = `${present.frequency_mhz}/${present.core_voltage_mv}`;
    if (name !== this.followed) {
      this.followed = name;
      void this.load(0);
    }
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
    const button = (point: OperatingPoint) => this.applyButton(hass, point);
    const wanted = this.hovered ?? this.table.chosen;
    const detail = renderDetail(
      hass,
      this.points.find(({ configuration }) => isSame(configuration, wanted)),
      button,
    );
    const advice = {
      present: this.present,
      currency: this.currency,
      button,
      onChoose: (chosen: OperatingPoint) => this.choose({ chosen }),
    };
    return html`
      ${
        config.advice
          ? html`<div class="advice">
              ${GOALS.map((goal) => {
                const recommendation = result.recommendations[goal];
                return (
                  recommendation && renderAdvice(hass, goal, recommendation, advice)
                );
              })}
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
      <div class="columns ${config.map && config.table ? "both" : ""}">
        ${config.map ? this.renderMap(hass, result, detail) : nothing}
        ${
          config.table
            ? html`<div class="table">
                ${renderTable(hass, result.name, this.points, this.table, (change) =>
                  this.choose(change),
                )}
                ${config.map ? nothing : detail}
              </div>`
            : nothing
        }
      </div>
      ${this.missing(result)}
    `;
  }

  private choose(change: Partial<TableState>): void {
    this.table = { ...this.table, ...change };
    this.hovered = undefined;
    this.applyProblem = "";
  }

  private missing(result: MinerConfigurations | undefined) {
    return (result?.missing ?? []).map(
      (reason) => html`<div class="secondary">${reason}</div>`,
    );
  }

  private applyButton(hass: HomeAssistant, point: OperatingPoint) {
    const miner = this.live?.miners[this.config?.device_id ?? ""];
    if (
      !this.config?.apply ||
      !miner?.can_control ||
      !("frequency" in miner.entities)
    ) {
      return nothing;
    }
    const pending = isSame(this.pending, point);
    return html`<button
      class="tonal"
      ?disabled=${this.pending !== undefined || !miner.online}
      @click=${() => void this.apply(hass, point)}
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

  private renderMap(
    hass: HomeAssistant,
    result: MinerConfigurations,
    detail: TemplateResult,
  ) {
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
              .selected=${map.points.findIndex(({ id }) => isSame(id, this.table.chosen))}
              .label=${localize(hass, "efficiency.map_label", { name: result.name })}
              @point-selected=${this.onPoint}
            ></bitaxe-map-chart>`
          : html`<div class="waiting"></div>`
      }
      <div class="secondary">${localize(hass, "efficiency.area")}</div>
      ${detail}
    </div>`;
  }

  private readonly onPoint = (
    event: CustomEvent<{ index: number; chosen: boolean }>,
  ): void => {
    const { index, chosen } = event.detail;
    const point = this.map?.points[index]?.id;
    if (chosen) {
      this.choose({ chosen: point });
    }
    this.hovered = point;
  };

  static override styles = [cardStyles, buttonStyles, sharedStyles, efficiencyStyles];
}
