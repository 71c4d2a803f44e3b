/** The chart of a comparison, with the choice of figure, span and miners. */

import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { property, state } from "lit/decorators.js";
import { type Trend, type TrendLine, heightAround } from "../../chart/trend";
import { isWhole, type TimeWindow } from "../../chart/zoom";
import { sharedStyles } from "../../lib/card-styles";
import { collatorOf } from "../../lib/collation";
import { clockOf } from "../../lib/clock";
import {
  formatEfficiency,
  formatHashrate,
  formatNumber,
  formatPower,
  formatSpan,
  withUnit,
} from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { fetchSeries } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { MinerSeries, Miner } from "../../lib/model";
import { explain } from "../../lib/reasons";
import { define } from "../../lib/register";
import { Reload } from "../../lib/reload";
import { renderSegments } from "../../lib/segments";
import { baseStyles, buttonStyles } from "../../lib/styles";
import {
  type ComparisonCardConfig,
  type Metric,
  METRICS,
  type Span,
  DEFAULT_SPAN,
  SPANS,
} from "./config";
import {
  chartRoom,
  COLUMN,
  isAdditive,
  linesOf,
  MOST_LINES,
  tableOf,
  totalLine,
} from "./lines";

/** ms until the recorder has a new row, and until it is asked again after a failure. */
const REFRESH = 5 * 60_000;
const RETRY = 30_000;
/** ms for which a window must stand before it is read. */
const ZOOM_STANDS = 400;
const POINTS = 600;
/** px of a row of a dashboard, and of all beside the chart. */
const ROW = 64;
const BESIDE = 122;

