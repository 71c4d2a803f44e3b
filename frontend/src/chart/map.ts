/** The map of operating points: what a joule buys at which hashrate. */

import { css, html, nothing, svg } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { pointColors } from "../lib/card-styles";
import { define } from "../lib/register";
import { ChartElement } from "./element";
import { placeLabels } from "./labels";
import type { PlacedLabel } from "./labels";
import { bounds, linear, numberTicks } from "./scale";
import type { Scale } from "./scale";

export interface MapPoint {
  /** What it is called: 525/1150. */
  label: string;
  /** What a screen reader says. */
  description: string;
  x: number;
  y: number;
  /** Standard errors. */
  xError: number | null;
  yError: number | null;
  /** Its area, in whatever unit. */
  weight: number;
  best: boolean;
  present: boolean;
  front: boolean;
  /** Too little is known to claim anything. */
  faint: boolean;
  /** Something speaks against it. */
  critical: boolean;
  /** What it stands for. */
  id: { frequency_mhz: number; core_voltage_mv: number };
}

export interface OperatingPointMap {
  points: readonly MapPoint[];
  xTitle: string;
  yTitle: string;
  tick(value: number, decimals: number): string;
}

const LEFT = 42;
const RIGHT = 12;
const TOP = 20;
const FOOT = 38;
/** px from the middle of a point that still belong to it, however small it is. */
const REACH = 14;
/** Up to so many points all have a label. */
const FEW = 8;
/** Share of the values that an axis covers at least, or noise would look like news. */
const LEAST = 0.06;

/** Fires `point-selected` with the index of the point a person chose. */
export class MapChart extends ChartElement {
  static override properties = {
    map: { attribute: false },
    selected: { type: Number },
    label: {},
    _hover: { state: true },
  };

  declare map?: OperatingPointMap;
  /** Index of the point that is shown in detail, or -1. */
  declare selected: number;
  /** What a screen reader calls the map. */
  declare label: string;
  declare _hover: number;

  private _x: Scale = linear(0, 1, 0, 1);
  private _y: Scale = linear(0, 1, 0, 1);
  private _height = 0;
  private _radii: number[] = [];
  private _labels: PlacedLabel[] = [];

