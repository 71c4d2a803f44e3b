/** A bar of days: for how long a miner hashed, stood still, was gone, or was not watched. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { clockOf, timeFormat } from "../lib/clock";
import { formatNumber, formatPercent } from "../lib/format";
import type { HomeAssistant } from "../lib/hass";
import { fetchUptime } from "../lib/history";
import { localize } from "../lib/i18n";
import type { DayUptime } from "../lib/model";
import { define } from "../lib/register";
import { Reload } from "../lib/reload";
import { baseStyles } from "../lib/styles";

/** What a day is made of, from the bottom of its column to the top. */
const PARTS = ["hashing", "stopped", "offline", "unknown"] as const;
type Part = (typeof PARTS)[number];
type Hours = Record<Part, number>;

/** ms until the history is asked again. */
const REFRESH = 15 * 60_000;
/** % below which a part is not worth naming. */
const LEAST = 0.05;

const hoursOf = (day: DayUptime): Hours => ({
  hashing: day.hashing_hours,
  stopped: day.stopped_hours,
  offline: day.offline_hours,
  unknown: day.unknown_hours,
});

const total = (hours: Hours): number =>
  PARTS.reduce((sum, part) => sum + hours[part], 0);

/** Adds up days. */
export function addUp(days: readonly DayUptime[]): Hours {
  const sum: Hours = { hashing: 0, stopped: 0, offline: 0, unknown: 0 };
  for (const day of days) {
    const hours = hoursOf(day);
    for (const part of PARTS) sum[part] += hours[part];
  }
  return sum;
}

/** Shares in words: hashing 97.2 %, offline 2.8 %. */
export function describeParts(hass: HomeAssistant, hours: Hours): string {
  const all = total(hours);
  return PARTS.filter((part) => (hours[part] / all) * 100 >= LEAST)
    .map(
      (part) =>
        `${localize(hass, `uptime.${part}`)} ${formatPercent(hass, (hours[part] / all) * 100, 1)}`,
    )
    .join(", ");
}

/** The parts of a day in hours: hashing 22.5 h, offline 1.5 h. */
const describeDay = (hass: HomeAssistant, hours: Hours): string =>
  PARTS.filter((part) => hours[part] >= 0.05)
    .map(
      (part) =>
        `${localize(hass, `uptime.${part}`)} ${formatNumber(hass, hours[part], 1)}\u00a0h`,
    )
    .join(", ");

class UptimeBar extends LitElement {
  @property({ attribute: false }) hass!: HomeAssistant;
  /** The miner's device. */
  @property({ attribute: false }) device = "";
  @state() private days: readonly DayUptime[] | undefined;
  /** Whether there is no history to show. */
  @state() private failed = false;
  /** The day that is pointed at. */
  @state() private chosen: number | undefined;
  private asked = "";
  private readonly reload = new Reload(this, () => this.load());

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("device") && this.device !== this.asked) {
      this.days = this.chosen = undefined;
      void this.load();
    }
  }

  private async load(): Promise<void> {
    const { device, hass } = this;
    this.asked = device;
    let days: readonly DayUptime[] | undefined;
    try {
      const { miners } = await fetchUptime(hass, [device]);
      days = miners[0]?.days;
    } catch {
      // There is no recorder, or it is busy: what was known stays.
    }
    if (this.asked !== device) return;
    this.failed = days === undefined;
    this.days = days ?? this.days;
    this.reload.after(REFRESH);
  }

  protected override render() {
    const { hass, days } = this;
    const known = days?.some((day) => day.unknown_hours < total(hoursOf(day)));
    if (days === undefined || known !== true) {
      return html`
        ${this.head(
          this.failed || days !== undefined ? localize(hass, "uptime.empty") : "",
          days?.length,
        )}
        <div class="days"></div>
        <div class="secondary ends">&nbsp;</div>
      `;
    }
    const format = timeFormat(clockOf(hass));
    const shares = describeParts(hass, addUp(days));
    const chosen = this.chosen === undefined ? undefined : days[this.chosen];
    const name = localize(hass, "uptime.title", { count: days.length });
    return html`
      ${this.head(
        chosen === undefined
          ? shares
          : `${format.date(chosen.start)}: ${describeDay(hass, hoursOf(chosen))}`,
        days.length,
      )}
      <div
        class="days"
        role="img"
        aria-label="${name}: ${shares}"
        @pointermove=${this.point}
        @pointerdown=${this.point}
        @pointerleave=${this.leave}
      >
        ${days.map((day, index) => this.column(day, index === this.chosen))}
      </div>
      <div class="secondary ends" aria-hidden="true">
        <span>${format.date(days[0]?.start ?? 0)}</span>
        <span>${localize(hass, "uptime.today")}</span>
      </div>
      <ul class="visually-hidden">
        ${days.map((day) => {
          const hours = hoursOf(day);
          // What is as it should be need not be heard thirty times.
          return hours.hashing >= total(hours) - 0.05
            ? nothing
            : html`<li>${format.date(day.start)}: ${describeDay(hass, hours)}</li>`;
        })}
      </ul>
    `;
  }

  private head(text: string, count = 30) {
    return html`<div class="head">
      <h3>${localize(this.hass, "uptime.title", { count })}</h3>
      <span class="secondary">${text}</span>
    </div>`;
  }

  private column(day: DayUptime, chosen: boolean) {
    const hours = hoursOf(day);
    const all = total(hours);
    return html`<div class="day ${chosen ? "chosen" : ""}">
      ${PARTS.map((part) =>
        hours[part] > 0
          ? html`<i
              class=${part}
              style="flex-grow:${Math.max(hours[part] / all, part === "hashing" ? 0 : 0.06)}"
            ></i>`
          : nothing,
      )}
    </div>`;
  }

  private readonly point = (event: PointerEvent): void => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const count = this.days?.length ?? 0;
    const index = Math.floor(((event.clientX - box.left) / box.width) * count);
    this.chosen = Math.min(Math.max(index, 0), count - 1);
  };

  private readonly leave = (event: PointerEvent): void => {
    // A finger is lifted to read what it has chosen.
    if (event.pointerType === "mouse") this.chosen = undefined;
  };

  static override styles = [
    baseStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        align-items: baseline;
        justify-content: space-between;
      }
      h3 {
        margin: 0;
        font-size: var(--ha-font-size-m, 14px);
        font-weight: var(--ha-font-weight-medium, 500);
      }
      .days {
        display: flex;
        gap: 2px;
        height: 28px;
        margin: 6px 0 2px;
        touch-action: pan-y;
      }
      .day {
        display: flex;
        flex: 1;
        flex-direction: column-reverse;
        overflow: hidden;
        border-radius: 2px;
      }
      .chosen {
        outline: 2px solid var(--primary-text-color);
      }
      i {
        flex-basis: 0;
        forced-color-adjust: none;
      }
      .hashing {
        background: var(--bitaxe-good);
      }
      .stopped {
        background: var(--bitaxe-warn);
      }
      .offline {
        background: var(--bitaxe-bad);
      }
      .unknown {
        background: var(--bitaxe-track);
      }
      .ends {
        display: flex;
        justify-content: space-between;
      }
    `,
  ];
}

define("bitaxe-uptime-bar", UptimeBar);
