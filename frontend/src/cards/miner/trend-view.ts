/** The trend of a miner: chooses the span, fetches, and loads the chart when needed. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { trendAsCsv, trendAsPicture } from "../../chart/export";
import { timeTicks } from "../../chart/time";
import { type Trend, type TrendChart, trendHeight } from "../../chart/trend";
import { isWhole, type TimeWindow } from "../../chart/zoom";
import { download } from "../../lib/download";
import { formatNumber, formatSpan } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { loadWords } from "../../lib/timeline-text";
import { fetchSeries, fetchTimeline } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { MinerSeries, Miner } from "../../lib/model";
import { explain } from "../../lib/reasons";
import { define } from "../../lib/register";
import { Reload } from "../../lib/reload";
import { renderSegments } from "../../lib/segments";
import { baseStyles } from "../../lib/styles";
import { clockOf, timeFormat } from "../../lib/clock";
import { METRICS, SPANS, type Metric, type TrendSpan } from "./config";
import { sharedStyles } from "../../lib/card-styles";
import {
  limitsOf,
  makeTrend,
  marksOf,
  addSample,
  WANTED,
  type Sample,
  type TrendMark,
} from "./trend";

/** ms until the recorder has a new row. */
const REFRESH = 5 * 60_000;
/** ms until it is asked again after it did not answer. */
const RETRY = 30_000;
/** ms for which a window must stand before it is read. */
const ZOOM_STANDS = 400;
type ToolName =
  "earlier" | "later" | "zoom_in" | "zoom_out" | "save_picture" | "save_table";
/** Panels of a trend, for which room is kept. */
const PANELS = 3;
/** px of the buttons below it. */
const TOOLS = 40;

