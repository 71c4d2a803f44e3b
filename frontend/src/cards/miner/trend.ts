/** From the history of a miner, and what was seen since, to a trend. */

import type {
  Trend,
  TrendLine,
  TrendMark as ChartMark,
  TrendPanel,
} from "../../chart/trend";
import {
  formatEfficiency,
  formatHashrate,
  formatNumber,
  formatPower,
  withUnit,
} from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import type { Wanted } from "../../lib/history";
import { localize } from "../../lib/i18n";
import {
  describeItem,
  lastingOf,
  type Tone,
  type Words,
} from "../../lib/timeline-text";
import type { MinerSeries, Miner, SeriesColumn, TimelineItem } from "../../lib/model";
import type { Metric } from "./config";
import type { TimeWindow } from "../../chart/zoom";
import { shortName } from "../../lib/operating-point";

/** What is drawn. */
const COLUMNS = [
  "hashrate_ghs",
  "expected_hashrate_ghs",
  "asic_temperature_c",
  "vr_temperature_c",
  "power_w",
  "efficiency_j_th",
] as const satisfies readonly SeriesColumn[];

/** Two points for each pixel of a chart on a phone; one that is wider shows no less. */
export const WANTED: Wanted = { columns: COLUMNS, changes: true, points: 600 };

type Column = (typeof COLUMNS)[number];

/** One live reading. */
export interface Sample extends Record<Column, number | null> {
  /** Unix time in s. */
  time: number;
}

/** s between two live readings that are kept. */
const SPACING = 10;
/** Live readings that are kept: the recorder is at most ten minutes behind. */
const MOST_SAMPLES = 120;
/** Steps without a row that break the line. */
const GAP = 1.5;
/** s without a live reading that do: the recorder is late, and miners are read rarely. */
const LIVE_GAP = 900;

/** s within which a change of the setting is one that the timeline shows as well. */
const SAME_CHANGE = 900;

/** A mark of something that happened; of changes of the setting the history knows too. */
export interface TrendMark extends ChartMark {
  isSetting: boolean;
}

const TONES: Record<Tone, string> = {
  critical: "var(--error-color, #db4437)",
  warning: "var(--warning-color, #ffa600)",
  good: "var(--success-color, #43a047)",
  gold: "var(--amber-color, #ffc107)",
  info: "var(--primary-text-color)",
};

/** Marks of what happened to a miner, where something began or just happened. */
export function marksOf(
  hass: HomeAssistant,
  items: readonly TimelineItem[],
  words: Words,
): TrendMark[] {
  const now = Date.now() / 1000;
  return items.map((item) => {
    const { title, tone, details } = describeItem(
      hass,
      // A mark stands where it began, and says what began there.
      item.phase === "over" ? { ...item, phase: "ongoing" } : item,
      words,
    );
    return {
      time: item.start,
      label: [title, lastingOf(hass, item, now), ...details]
        .filter(Boolean)
        .join(" · "),
      color: TONES[tone],
      isSetting: item.kind === "settings_changed",
    };
  });
}

/** Lengths of spans in s. */
export const seconds = (span: string): number =>
  Number(span.slice(0, -1)) * (span.endsWith("d") ? 86_400 : 3600);

/** The time that a trend reaches back over: of all there is, from the first row on. */
export function limitsOf(
  span: string,
  minerSeries: MinerSeries,
  now: number,
): TimeWindow {
  const first = minerSeries.columns.time[0] ?? now - 86_400;
  const start = span === "all" ? Math.min(first, now - 3600) : now - seconds(span);
  return { start, end: now };
}

/**
 * Adds a live reading, in place of the last one unless that is old enough to be kept.
 * Nothing is changed in place.
 */
export function addSample(
  samples: readonly Sample[],
  miner: Miner,
  now: number,
): readonly Sample[] {
  const sample = Object.fromEntries(
    COLUMNS.map((name) => [name, miner.online ? miner[name] : null]),
  ) as Record<Column, number | null>;
  const before = samples.at(-2);
  const kept =
    before !== undefined && now - before.time < SPACING
      ? samples.slice(0, -1)
      : samples.slice(1 - MOST_SAMPLES);
  return [...kept, { time: now, ...sample }];
}

