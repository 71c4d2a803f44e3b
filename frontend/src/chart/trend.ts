/** The course of a few figures over shared time, one panel below the other. */

import { css, html, nothing, svg } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { define } from "../lib/register";
import { ChartElement } from "./element";
import { bounds, linear, numberTicks, usualMost } from "./scale";
import type { Scale } from "./scale";
import { linePath, nearest } from "./thin";
import type { Column } from "./thin";
import { timeFormat, timeTicks } from "./time";
import type { Clock } from "./time";

export interface TrendLine {
  label: string;
  /** CSS colour. */
  color: string;
  /** As many as there are times; null is unknown. */
  values: Column;
  dashed?: boolean;
  /** Whether the area below is tinted. */
  filled?: boolean;
}

export interface TrendPanel {
  title: string;
  lines: TrendLine[];
  /** Write a value with its unit. */
  write(value: number): string;
  /** Write a tick of the axis. */
  tick(value: number, decimals: number): string;
  /** Cut off rare peaks that would flatten everything else. */
  robust?: boolean;
}

export interface Trend {
  /** Unix time in s, as all times here. */
  start: number;
  end: number;
  times: readonly number[];
  panels: TrendPanel[];
  /** Moments worth a line, with what happened. */
  marks: readonly { time: number; label: string }[];
}

interface Drawn {
  height: number;
  y: Scale;
  ticks: { at: number; label: string }[];
  lines: { path: string; area: string }[];
}

const LEFT = 44;
const RIGHT = 8;
const TOP = 6;
const FOOT = 22;
const MARK_REACH = 8;
/** Less than this share of the values is noise. */
const LEAST_SHARE = 0.06;

export class TrendChart extends ChartElement {
  static override properties = {
    trend: { attribute: false },
    clock: { attribute: false },
    label: {},
    hint: {},
    _index: { state: true },
  };

  declare trend?: Trend;
  declare clock: Clock;
  /** What a screen reader calls it. */
  declare label: string;
  /** What the marks are. */
  declare hint: string;
  declare _index: number;

  private _drawn: Drawn[] = [];
  private _x: Scale = linear(0, 1, 0, 1);

  constructor() {
    super();
    this.label = this.hint = "";
    this._index = -1;
  }

  protected override willUpdate(changed: PropertyValues): void {
    const old = changed.get("trend") as Trend | undefined;
    if (old && this.trend && this._index >= 0) {
      // Keep the hand on the same moment while new values come in.
      this._index = nearest(this.trend.times, old.times[this._index] ?? 0);
    }
    if (changed.has("trend") || changed.has("_width")) this._draw();
  }