class ComparisonView extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) config!: ComparisonCardConfig;
  @property({ attribute: false }) miners!: Readonly<Record<string, Miner>>;
  @state() private metric: Metric | undefined;
  @state() private span: Span | undefined;
  /** Which miners were chosen by hand. */
  @state() private chosen: readonly string[] | undefined;
  @state() private allSeries: readonly MinerSeries[] | undefined;
  @state() private problem = "";
  @state() private window: TimeWindow | undefined;
  private limits: TimeWindow | undefined;
  private asked = "";
  private readonly reload = new Reload(this, () => this.load());

  private get shownMetric(): Metric {
    return this.metric ?? this.config.metric ?? METRICS[0];
  }

  private get shownSpan(): Span {
    return this.span ?? this.config.span ?? DEFAULT_SPAN;
  }

  private get wanted(): string {
    return JSON.stringify([this.shownMetric, this.shownSpan, this.config.miners]);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.wanted !== this.asked) {
      if (changed.has("span")) this.window = this.limits = undefined;
      void this.load();
    }
  }

  private async load(): Promise<void> {
    const asked = this.wanted;
    const { window } = this;
    this.asked = asked;
    let problem = "";
    try {
      const { miners, span } = await fetchSeries(
        this.hass,
        this.shownSpan,
        { columns: [COLUMN[this.shownMetric]], changes: false, points: POINTS },
        this.config.miners?.length ? this.config.miners : undefined,
        window,
      );
      if (asked === this.asked && window === this.window) {
        this.allSeries = miners;
        if (window === undefined) this.limits = limitsOf(span, miners);
      }
    } catch (error) {
      problem = await explain(this.hass, error);
    }
    if (asked === this.asked) {
      this.problem = problem;
      this.reload.after(problem ? RETRY : REFRESH);
    }
  }

  /** Device ids by name: those that can be chosen from. */
  private get available(): string[] {
    const order = collatorOf(this.hass.locale.language);
    return (this.allSeries ?? [])
      .map(({ device_id: id }) => id)
      .sort((a, b) => order.compare(this.nameOf(a), this.nameOf(b)));
  }

  private nameOf(id: string): string {
    return (
      this.miners[id]?.name ??
      this.allSeries?.find(({ device_id: device }) => device === id)?.name ??
      id
    );
  }

  private get shownMiners(): string[] {
    const { available } = this;
    return (
      this.chosen?.filter((id) => available.includes(id)) ??
      available.slice(0, MOST_LINES)
    );
  }

  protected override render(): TemplateResult {
    const { hass, config } = this;
    return html`
      <div class="header">
        <h2 class=${config.total ? "total" : ""}>
          ${config.title ?? localize(hass, config.total ? `comparison.metric.${this.shownMetric}` : "comparison.title")}
        </h2>
        ${
          config.total
            ? nothing
            : renderSegments(
                localize(hass, "comparison.metric_label"),
                METRICS,
                this.shownMetric,
                (value) => localize(hass, `comparison.metric.${value}`),
                (value) => (this.metric = value),
              )
        }
        ${renderSegments(
          localize(hass, "comparison.span_label"),
          SPANS,
          this.shownSpan,
          (value) => formatSpan(hass, value),
          (value) => (this.span = value),
        )}
      </div>
      ${this.renderChart()} ${config.total ? nothing : this.renderChoice()}
    `;
  }

  private renderChart(): TemplateResult {
    const { hass } = this;
    const note = (text: string, role = "status") =>
      html`<div
        class="note secondary"
        role=${role}
        style="min-height:${heightAround(this.room)}px"
      >
        ${text}
      </div>`;
    if (this.problem && this.allSeries === undefined)
      return note(this.problem, "alert");
    if (this.allSeries === undefined || this.limits === undefined) {
      return note(localize(hass, "comparison.loading"));
    }
    const trend = this.makeTrend(this.allSeries, this.limits);
    if (trend.times.length === 0) return note(localize(hass, "comparison.empty"));
    return html`<bitaxe-trend-chart
      .trend=${trend}
      .clock=${clockOf(hass)}
      .label=${localize(hass, "comparison.label", {
        metric: localize(hass, `comparison.metric.${this.shownMetric}`),
      })}
      .room=${this.room}
      @window-changed=${this.onWindow}
    ></bitaxe-trend-chart>`;
  }

  /** px of the chart: it fills a place of fixed height. */
  private get room(): number {
    const rows = this.config.grid_options?.rows;
    return this.config.total && typeof rows === "number"
      ? Math.max(76, rows * ROW - BESIDE)
      : chartRoom(this.clientWidth - 32);
  }

  private makeTrend(allSeries: readonly MinerSeries[], limits: TimeWindow): Trend {
    const { hass, shownMetric: metric } = this;
    const table = tableOf(allSeries, metric);
    const lines: TrendLine[] =
      this.config.total && isAdditive(metric)
        ? [totalLine(table, localize(hass, "comparison.total"))]
        : linesOf(table, this.shownMiners, (id) => this.nameOf(id));
    // The axis is in one unit all along: people read the swarm in TH/s.
    const unit =
      metric === "hashrate" &&
      lines.some(({ values }) => values.some((value) => (value ?? 0) >= 1000))
        ? 1000
        : 1;
    const write: Record<Metric, (value: number) => string> = {
      hashrate: (value) => formatHashrate(hass, value * unit),
      efficiency: (value) => formatEfficiency(hass, value),
      asic: (value) => withUnit(hass, value, "°C", 1),
      vr: (value) => withUnit(hass, value, "°C", 1),
      power: (value) => formatPower(hass, value),
    };
    const axis: Record<Metric, string> = {
      hashrate: unit === 1000 ? "TH/s" : "GH/s",
      efficiency: "J/TH",
      asic: "°C",
      vr: "°C",
      power: "W",
    };
    return {
      ...(this.window ?? limits),
      limits,
      times: table.times,
      panels: [
        {
          title: axis[metric],
          lines: lines.map((line) => ({
            ...line,
            values: line.values.map((value) => value && value / unit),
          })),
          write: write[metric],
          tick: (value, digits) => formatNumber(hass, value, digits),
          robust: metric === "efficiency",
        },
      ],
      marks: [],
    };
  }

  private readonly onWindow = (event: CustomEvent<{ window: TimeWindow }>): void => {
    const { window } = event.detail;
    this.window =
      this.limits === undefined || isWhole(window, this.limits) ? undefined : window;
    this.reload.after(ZOOM_STANDS);
  };

  /** All miners to choose from, where there are more than one. */
  private renderChoice(): TemplateResult | typeof nothing {
    const { hass, available, shownMiners: shown } = this;
    if (available.length < 2) return nothing;
    return html`<div
      class="choice"
      role="group"
      aria-label=${localize(hass, "comparison.miners_label", { count: MOST_LINES })}
    >
      ${available.map((id) => {
        const on = shown.includes(id);
        return html`<button
          aria-pressed=${on ? "true" : "false"}
          ?disabled=${!on && shown.length >= MOST_LINES}
          @click=${() =>
            (this.chosen = on ? shown.filter((other) => other !== id) : [...shown, id])}
        >
          ${this.nameOf(id)}
        </button>`;
      })}
    </div>`;
  }

  static override styles = [
    baseStyles,
    buttonStyles,
    sharedStyles,
    css`
      :host {
        padding: 12px 16px;
        container-type: inline-size;
      }
      /* As the titles of Home Assistant's charts, beside which it stands. */
      h2.total {
        font-size: var(--ha-font-size-xl, 20px);
        font-weight: var(--ha-font-weight-normal, 400);
      }
      @container (min-width: 340px) {
        h2.total {
          font-size: var(--ha-card-header-font-size, var(--ha-font-size-2xl, 24px));
        }
      }
      .header {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: center;
        margin-bottom: 4px;
      }
      h2 {
        flex: 1 1 auto;
        margin: 0;
        font-size: var(--ha-font-size-l, 16px);
        font-weight: var(--ha-font-weight-medium, 500);
      }
      .segments {
        flex-wrap: wrap;
      }
      /* In every language at the same width, for the room that the card keeps. */
      @container (max-width: 449px) {
        h2:not(.total) {
          flex-basis: 100%;
        }
      }
      .note {
        display: grid;
        place-items: center;
        text-align: center;
      }
      .choice {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 8px;
      }
      .choice button {
        min-height: 32px;
        padding: 0 10px;
        font-size: var(--ha-font-size-s, 12px);
        font-weight: var(--ha-font-weight-normal, 400);
        color: var(--secondary-text-color);
        background: var(--bitaxe-track);
      }
      .choice button[aria-pressed="true"] {
        color: var(--primary-text-color);
        background: color-mix(in srgb, var(--bitaxe-accent) 20%, transparent);
      }
    `,
  ];
}

/** The time that was asked for; of all there is, from the first row on. */
function limitsOf(
  { name, start, end }: { name: string; start: string | null; end: string },
  allSeries: readonly MinerSeries[],
): TimeWindow {
  const finish = Date.parse(end) / 1000;
  const first = Math.min(
    ...allSeries.map(({ columns: { time } }) => time[0] ?? finish),
  );
  return {
    start:
      name === "all" || start === null
        ? Math.min(first, finish - 3600)
        : Date.parse(start) / 1000,
    end: finish,
  };
}

define("bitaxe-comparison-view", ComparisonView);