/** A table of times and values, with an empty row wherever nothing was recorded. */
export function joined(
  minerSeries: MinerSeries,
  samples: readonly Sample[],
  start: number,
  finish = Infinity,
): { times: number[]; columns: Record<Column, (number | null)[]> } {
  const times: number[] = [];
  const columns = Object.fromEntries(
    COLUMNS.map((name) => [name, [] as (number | null)[]]),
  ) as Record<Column, (number | null)[]>;
  const add = (time: number, value: (name: Column) => number | null): void => {
    times.push(time);
    for (const name of COLUMNS) {
      columns[name].push(value(name));
    }
  };
  let end = -Infinity;
  const { time: begins, seconds: lengths } = minerSeries.columns;
  begins.forEach((begin, index) => {
    const length = lengths[index] ?? 0;
    // A mean stands in the middle of its time.
    const middle = begin + length / 2;
    if (middle < start || middle > finish) {
      return;
    }
    if (begin - end > length * GAP && times.length > 0) {
      add(begin, () => null);
    }
    add(middle, (name) => minerSeries.columns[name]?.[index] ?? null);
    end = begin + length;
  });
  for (const sample of samples) {
    if (sample.time > end && sample.time >= start && sample.time <= finish) {
      if (sample.time - end > LIVE_GAP && times.length > 0) {
        add((end + sample.time) / 2, () => null);
      }
      add(sample.time, (name) => sample[name]);
      end = sample.time;
    }
  }
  return { times, columns };
}

const mixed = (color: string): string =>
  `color-mix(in srgb, ${color}, var(--primary-text-color) 14%)`;

/** Colours that stand out from a light background and from a dark one. */
const COLORS = {
  hashrate: mixed("var(--blue-color, #2196f3)"),
  expected: "var(--secondary-text-color)",
  asic: mixed("var(--deep-orange-color, #ff6f22)"),
  vr: mixed("var(--purple-color, #926bc7)"),
  power: mixed("var(--pink-color, #e91e63)"),
  efficiency: mixed("var(--teal-color, #009688)"),
};

/** Describes the trend of the `span` before `now`. */
export function makeTrend(
  hass: HomeAssistant,
  minerSeries: MinerSeries,
  samples: readonly Sample[],
  span: string,
  metric: Metric,
  now: number,
  incidents: readonly TrendMark[] = [],
  looked: { limits?: TimeWindow; window?: TimeWindow | undefined } = {},
): Trend {
  const limits = looked.limits ?? limitsOf(span, minerSeries, now);
  // A view of the latest moves on with the time.
  const { start, end } = looked.window ?? limits;
  const { times, columns } = joined(minerSeries, samples, start, end);
  const line = (
    name: Column,
    label: string,
    color: string,
    look: Partial<TrendLine> = {},
  ): TrendLine => ({ label, color, values: columns[name], ...look });
  // The axis is in one unit all along; the values above it name theirs.
  const unit = columns.hashrate_ghs.some((value) => (value ?? 0) >= 1000) ? 1000 : 1;
  for (const name of ["hashrate_ghs", "expected_hashrate_ghs"] as const) {
    columns[name] = columns[name].map((value) => value && value / unit);
  }
  const tick = (value: number, digits: number): string =>
    formatNumber(hass, value, digits);
  const panels: TrendPanel[] = [
    {
      title: localize(hass, "miner.reading.hashrate"),
      unit: unit === 1 ? "GH/s" : "TH/s",
      lines: [
        line("hashrate_ghs", localize(hass, "miner.trend.measured"), COLORS.hashrate, {
          filled: true,
        }),
        line(
          "expected_hashrate_ghs",
          localize(hass, "miner.trend.expected"),
          COLORS.expected,
          { dashed: true },
        ),
      ],
      write: (value) => formatHashrate(hass, value * unit),
      tick,
    },
    {
      title: localize(hass, "miner.trend.temperature"),
      unit: "°C",
      lines: [
        line("asic_temperature_c", localize(hass, "miner.reading.asic"), COLORS.asic),
        line("vr_temperature_c", localize(hass, "miner.reading.vr"), COLORS.vr),
      ],
      write: (value) => withUnit(hass, value, "°C", 1),
      tick,
    },
    metric === "power"
      ? {
          title: localize(hass, "miner.reading.power"),
          unit: "W",
          lines: [line("power_w", "", COLORS.power)],
          write: (value) => formatPower(hass, value),
          tick,
        }
      : {
          title: localize(hass, "miner.reading.efficiency"),
          unit: "J/TH",
          lines: [line("efficiency_j_th", "", COLORS.efficiency)],
          write: (value) => formatEfficiency(hass, value),
          tick,
          robust: true,
        },
  ];
  for (const panel of panels) {
    panel.lines = panel.lines.filter(({ values }) =>
      values.some((value) => value !== null),
    );
  }
  return {
    start,
    end,
    limits,
    times,
    panels: panels.filter(({ lines }) => lines.length > 0),
    marks: [
      ...incidents.filter(({ time }) => time >= start && time <= end),
      // The history knows of changes for longer than the timeline does.
      ...minerSeries.changes
        .filter(
          ({ time }) =>
            time >= start &&
            time <= end &&
            !incidents.some(
              (mark) => mark.isSetting && Math.abs(mark.time - time) < SAME_CHANGE,
            ),
        )
        .map(({ time, before, after }) => ({
          time,
          label: localize(hass, "miner.trend.change", {
            before: shortName(hass, before),
            after: shortName(hass, after),
          }),
        })),
    ].sort((a, b) => a.time - b.time),
  };
}