  private _draw(): void {
    if (!this.trend || !this._width) return;
    const { start, end, times, panels } = this.trend;
    const right = this._width - RIGHT;
    const x = linear(start, end, LEFT, right);
    const slices = Math.max(60, Math.floor((right - LEFT) / 2));
    this._x = x;
    this._drawn = panels.map((panel, number) => {
      const height = Math.round(
        Math.min(Math.max(this._width * 0.2, 76), 130) * (number ? 0.8 : 1.15),
      );
      const known = panel.lines.flatMap(({ values }) =>
        values.filter((value): value is number => value !== null),
      );
      const [low, high] = bounds(
        known,
        panel.robust ? usualMost(known) : undefined,
        LEAST_SHARE,
      ) ?? [0, 1];
      const y = linear(low, high, height - TOP, TOP);
      const { values, decimals } = numberTicks(low, high, height > 90 ? 5 : 4);
      return {
        height,
        y,
        ticks: known.length
          ? values.map((value) => ({
              at: y(value),
              label: panel.tick(value, decimals),
            }))
          : [],
        lines: panel.lines.map((line) => {
          const path = linePath(times, line.values, x, y, slices);
          return { path, area: line.filled ? areaBelow(path, height - TOP) : "" };
        }),
      };
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { trend } = this;
    if (!trend || !this._width) return nothing;
    const format = timeFormat(this.clock);
    const time = trend.times[this._index];
    const mark = time === undefined ? undefined : this._markNear(time);
    const spoken =
      time === undefined
        ? this.label
        : [
            format.moment(time),
            ...trend.panels.flatMap((panel) =>
              panel.lines.map(
                (line) => `${line.label || panel.title} ${this._read(panel, line)}`,
              ),
            ),
            ...(mark ? [mark.label] : []),
          ].join(", ");
    return html`<div
        class="plot"
        role="slider"
        tabindex="0"
        aria-label=${this.label}
        aria-valuemin="0"
        aria-valuemax=${Math.max(trend.times.length - 1, 0)}
        aria-valuenow=${this._index < 0 ? trend.times.length - 1 : this._index}
        aria-valuetext=${spoken}
        @pointermove=${this._point}
        @pointerdown=${this._point}
        @pointerleave=${this._leave}
        @keydown=${this._key}
        @blur=${this._leave}
      >
        ${trend.panels.map((panel, number) =>
          this._panel(panel, this._drawn[number], number),
        )}
        ${this._axis(time)}
      </div>
      <div class="note">
        ${
          mark
            ? html`<b>${format.moment(mark.time)}</b> ${mark.label}`
            : trend.marks.length
              ? html`<i></i>${this.hint}`
              : nothing
        }
      </div>`;
  }

  private _panel(
    panel: TrendPanel,
    drawn: Drawn | undefined,
    number: number,
  ): TemplateResult | typeof nothing {
    if (!drawn || !this.trend) return nothing;
    const right = this._width - RIGHT;
    const time = this.trend.times[this._index];
    return html`<div class="head">
        <span class="title">${panel.title}</span>
        <span class="keys"
          >${panel.lines.map(
            (line) =>
              html`<span class="key"
                ><svg width="14" height="8" aria-hidden="true">
                  <path
                    d="M1 4H13"
                    stroke=${line.color}
                    class=${line.dashed ? "dashed" : ""}
                  /></svg
                >${line.label} <b>${this._read(panel, line)}</b></span
              >`,
          )}</span
        >
      </div>
      <svg
        width=${this._width}
        height=${drawn.height}
        aria-hidden="true"
        data-panel=${number}
      >
        ${drawn.ticks.map(
          ({ at, label }) =>
            svg`<line class="grid" x1=${LEFT} x2=${right} y1=${at} y2=${at} /><text x=${LEFT - 6} y=${at + 4} text-anchor="end">${label}</text>`,
        )}
        ${this.trend.marks.map(({ time: at }) => {
          const x = this._x(at);
          return svg`<line class="mark" x1=${x} x2=${x} y1=${TOP} y2=${drawn.height - TOP} />`;
        })}
        ${panel.lines.map((line, index) => {
          const { path, area } = drawn.lines[index] ?? { path: "", area: "" };
          return svg`${area ? svg`<path class="area" d=${area} style="fill:${line.color}" />` : nothing}<path class=${line.dashed ? "dashed" : ""} d=${path} stroke=${line.color} />`;
        })}
        ${
          time === undefined
            ? nothing
            : svg`<line class="hand" x1=${this._x(time)} x2=${this._x(time)} y1="0" y2=${drawn.height} />${panel.lines.map(
                (line) => {
                  const value = line.values[this._index] ?? null;
                  return value === null
                    ? nothing
                    : svg`<circle cx=${this._x(time)} cy=${drawn.y(value)} r="3.5" fill=${line.color} />`;
                },
              )}`
        }
      </svg>`;
  }

  private _axis(time: number | undefined): TemplateResult | typeof nothing {
    if (!this.trend) return nothing;
    const { start, end, marks } = this.trend;
    const format = timeFormat(this.clock);
    const room = this._width - LEFT - RIGHT;
    const half = end - start > 86_400 ? 56 : 38;
    const flag =
      time === undefined
        ? 0
        : Math.min(Math.max(this._x(time), half), Math.max(this._width - half, half));
    return html`<svg width=${this._width} height=${FOOT} aria-hidden="true">
      ${timeTicks(start, end, room / 70, format).map((tick) => {
        const x = this._x(tick.time);
        return svg`<line class="grid" x1=${x} x2=${x} y1="0" y2="4" />${
          x < this._width - 16
            ? svg`<text class=${tick.strong ? "strong" : ""} x=${x} y="17" text-anchor="middle">${tick.label}</text>`
            : nothing
        }`;
      })}
      ${marks.map(({ time: at }) => {
        const x = this._x(at);
        return svg`<path class="diamond" d="M${x} -4l4 4l-4 4l-4 -4z" />`;
      })}
      ${
        time === undefined
          ? nothing
          : svg`<rect class="flag" x=${flag - half} y="3" width=${2 * half} height="18" rx="9" /><text class="flag" x=${flag} y="16" text-anchor="middle">${
              end - start > 86_400 ? format.moment(time) : format.time(time)
            }</text>`
      }
    </svg>`;
  }

  private _read(panel: TrendPanel, line: TrendLine): string {
    // Without a hand on it, what is now: unknown if it is.
    const value = line.values.at(this._index);
    return value === null || value === undefined ? "–" : panel.write(value);
  }

  private _markNear(time: number): Trend["marks"][number] | undefined {
    const x = this._x(time);
    const away = (mark: { time: number }): number => Math.abs(this._x(mark.time) - x);
    return this.trend?.marks
      .filter((mark) => away(mark) <= MARK_REACH)
      .sort((a, b) => away(a) - away(b))[0];
  }

  private _point(event: PointerEvent): void {
    if (!this.trend) return;
    const { start, end, times } = this.trend;
    const x = event.clientX - this.getBoundingClientRect().left;
    const share = (x - LEFT) / (this._width - LEFT - RIGHT);
    this._index = nearest(
      times,
      start + Math.min(Math.max(share, 0), 1) * (end - start),
    );
  }

  private _leave(): void {
    this._index = -1;
  }

  private _key(event: KeyboardEvent): void {
    const last = (this.trend?.times.length ?? 0) - 1;
    const now = this._index < 0 ? last : this._index;
    const page = Math.max(1, Math.round(last / 10));
    const wanted: Record<string, number> = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: this._index < 0 ? last : now + 1,
      ArrowUp: this._index < 0 ? last : now + 1,
      PageUp: now + page,
      PageDown: now - page,
      Home: 0,
      End: last,
    };
    if (event.key === "Escape" && this._index >= 0) this._leave();
    else if (event.key in wanted && last >= 0)
      this._index = Math.min(Math.max(wanted[event.key] as number, 0), last);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  static override styles = css`
    :host {
      display: block;
      min-width: 0;
      font-size: 12px;
      color: var(--secondary-text-color);
    }
    .plot {
      outline: none;
      touch-action: pan-y;
      cursor: crosshair;
      border-radius: 8px;
    }
    .plot:focus-visible {
      outline: 2px solid var(--primary-color);
      outline-offset: 2px;
    }
    .head {
      display: flex;
      flex-wrap: wrap;
      gap: 0 12px;
      align-items: baseline;
      padding: 6px ${RIGHT}px 0 0;
      line-height: 18px;
    }
    .title {
      color: var(--primary-text-color);
      font-weight: 500;
    }
    .keys {
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      gap: 0 12px;
      justify-content: flex-end;
    }
    .key {
      white-space: nowrap;
    }
    .key svg {
      display: inline-block;
      margin-inline-end: 4px;
    }
    b {
      font-weight: 500;
      color: var(--primary-text-color);
      font-variant-numeric: tabular-nums;
    }
    svg {
      display: block;
      overflow: visible;
    }
    path {
      fill: none;
      stroke-width: 1.75;
      stroke-linejoin: round;
      stroke-linecap: round;
    }
    .dashed {
      stroke-dasharray: 4 4;
      stroke-width: 1.5;
    }
    .area {
      opacity: 0.12;
      stroke: none;
    }
    .grid {
      stroke: var(--divider-color);
    }
    .mark {
      stroke: var(--primary-text-color);
      stroke-dasharray: 2 3;
      opacity: 0.5;
    }
    path.diamond {
      fill: var(--primary-text-color);
    }
    .hand {
      stroke: var(--primary-text-color);
      opacity: 0.6;
    }
    circle {
      stroke: var(--card-background-color, #fff);
      stroke-width: 1.5;
    }
    text {
      fill: var(--secondary-text-color);
      font-size: 11px;
      font-variant-numeric: tabular-nums;
    }
    text.strong {
      font-weight: 600;
      fill: var(--primary-text-color);
    }
    rect.flag {
      fill: var(--primary-text-color);
    }
    text.flag {
      fill: var(--card-background-color, #fff);
      font-weight: 500;
    }
    .note {
      min-height: 18px;
      padding-top: 4px;
      line-height: 18px;
    }
    .note i {
      display: inline-block;
      width: 6px;
      height: 6px;
      margin: 0 8px 1px 1px;
      rotate: 45deg;
      background: var(--primary-text-color);
    }
  `;
}

/** Close the pieces of a line along the foot of a panel. */
function areaBelow(path: string, foot: number): string {
  return path
    .split("M")
    .slice(1)
    .map((piece) => {
      const xs = piece.match(/(?:^|L)[\d.-]+/g) ?? [];
      const place = (text = ""): string => text.replace("L", "");
      return `M${piece.replace("h0", "")}L${place(xs.at(-1))} ${foot}L${place(xs[0])} ${foot}Z`;
    })
    .join("");
}

define("bitaxe-trend-chart", TrendChart);

declare global {
  interface HTMLElementTagNameMap {
    "bitaxe-trend-chart": TrendChart;
  }
}
