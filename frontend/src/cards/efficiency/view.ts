/** The advice, the map and the table of a miner, once its history is read. */

import {
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import type { OperatingPointMap } from "../../chart/map";
import { applyConfiguration } from "../../lib/actions";
import { confirm } from "../../lib/confirm";
import { showToast } from "../../lib/events";
import { localizeCount } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { fetchConfigurations } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { Miner, MinerConfigurations, OperatingPoint } from "../../lib/model";
import { explain } from "../../lib/reasons";
import { define } from "../../lib/register";
import { Reload } from "../../lib/reload";
import { report } from "../../lib/unmeasured";
import { strainsOf } from "../../lib/warnings";
import { buttonStyles, baseStyles } from "../../lib/styles";
import { isSamePoint, operatingPointOf, pointName } from "../../lib/operating-point";
import { pointColors, sharedStyles } from "../../lib/card-styles";
import { problemStyles, renderProblem } from "../../lib/problem";
import { mergeGoals, renderAdvice } from "./advice";
import { DEFAULTS, type EfficiencyCardConfig } from "./config";
import { makeMap } from "./describe";
import { renderDetail } from "./detail";
import { FIRST_SORT, makePoints, type Point } from "./points";
import { efficiencyStyles } from "./styles";
import { renderTable, type TableState } from "./table";
import { applyQuestion, describeLacks } from "./words";

/** ms until the analysis is asked again, after an answer and without one. */
const REFRESH = 10 * 60_000;
const RETRY = 30_000;

class EfficiencyView extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) config!: EfficiencyCardConfig;
  /** The miner, unless it is not set up at the moment: its history stays. */
  @property({ attribute: false }) miner: Miner | undefined;
  /** Whether anything that is done now would be done now. */
  @property({ attribute: false }) connected = true;
  /** px that are kept for what is being read. */
  @property({ attribute: false }) room = 0;
  @state() private result: MinerConfigurations | undefined;
  /** Which figures are unknown, and why. */
  @state() private lacks: string[] = [];
  @state() private currency = "";
  @state() private problem = "";
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
  private strained: boolean | undefined;
  private readonly reload = new Reload(this, () => this.load());
  private points: Point[] = [];
  private map: OperatingPointMap | undefined;

  protected override willUpdate(changed: PropertyValues): void {
    if (this.wanted !== this.asked) {
      this.result = this.pending = undefined;
      this.choose({ chosen: undefined });
      void this.load();
    }
    this.followPresent();
    this.followStrains();
    if (["result", "miner", "hass"].some((name) => changed.has(name))) {
      this.points = this.result ? makePoints(this.result, this.present) : [];
      const map = makeMap(this.hass, this.points);
      // A miner that reports no power has points, but none with a place on the map.
      this.map = map.points.length > 0 ? map : undefined;
    }
  }

  /** Which history is wanted. */
  private get wanted(): string {
    return `${this.config.device_id ?? ""} ${this.config.span ?? DEFAULTS.span}`;
  }

  /** What the miner runs at: the live data know of a change first. */
  private get present(): OperatingPoint | null {
    const { miner } = this;
    return (miner && operatingPointOf(miner)) ?? this.result?.present ?? null;
  }

  /** Asks again once the miner runs at something else: the advice is about a change. */
  private followPresent(): void {
    const { present, result } = this;
    if (
      result === undefined ||
      present === null ||
      isSamePoint(present, result.present)
    ) {
      return;
    }
    const name = `${present.frequency_mhz}/${present.core_voltage_mv}`;
    if (name !== this.followed) {
      this.followed = name;
      void this.load(0);
    }
  }

  /** Asks anew when advice has to wait, or has not any more. */
  private followStrains(): void {
    if (this.miner === undefined) return;
    const before = this.strained;
    this.strained = strainsOf(this.hass, this.miner).length > 0;
    if (before !== undefined && before !== this.strained) void this.load(0);
  }

  private async load(seconds?: number): Promise<void> {
    const asked = this.wanted;
    this.asked = asked;
    const { device_id: id = "", span = DEFAULTS.span } = this.config;
    let problem = "";
    try {
      const { miners, currency } = await fetchConfigurations(
        this.hass,
        [id],
        span,
        seconds,
      );
      const lacks = await describeLacks(this.hass, miners[0]?.missing_figures ?? []);
      if (this.asked === asked) {
        this.result = miners[0];
        this.lacks = lacks;
        this.currency = currency;
        report(
          id,
          miners[0] !== undefined && makePoints(miners[0], this.present).length > 0,
        );
      }
    } catch (error) {
      problem = await explain(this.hass, error);
    }
    if (this.asked === asked) {
      this.problem = problem;
      this.reload.after(problem ? RETRY : REFRESH);
    }
  }

  private subtitle(hass: HomeAssistant): string {
    const known = localizeCount(hass, "efficiency.subtitle", this.points.length);
    return this.present === null
      ? known
      : `${known} · ${localize(hass, "efficiency.present")} ${pointName(hass, this.present)}`;
  }

  override render() {
    const { hass, config } = this;
    // What was answered before is worth more than why there is nothing new.
    if (this.problem && this.result === undefined) {
      return html`
        <div class="empty">
          ${renderProblem(this.problem)}
          <button class="tonal" @click=${() => void this.load()}>
            ${localize(hass, "efficiency.retry")}
          </button>
        </div>
      `;
    }
    const { result } = this;
    if (result === undefined || this.points.length === 0) {
      // Beside miners with a history, one without has a line and no empty box.
      return html`<div
        class="line secondary"
        role="status"
        style="min-height:${result ? 0 : this.room}px"
      >
        <ha-icon
          .icon=${result ? "mdi:chart-scatter-plot" : "mdi:timer-sand"}
        ></ha-icon>
        <div>
          ${localize(hass, result ? "efficiency.empty" : "efficiency.loading")}
          ${this.renderLacks()}
        </div>
      </div>`;
    }
    const button = (point: OperatingPoint) => this.applyButton(hass, point);
    const wanted = this.hovered ?? this.table.chosen;
    const detail = renderDetail(
      hass,
      this.points.find(({ configuration }) => isSamePoint(configuration, wanted)),
      button,
    );
    const drawn = config.map ? this.map : undefined;
    const advice = {
      present: this.present,
      currency: this.currency,
      problems: this.miner === undefined ? [] : strainsOf(hass, this.miner),
      button,
      onChoose: (chosen: OperatingPoint) => this.choose({ chosen }),
    };
    return html`
      <div class="secondary subtitle">${this.subtitle(hass)}</div>
      ${
        config.advice
          ? html`<div class="advice">
                ${mergeGoals(result.recommendations).map(({ goals, recommendation }) =>
                  renderAdvice(hass, goals, recommendation, advice),
                )}
              </div>
              <div class="secondary">
                ${localize(hass, "efficiency.advice.assumes")}
              </div>`
          : nothing
      }
      ${renderProblem(this.applyProblem)}
      <div class="columns ${drawn && config.table ? "both" : ""}">
        ${drawn ? this.renderMap(hass, result, drawn, detail) : nothing}
        ${
          config.table
            ? html`<div class="table">
                ${renderTable(hass, result.name, this.points, this.table, (change) =>
                  this.choose(change),
                )}
                ${drawn ? nothing : detail}
              </div>`
            : nothing
        }
      </div>
      ${this.renderLacks()}
    `;
  }

  private choose(change: Partial<TableState>): void {
    this.table = { ...this.table, ...change };
    this.hovered = undefined;
    this.applyProblem = "";
  }

  private renderLacks() {
    return this.lacks.map((lack) => html`<div class="secondary">${lack}</div>`);
  }

  private applyButton(hass: HomeAssistant, point: OperatingPoint) {
    const { miner } = this;
    if (
      !this.config.apply ||
      !miner?.can_control ||
      miner.entities.frequency === undefined
    ) {
      return nothing;
    }
    const pending = isSamePoint(this.pending, point);
    return html`<button
      class="tonal"
      ?disabled=${this.pending !== undefined || !miner.online || !this.connected}
      @click=${() => void this.apply(hass, point)}
    >
      ${localize(hass, pending ? "miner.control.pending" : "efficiency.apply.button")}
    </button>`;
  }

  private async apply(hass: HomeAssistant, wanted: OperatingPoint): Promise<void> {
    const configuration = this.points.find((point) =>
      isSamePoint(point.configuration, wanted),
    )?.configuration;
    if (configuration === undefined) {
      return;
    }
    const { device_id: id = "" } = this.config;
    const name = this.miner?.name ?? "";
    const change =
      Object.values(this.result?.recommendations ?? {}).find(({ best }) =>
        isSamePoint(best, wanted),
      )?.change ?? null;
    const shown = this.present;
    const sure = await confirm(hass, {
      ...applyQuestion(
        hass,
        name,
        configuration,
        this.points.find((point) => point.present)?.configuration,
        shown,
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
    let problem = "";
    try {
      await applyConfiguration(hass, id, wanted, shown ?? {});
      const setting = pointName(hass, wanted);
      showToast(this, localize(hass, "efficiency.apply.done", { name, setting }));
      // What is advised depends on what the miner runs at.
      await this.load(0);
    } catch (error) {
      problem = await explain(hass, error);
    }
    if (this.config.device_id === id) {
      this.pending = undefined;
      this.applyProblem = problem;
    }
  }

  private renderMap(
    hass: HomeAssistant,
    result: MinerConfigurations,
    map: OperatingPointMap,
    detail: TemplateResult,
  ) {
    return html`<div class="map">
      <div class="legend secondary" aria-hidden="true">
        <span><i class="best"></i>${localize(hass, "efficiency.best")}</span>
        <span><i class="now"></i>${localize(hass, "efficiency.present")}</span>
        <span><i class="line"></i>${localize(hass, "efficiency.front")}</span>
      </div>
      <bitaxe-map-chart
        .map=${map}
        .selected=${map.points.findIndex(({ id }) => isSamePoint(id, this.table.chosen))}
        .label=${localize(hass, "efficiency.map_label", { name: result.name })}
        @point-selected=${this.onPoint}
      ></bitaxe-map-chart>
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

  static override styles = [
    baseStyles,
    buttonStyles,
    sharedStyles,
    problemStyles,
    pointColors,
    efficiencyStyles,
  ];
}

define("bitaxe-efficiency-view", EfficiencyView);