  constructor() {
    super();
    this.label = "";
    this.selected = this._hover = -1;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!this.map || !this._width) return;
    if (!changed.has("map") && !changed.has("_width")) return;
    const { points } = this.map;
    this._height = Math.round(Math.min(Math.max(this._width * 0.58, 230), 400));
    const usual = withoutOutliers(points);
    const xs = extent(usual.map(({ x, xError }) => [x, xError]));
    const ys = extent(usual.map(({ y, yError }) => [y, yError]));
    this._x = linear(...(xs ?? [0, 1]), LEFT, this._width - RIGHT);
    this._y = linear(...(ys ?? [0, 1]), this._height - FOOT, TOP);
    const most = Math.max(...points.map(({ weight }) => weight), 1e-9);
    this._radii = points.map(({ weight, best, present }) =>
      Math.max(4 + 7 * Math.sqrt(Math.max(weight, 0) / most), best || present ? 7 : 0),
    );
    this._labels = placeLabels(
      points.map((point, index) => ({
        x: this._x(point.x),
        y: this._y(point.y),
        radius: (this._radii[index] ?? 4) + 4 * +point.present,
        text: point.label,
        importance:
          4 * +point.best + 2 * +point.present + +point.front - +(points.length > FEW),
      })),
      [LEFT, this._width, TOP - 14, this._height - FOOT],
    );
  }

  protected override render(): TemplateResult | typeof nothing {
    const { map, _height: height, _width: width } = this;
    if (!map || !width) return nothing;
    const foot = height - FOOT;
    const right = width - RIGHT;
    const x = numberTicks(this._x.low, this._x.high, (right - LEFT) / 80);
    const y = numberTicks(this._y.low, this._y.high, 5);
    const front = map.points
      .filter((point) => point.front)
      .sort((a, b) => a.x - b.x)
      .map((point) => `${this._x(point.x)} ${this._y(point.y)}`);
    // Small points lie above great ones, and the best above all, or nobody saw them.
    const order = map.points
      .map(({ best }, index) => ({ index, best }))
      .sort(
        (a, b) =>
          +a.best - +b.best ||
          (this._radii[b.index] ?? 0) - (this._radii[a.index] ?? 0),
      );
    const focusable = this.selected >= 0 ? this.selected : this._sequence()[0];
    return html`<svg
      width=${width}
      height=${height}
      role="listbox"
      aria-label=${this.label}
      @keydown=${this._key}
      @mousedown=${(event: Event) => event.preventDefault()}
      @click=${this._click}
      @pointermove=${this._point}
      @pointerleave=${this._leave}
    >
      <g aria-hidden="true">
        ${y.values.map((value) => {
          const at = this._y(value);
          return svg`<line class="grid" x1=${LEFT} x2=${right} y1=${at} y2=${at} /><text x=${LEFT - 6} y=${at + 4} text-anchor="end">${map.tick(value, y.decimals)}</text>`;
        })}
        ${x.values.map((value) => {
          const at = this._x(value);
          return svg`<line class="grid" x1=${at} x2=${at} y1=${TOP} y2=${foot} /><text x=${at} y=${foot + 16} text-anchor="middle">${map.tick(value, x.decimals)}</text>`;
        })}
        <text class="title" x=${LEFT - 36} y="11">${map.yTitle}</text>
        <text class="title" x=${right} y=${height - 6} text-anchor="end">
          ${map.xTitle}
        </text>
        ${
          front.length > 1
            ? svg`<path class="pareto" d=${`M${front.join("L")}`} />`
            : nothing
        }
      </g>
      ${order.map(({ index }) => this._draw(index, index === focusable))}
      <g aria-hidden="true" class="labels">
        ${this._labels.map(
          ({ x: at, y: down, text, anchor }) =>
            svg`<text x=${at} y=${down} text-anchor=${anchor}>${text}</text>`,
        )}
      </g>
    </svg>`;
  }

  private _draw(index: number, focusable: boolean): TemplateResult<2> | typeof nothing {
    const point = this.map?.points[index];
    if (!point) return nothing;
    const x = this._x(point.x);
    const y = this._y(point.y);
    const radius = this._radii[index] ?? 4;
    const shown = index === this.selected || index === this._hover;
    const [left, rightEnd] = ends(point.x, point.xError).map(this._x);
    const [low, high] = ends(point.y, point.yError).map(this._y);
    const role = point.best
      ? "best"
      : point.present
        ? "present"
        : point.front
          ? "front"
          : "other";
    return svg`<g
      class="point ${role} ${point.faint ? "faint" : ""} ${shown ? "shown" : ""}"
      role="option"
      tabindex=${focusable ? 0 : -1}
      data-index=${index}
      aria-selected=${index === this.selected}
      aria-label=${point.description}
      @focus=${() => this._select(index)}
    >
      <path class="error" d=${`M${left} ${y}H${rightEnd}M${x} ${low}V${high}`} />
      ${point.present ? svg`<circle class="ring" cx=${x} cy=${y} r=${radius + 3.5} />` : nothing}
      <circle cx=${x} cy=${y} r=${radius} />
      ${
        point.best
          ? svg`<path class="star" d=${star(x, y, Math.min(radius * 0.75, 6))} />`
          : point.critical
            ? svg`<path class="cross" d=${`M${x - 2.5} ${y - 2.5}l5 5m0 -5l-5 5`} />`
            : nothing
      }
      <circle class="reach" cx=${x} cy=${y} r=${Math.max(radius, REACH)} />
    </g>`;
  }

  private _sequence(): number[] {
    const points = this.map?.points ?? [];
    return points
      .map((_, index) => index)
      .sort((a, b) => (points[a]?.x ?? 0) - (points[b]?.x ?? 0));
  }

  /** The nearest point in reach: what lies on top may only be near. */
  private _at(event: MouseEvent): number | undefined {
    const { left, top } = this.getBoundingClientRect();
    const away = (index: number): number => {
      const point = this.map?.points[index] ?? { x: 0, y: 0 };
      return Math.hypot(
        this._x(point.x) - (event.clientX - left),
        this._y(point.y) - (event.clientY - top),
      );
    };
    return this._radii
      .map((_, index) => index)
      .filter((index) => away(index) <= Math.max(this._radii[index] ?? 0, REACH))
      .sort((a, b) => away(a) - away(b))[0];
  }

  private _point(event: MouseEvent): void {
    const index = this._at(event);
    if (index !== undefined && index !== this._hover) {
      this._hover = index;
      this._report(index);
    }
  }

  private _click(event: MouseEvent): void {
    const index = this._at(event);
    if (index !== undefined) void this._go(index);
  }

  private _leave(): void {
    this._hover = -1;
    this._report(this.selected);
  }

  private _select(index: number): void {
    this.selected = index;
    this._report(index, true);
  }

  private _report(index: number, chosen = false): void {
    this.dispatchEvent(
      new CustomEvent("point-selected", { detail: { index, chosen } }),
    );
  }

  private async _key(event: KeyboardEvent): Promise<void> {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const sequence = this._sequence();
    const last = sequence.length - 1;
    const now = sequence.indexOf(this.selected);
    const next =
      event.key === "Home"
        ? 0
        : event.key === "End"
          ? last
          : step === undefined
            ? -1
            : Math.min(Math.max(now + step, 0), last);
    const index = sequence[next];
    if (index === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    await this._go(index);
  }

  private async _go(index: number): Promise<void> {
    this._select(index);
    await this.updateComplete;
    this.renderRoot.querySelector<SVGGElement>(`[data-index="${index}"]`)?.focus();
  }

  static override styles = [
    pointColors,
    css`
      :host {
        display: block;
        min-width: 0;
        --point: color-mix(
          in srgb,
          var(--blue-color, #2196f3),
          var(--primary-text-color) 10%
        );
      }
      svg {
        display: block;
        overflow: visible;
      }
      text {
        fill: var(--secondary-text-color);
        font-size: 11px;
        font-variant-numeric: tabular-nums;
      }
      .title,
      .labels text {
        fill: var(--primary-text-color);
        font-weight: 500;
      }
      .labels text {
        paint-order: stroke;
        stroke: var(--card-background-color, #fff);
        stroke-width: 3px;
        stroke-linejoin: round;
        pointer-events: none;
      }
      .grid {
        stroke: var(--divider-color);
      }
      .pareto {
        fill: none;
        stroke: var(--secondary-text-color);
        stroke-width: 1.5;
        stroke-dasharray: 5 4;
      }
      .point {
        color: var(--point);
        cursor: pointer;
        outline: none;
      }
      .other {
        opacity: 0.7;
      }
      .best {
        color: var(--best);
      }
      .present {
        color: var(--now);
      }
      .point circle {
        fill: currentColor;
        stroke: var(--card-background-color, #fff);
        stroke-width: 1.5;
      }
      .point .ring {
        fill: none;
        stroke: var(--now);
        stroke-width: 2;
      }
      .point .reach {
        fill: transparent;
        stroke: none;
      }
      .faint circle:not(.reach, .ring) {
        fill: var(--card-background-color, #fff);
        stroke: currentColor;
        stroke-dasharray: 2 2;
      }
      .error {
        stroke: currentColor;
        stroke-width: 1.5;
        opacity: 0.7;
      }
      .star {
        fill: var(--card-background-color, #fff);
      }
      .cross {
        fill: none;
        stroke: var(--card-background-color, #fff);
        stroke-width: 1.75;
        stroke-linecap: round;
      }
      .faint .cross {
        stroke: currentColor;
      }
      .shown {
        opacity: 1;
      }
      .shown .reach,
      .point:focus-visible .reach {
        stroke: var(--primary-text-color);
        stroke-width: 1.5;
      }
      .point:focus-visible .reach {
        stroke-width: 3;
      }
    `,
  ];
}

