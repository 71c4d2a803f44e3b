/** The trend of a miner: chooses the span, fetches, and loads the chart when needed. */

import { css, html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { Trend } from "../../chart/trend";
import type { HomeAssistant } from "../../lib/hass";
import { fetchSeries } from "../../lib/history";
import { localize } from "../../lib/i18n";
import type { Course, Miner } from "../../lib/model";
import { explain } from "../../lib/reasons";
import { define } from "../../lib/register";
import { baseStyles } from "../../lib/styles";
import { clockOf } from "../shared";
import { METRICS, SPANS, spanName, type Metric, type TrendSpan } from "./config";
import { sharedStyles } from "./styles";
import { makeTrend, remember, WANTED, type Sample } from "./trend";

/** ms until the recorder has a new row. */
const REFRESH = 5 * 60_000;
/** ms until it is asked again after it did not answer. */
const RETRY = 30_000;

export class MinerTrend extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  @property() device = "";
  @property({ attribute: false }) miner!: Miner;
  @property() span: TrendSpan = "24h";
  @property() metric: Metric = "power";
  /** What was answered last, and for which span. */
  @state() private course: (Course & { span: string }) | undefined;
  @state() private problem = "";
  @state() private samples: readonly Sample[] = [];
  private trend: Trend | undefined;
  private asked = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.asked !== "") {
      // Home Assistant keeps views that are left: much may have happened meanwhile.
      void this.load();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("device")) {
      this.course = undefined;
      this.samples = [];
    }
    if (changed.has("miner")) {
      this.samples = remember(this.samples, this.miner, Date.now() / 1000);
    }
    if (`${this.device} ${this.span}` !== this.asked) {
      void this.load();
    }
    if (
      this.course !== undefined &&
      ["course", "samples", "metric", "hass"].some((name) => changed.has(name))
    ) {
      this.trend = makeTrend(
        this.hass,
        this.course,
        this.samples,
        this.course.span,
        this.metric,
        Date.now() / 1000,
      );
    }
  }

  private async load(): Promise<void> {
    const { device, span } = this;
    const asked = `${device} ${span}`;
    this.asked = asked;
    let problem = "";
    try {
      const { miners } = await fetchSeries(this.hass, span, WANTED, [device]);
      if (this.asked === asked) {
        this.course = miners[0] && { ...miners[0], span };
      }
    } catch (error) {
      problem = await explain(this.hass, error);
    }
    if (this.asked === asked) {
      this.problem = problem;
      clearTimeout(this.timer);
      if (this.isConnected) {
        this.timer = setTimeout(() => void this.load(), problem ? RETRY : REFRESH);
      }
    }
  }

  override render() {
    const { hass } = this;
    return html`
      <div class="bar">
        <h3>${localize(hass, "miner.trend.title")}</h3>
        ${this.group("miner.trend.third", METRICS, this.metric, (value) =>
          localize(hass, `miner.reading.${value}`),
        )}
        ${this.group("miner.trend.span", SPANS, this.span, (value) =>
          spanName(hass, value),
        )}
      </div>
      ${this.chart()}
    `;
  }

  private group<T extends Metric | TrendSpan>(
    label: "miner.trend.third" | "miner.trend.span",
    options: readonly T[],
    chosen: T,
    name: (value: T) => string,
  ) {
    return html`<div
      class="segments"
      role="group"
      aria-label=${localize(this.hass, label)}
    >
      ${options.map(
        (value) =>
          html`<button
            aria-pressed=${value === chosen}
            @click=${() => {
              if (label === "miner.trend.span") this.span = value as TrendSpan;
              else this.metric = value as Metric;
            }}
          >
            ${name(value)}
          </button>`,
      )}
    </div>`;
  }

  private chart() {
    const { hass, trend } = this;
    const note = (text: string, role = "status") =>
      html`<div class="note" role=${role}>${text}</div>`;
    // What was answered before is worth more than why there is nothing new.
    if (this.problem && this.course?.span !== this.span) {
      return note(this.problem, "alert");
    }
    if (this.course === undefined || trend === undefined) {
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
      h3 {
        margin-inline-end: auto;
      }
      .note {
        display: grid;
        place-items: center;
        min-height: 220px;
        padding: 0 16px;
        text-align: center;
        color: var(--secondary-text-color);
      }
    `,
  ];
}

define("bitaxe-miner-trend", MinerTrend);
