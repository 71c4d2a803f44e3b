/** A few figures over the same time, one panel below the other. */

import { css, html, nothing, svg } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { type Clock, timeFormat } from "../lib/clock";
import { fireEvent } from "../lib/events";
import { UNKNOWN } from "../lib/format";
import { define } from "../lib/register";
import { ChartElement } from "./element";
import { bounds, linear, numberTicks, usualMost } from "./scale";
import type { Scale } from "./scale";
import { linePath, nearest } from "./thin";
import type { Column } from "./thin";
import { timeTicks } from "./time";
import { panned, type TimeWindow, zoomed } from "./zoom";

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
  /** That of all values, for tables. */
  unit?: string;
  lines: TrendLine[];
  /** Writes a value with its unit. */
  write(value: number): string;
  /** Writes a tick of the axis. */
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
  /** What can be looked at: there is nothing before and after. */
  limits?: TimeWindow;
  /** Moments worth a line, with what happened. */
  marks: readonly TrendMark[];
}

export interface TrendMark {
  time: number;
  label: string;
  /** CSS colour; that of the text without. */
  color?: string;
}

interface Drawn {
  height: number;
  y: Scale;
  ticks: { at: number; label: string }[];
  lines: { path: string; area: string }[];
}

/** px of a panel: the first one is higher. */
const panelHeight = (width: number, number: number): number =>
  Math.round(Math.min(Math.max(width * 0.2, 76), 130) * (number ? 0.8 : 1.15));
/** px of the head of a panel, of the axis, and of the note below it. */
const HEAD = 24;
const NOTE = 22;

/** Returns the height in px of a chart with so many panels, at a width in px. */
export const trendHeight = (width: number, panels: number): number =>
  Array.from(
    { length: panels },
    (_, number) => HEAD + panelHeight(width, number),
  ).reduce((sum, height) => sum + height, FOOT + NOTE);

/** Returns the height in px of a chart whose only panel is so high, without a note. */
export const heightAround = (panel: number): number => HEAD + panel + FOOT;

const LEFT = 44;
const RIGHT = 8;
const TOP = 6;
const FOOT = 22;
const MARK_REACH = 8;
/** px of a key at least, where there are many. */
const KEY = 165;
/** So many keys stand beside a title; more have lines, and columns, of their own. */
const FEW_LINES = 2;
/** Less than this share of the values is noise. */
const LEAST_SHARE = 0.06;

export class TrendChart extends ChartElement {
  static override properties = {
    trend: { attribute: false },
    clock: { attribute: false },
    label: {},
    hint: {},
    room: { attribute: false },
    _index: { state: true },
  };

  declare trend?: Trend;
  declare clock: Clock;
  /** What a screen reader calls it. */
  declare label: string;
  /** What the marks are. */
  declare hint: string;
  /** px that each panel is high, where the place says so. */
  declare room: number | undefined;
  declare _index: number;