/** Ends of an axis: errors have a place on it unless they would flatten everything. */
function extent(
  values: readonly [value: number, error: number | null][],
): [number, number] | undefined {
  const around = bounds(
    values.map(([value]) => value),
    undefined,
    LEAST,
  );
  if (around === undefined) return undefined;
  const [low, high] = around;
  const room = (high - low) / 2;
  return bounds(
    values
      .flatMap(([value, error]) => ends(value, error))
      .map((end) => Math.min(Math.max(end, low - room, 0), high + room)),
    undefined,
    LEAST,
  );
}

/**
 * Points that the map is laid out for. What is far slower or thirstier than the others,
 * as a miner is that throttled itself for heat, would crowd them into a corner; it is put
 * on the edge.
 */
function withoutOutliers(points: readonly MapPoint[]): readonly MapPoint[] {
  const slowest = fence(points.map(({ x }) => -x));
  const thirstiest = fence(points.map(({ y }) => y));
  return points.filter(
    ({ x, y, best, present, front }) =>
      best || present || front || (-x <= slowest && y <= thirstiest),
  );
}

/** Three times the middle half of the values above it: what lies beyond is far out. */
function fence(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const quartile = (share: number): number =>
    sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  const [low, high] = [quartile(0.25), quartile(0.75)];
  return high + 3 * Math.max(high - low, Math.abs(high) * LEAST);
}

function ends(value: number, error: number | null): [number, number] {
  return [value - (error ?? 0), value + (error ?? 0)];
}

function star(x: number, y: number, radius: number): string {
  const corners = Array.from({ length: 10 }, (_, corner) => {
    const angle = (corner * Math.PI) / 5;
    const reach = corner % 2 ? radius * 0.42 : radius;
    return `${(x + Math.sin(angle) * reach).toFixed(1)} ${(y - Math.cos(angle) * reach).toFixed(1)}`;
  });
  return `M${corners.join("L")}Z`;
}

define("bitaxe-map-chart", MapChart);

declare global {
  interface HTMLElementTagNameMap {
    "bitaxe-map-chart": MapChart;
  }
}