class MinerTrend extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property() device = "";
  @property({ attribute: false }) miner!: Miner;
  @property() span: TrendSpan = "24h";
  @property() metric: Metric = "power";
  /** What was answered last, and for which span. */
  @state() private minerSeries:
    (MinerSeries & { span: string; whole: boolean }) | undefined;
  @state() private problem = "";
  @state() private samples: readonly Sample[] = [];
  @state() private marks: readonly TrendMark[] = [];
  /** What of the span is looked at; all of it without. */
  @state() private window: TimeWindow | undefined;
  private limits: TimeWindow | undefined;
  private trend: Trend | undefined;
  private asked = "";
  private readonly reload = new Reload(this, () => this.load());

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("device") || changed.has("span")) {
      this.window = this.limits = undefined;
    }
    if (changed.has("device")) {
      this.minerSeries = undefined;
      this.samples = [];
      this.marks = [];
    }
    if (changed.has("miner")) {
      this.samples = addSample(this.samples, this.miner, Date.now() / 1000);
    }
    if (`${this.device} ${this.span}` !== this.asked) {
      void this.load();
    }
    if (
      this.minerSeries !== undefined &&
      ["minerSeries", "samples", "metric", "hass", "marks", "window"].some((name) =>
        changed.has(name),
      )
    ) {
      const now = Date.now() / 1000;
      if (this.limits === undefined || this.minerSeries.whole) {
        this.limits = limitsOf(this.minerSeries.span, this.minerSeries, now);
      }
      this.trend = makeTrend(
        this.hass,
        this.minerSeries,
        this.samples,
        this.minerSeries.span,
        this.metric,
        now,
        this.marks,
        { limits: this.limits, window: this.window },
      );
    }
  }

  private async load(): Promise<void> {
    const { device, span, window } = this;
    const asked = `${device} ${span}`;
    this.asked = asked;
    void this.loadMarks(device, span);
    let problem = "";
    try {
      const { miners } = await fetchSeries(this.hass, span, WANTED, [device], window);
      if (this.asked === asked && this.window === window) {
        const whole = window === undefined;
        this.minerSeries = miners[0] && { ...miners[0], span, whole };
      }
    } catch (error) {
      problem = await explain(this.hass, error);
    }
    if (this.asked === asked) {
      this.problem = problem;
      this.reload.after(problem ? RETRY : REFRESH);
    }
  }

  /** What happened is marked as well; without it the trend is as good. */
  private async loadMarks(device: string, span: string): Promise<void> {
    const { hass } = this;
    try {
      const [{ items }, words] = await Promise.all([
        fetchTimeline(hass, span, { devices: [device] }),
        loadWords(hass),
      ]);
      if (this.asked === `${device} ${span}`) this.marks = marksOf(hass, items, words);
    } catch {
      // An integration that is older than the page knows no timeline.
    }
  }

  override render() {
    const { hass } = this;
    return html`
      <div class="bar">
        <h3>${localize(hass, "miner.trend.title")}</h3>
        ${renderSegments(
          localize(hass, "miner.trend.third"),
          METRICS,
          this.metric,
          (value) => localize(hass, `miner.reading.${value}`),
          (value) => (this.metric = value),
        )}
        ${renderSegments(
          localize(hass, "miner.trend.span"),
          SPANS,
          this.span,
          (value) => formatSpan(hass, value),
          (value) => (this.span = value),
        )}
      </div>
      ${this.chart()} ${this.trend === undefined ? nothing : this.tools()}
    `;
  }

  private readonly onWindow = (event: CustomEvent<{ window: TimeWindow }>): void => {
    const { window } = event.detail;
    this.window =
      this.limits === undefined || isWhole(window, this.limits) ? undefined : window;
    // What is zoomed into is read anew: the closer, the finer.
    this.reload.after(ZOOM_STANDS);
  };

  private get chartElement(): TrendChart | null {
    return this.renderRoot.querySelector("bitaxe-trend-chart");
  }

  /** Buttons for those who have neither wheel nor keys, and what is shown as a file. */
  private tools() {
    const { hass } = this;
    const tool = (name: ToolName, icon: string, act: () => void, disabled = false) =>
      html`<button
        title=${localize(hass, `miner.trend.${name}`)}
        aria-label=${localize(hass, `miner.trend.${name}`)}
        ?disabled=${disabled}
        @click=${act}
      >
        <ha-icon .icon=${icon}></ha-icon>
      </button>`;
    const whole = this.window === undefined;
    const zoom = (factor: number) => () => this.chartElement?.zoom(factor);
    const pan = (share: number) => () => this.chartElement?.pan(share);
    return html`<div class="tools">
      ${tool("earlier", "mdi:chevron-left", pan(-0.5), whole)}
      ${tool("later", "mdi:chevron-right", pan(0.5), whole)}
      ${tool("zoom_in", "mdi:magnify-plus-outline", zoom(0.5))}
      ${tool("zoom_out", "mdi:magnify-minus-outline", zoom(2), whole)}
      ${tool("save_picture", "mdi:image-outline", () => void this.savePicture())}
      ${tool("save_table", "mdi:table-arrow-down", () => this.saveTable())}
    </div>`;
  }

  private get fileName(): string {
    return `${this.miner.name} ${new Date().toISOString().slice(0, 16).replace(":", "")}`;
  }

  private saveTable(): void {
    if (this.trend === undefined) return;
    const table = trendAsCsv(this.trend, {
      decimalMark: formatNumber(this.hass, 0.5, 1).includes(",") ? "," : ".",
      offset: timeFormat(clockOf(this.hass)).offset,
    });
    download(new Blob(["\ufeff", table], { type: "text/csv" }), `${this.fileName}.csv`);
  }

  private async savePicture(): Promise<void> {
    const { trend } = this;
    if (trend === undefined) return;
    const style = getComputedStyle(this);
    const probe = document.createElement("span");
    this.renderRoot.append(probe);
    const resolve = (color: string): string => {
      probe.style.color = color;
      return getComputedStyle(probe).color;
    };
    const picture = await trendAsPicture(
      trend,
      this.miner.name,
      timeTicks(trend.start, trend.end, 10, timeFormat(clockOf(this.hass))),
      {
        background: resolve("var(--card-background-color, #fff)"),
        text: resolve("var(--primary-text-color)"),
        faint: resolve("var(--secondary-text-color)"),
        font: style.fontFamily,
        resolve,
      },
    );
    probe.remove();
    if (picture !== null) download(picture, `${this.fileName}.png`);
  }

  private chart() {
    const { hass, trend } = this;
    const note = (text: string, role = "status") =>
      html`<div
        class="note"
        role=${role}
        style="min-height:${trendHeight(this.clientWidth, PANELS) + TOOLS}px"
      >
        ${text}
      </div>`;
    // What was answered before is worth more than why there is nothing new.
    if (this.problem && this.minerSeries?.span !== this.span) {
      return note(this.problem, "alert");
    }
    if (this.minerSeries === undefined || trend === undefined) {
      return note(localize(hass, "miner.trend.loading"));
    }
    if (trend.panels.length === 0) {
      return note(localize(hass, "miner.trend.empty"));
    }
    return html`<bitaxe-trend-chart
      .trend=${trend}
      .clock=${clockOf(hass)}
      .label=${localize(hass, "miner.trend.label", { name: this.miner.name })}
      .hint=${localize(hass, "miner.trend.changed")}
      @window-changed=${this.onWindow}
    ></bitaxe-trend-chart>`;
  }

  static override styles = [
    baseStyles,
    sharedStyles,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        margin-bottom: 4px;
      }
      .segments {
        flex-wrap: wrap;
      }
      .tools {
        display: flex;
        gap: 4px;
        justify-content: flex-end;
        min-height: 40px;
      }
      .tools button {
        display: grid;
        place-items: center;
        width: 40px;
        height: 40px;
        padding: 0;
        border: none;
        border-radius: 50%;
        color: var(--secondary-text-color);
        background: none;
        cursor: pointer;
        --mdc-icon-size: 20px;
      }
      .tools button:disabled {
        cursor: default;
        opacity: 0.4;
      }
      h3 {
        margin-inline-end: auto;
      }
      .note {
        display: grid;
        place-items: center;
        padding: 0 16px;
        text-align: center;
        color: var(--secondary-text-color);
      }
    `,
  ];
}

define("bitaxe-miner-trend", MinerTrend);
