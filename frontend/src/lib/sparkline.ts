/** The small line of a time series, drawn as SVG that fills its box. */

import { nothing, svg, html, type TemplateResult } from "lit";

interface Sparkline {
  readonly values: readonly (number | null)[];
  /** What screen readers say instead. */
  readonly label: string;
  /** Lowest and highest value of the scale; those of the values where not given. */
  readonly low?: number;
  readonly high?: number;
}

const WIDTH = 100;
const HEIGHT = 30;

/** The lines of a time series as SVG paths: gaps part them. */
export function sparklinePaths({ values, low, high }: Sparkline): {
  line: string;
  area: string;
} {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) {
    return { line: "", area: "" };
  }
  const bottom = low ?? Math.min(...known);
  const top = high ?? Math.max(...known);
  const scale = top > bottom ? HEIGHT / (top - bottom) : 0;
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  let line = "";
  let area = "";
  let begin: string | undefined;
  let last = "";
  const finish = (): void => {
    if (begin !== undefined) {
      area += `V${HEIGHT}H${begin}Z`;
      begin = undefined;
    }
  };
  values.forEach((value, index) => {
    if (value === null) {
      finish();
      return;
    }
    const x = round(index * step);
    // A time series without ups and downs is a line through the middle.
    const height = scale === 0 ? HEIGHT / 2 : (value - bottom) * scale;
    const y = round(HEIGHT - Math.min(HEIGHT, Math.max(0, height)));
    if (begin === undefined) {
      begin = x;
      line += `M${x} ${y}`;
      area += `M${x} ${HEIGHT}V${y}`;
      // A single point between gaps is still seen: the line has round ends.
      if ((values[index + 1] ?? null) === null) {
        line += "h0";
      }
    } else {
      line += `L${x} ${y}`;
      area += `L${x} ${y}`;
    }
    last = x;
  });
  finish();
  return last === "" ? { line: "", area: "" } : { line, area };
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/**
 * Draws a time series in the current text colour. Give the `svg` a size by CSS; class
 * `area` is the filled part.
 */
export function sparkline(options: Sparkline): TemplateResult {
  const { line, area } = sparklinePaths(options);
  return html`
    <svg
      class="sparkline"
      viewBox="0 -1 ${WIDTH} ${HEIGHT + 2}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${options.label}
    >
      ${
        line === ""
          ? nothing
          : svg`
            <path class="area" d=${area} fill="currentColor" opacity="0.15" />
            <path
              d=${line}
              fill="none"
              stroke="currentColor"
              stroke-width="1.5"
              stroke-linecap="round"
              stroke-linejoin="round"
              vector-effect="non-scaling-stroke"
            />`
      }
    </svg>
  `;
}