  /** Fingers and buttons that are down, and where they are. */
  private _pointers = new Map<number, number>();
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
    if (changed.has("trend") || changed.has("_width") || changed.has("room"))
      this._draw();
  }

  private _draw(): void {
    if (!this.trend || !this._width) return;
    const { start, end, times, panels } = this.trend;
    const right = this._width - RIGHT;
    const x = linear(start, end, LEFT, right);
    const slices = Math.max(60, Math.floor((right - LEFT) / 2));
    this._x = x;
    this._drawn = panels.map((panel, number) => {
      const height = this.room ?? panelHeight(this._width, number);
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
        @pointermove=${this._move}
        @pointerdown=${this._down}
        @pointerup=${this._up}
        @pointercancel=${this._up}
        @pointerleave=${this._out}
        @wheel=${this._wheel}
        @keydown=${this._key}
        @blur=${this._leave}
      >
        ${trend.panels.map((panel, number) =>
          this._panel(panel, this._drawn[number], number),
        )}
        ${this._axis(time)}
      </div>
      ${
        this.hint === "" && trend.marks.length === 0
          ? nothing
          : html`<div class="note">
              ${
                mark
                  ? html`<b>${format.moment(mark.time)}</b> ${mark.label}`
                  : trend.marks.length
                    ? html`<i></i>${this.hint}`
                    : nothing
              }
            </div>`
      }`;
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
        <span class="keys ${panel.lines.length > FEW_LINES ? "many" : ""}"
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
        ${this.trend.marks.map(({ time: at, color }) => {
          const x = this._x(at);
          return svg`<line class="mark" style=${color ? `stroke:${color}` : ""} x1=${x} x2=${x} y1=${TOP} y2=${drawn.height - TOP} />`;
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
      ${marks.map(({ time: at, color }) => {
        const x = this._x(at);
        return svg`<path class="diamond" style=${color ? `fill:${color}` : ""} d="M${x} -4l4 4l-4 4l-4 -4z" />`;
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
    // Without a hand on it, what is now; nothing rather than a dash if that is unknown.
    const value = line.values.at(this._index) ?? null;
    if (value !== null) return panel.write(value);
    return this._index < 0 ? "" : UNKNOWN;
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

  private _out(event: PointerEvent): void {
    if (this._pointers.size === 0 || event.pointerType === "mouse") this._leave();
    this._up(event);
  }

  private _down(event: PointerEvent): void {
    this._pointers.set(event.pointerId, event.clientX);
    this._point(event);
  }

  private _up(event: PointerEvent): void {
    this._pointers.delete(event.pointerId);
  }

  /** Drags with a mouse; moves and stretches with two fingers; reads with one. */
  private _move(event: PointerEvent): void {
    const before = this._pointers.get(event.pointerId);
    if (before === undefined || this._limits === undefined) {
      this._point(event);
      return;
    }
    const room = this._width - LEFT - RIGHT;
    const others = [...this._pointers].filter(([id]) => id !== event.pointerId);
    const [other] = others;
    this._pointers.set(event.pointerId, event.clientX);
    if (other !== undefined) {
      const [, fixed] = other;
      const was = Math.abs(before - fixed);
      const is = Math.abs(event.clientX - fixed);
      if (was > 10 && is > 10) {
        this._look((window, limits) =>
          zoomed(window, limits, was / is, this._timeAt(fixed)),
        );
      }
      this._leave();
    } else if (event.pointerType === "mouse" && event.buttons === 1) {
      this._look((window, limits) =>
        panned(window, limits, (before - event.clientX) / room),
      );
    } else {
      this._point(event);
    }
  }

  /** With Ctrl, as pinching a touchpad is reported; the page scrolls otherwise. */
  private _wheel(event: WheelEvent): void {
    if (this._limits === undefined || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const around = this._timeAt(event.clientX);
    this._look((window, limits) =>
      zoomed(window, limits, Math.exp(event.deltaY / 200), around),
    );
  }

  private get _limits(): TimeWindow | undefined {
    return this.trend?.limits;
  }

  private _timeAt(clientX: number): number {
    const { start = 0, end = 1 } = this.trend ?? {};
    const x = clientX - this.getBoundingClientRect().left;
    const share = (x - LEFT) / (this._width - LEFT - RIGHT);
    return start + Math.min(Math.max(share, 0), 1) * (end - start);
  }

  /** Asks the owner of the chart for another window. */
  private _look(change: (window: TimeWindow, limits: TimeWindow) => TimeWindow): void {
    if (this.trend === undefined || this._limits === undefined) return;
    const { start, end } = this.trend;
    fireEvent(this, "window-changed", {
      window: change({ start, end }, this._limits),
    });
  }

  /** Shows `factor` times as much, around the hand or the middle. */
  zoom(factor: number): void {
    this._look((window, limits) =>
      zoomed(
        window,
        limits,
        factor,
        this.trend?.times[this._index] ?? (window.start + window.end) / 2,
      ),
    );
  }

  /** Moves by a share of what is shown. */
  pan(share: number): void {
    this._look((window, limits) => panned(window, limits, share));
  }

  private _key(event: KeyboardEvent): void {
    const moves: Record<string, () => void> = {
      "+": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      "0": () => this.zoom(1e9),
      ...(event.shiftKey
        ? { ArrowLeft: () => this.pan(-0.25), ArrowRight: () => this.pan(0.25) }
        : {}),
    };
    const move = moves[event.key];
    if (move !== undefined && this._limits !== undefined) {
      move();
      event.preventDefault();
      event.stopPropagation();
      return;
    }
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
    .keys.many {
      display: grid;
      flex: 1 0 100%;
      grid-template-columns: repeat(auto-fill, minmax(${KEY}px, 1fr));
    }
    .key {
      white-space: nowrap;
    }
    .many .key {
      white-space: normal;
    }
    .many b {
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

/** Closes the pieces of a line along the foot of a panel. */
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
