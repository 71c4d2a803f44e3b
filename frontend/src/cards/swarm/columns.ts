/** What the card can show of a miner, and what of it there is room for. */

import type { Miner } from "../../lib/model";
import { urgency } from "../../lib/states";

export type Direction = "ascending" | "descending";

export type Sortable = number | string | null;

export interface Column {
  /** em that it needs in a table, and in the dense lines. */
  width: number;
  dense: number;
  /** Text, that stands left, rather than figures. */
  text?: boolean;
  /** Of columns that do not fit, the one with the lowest importance goes first. */
  importance: number;
  /** What it is sorted by; not at all without. */
  sort?: (miner: Miner) => Sortable;
  /** How it is sorted at the first click: what people look for comes first. */
  first: Direction;
  /** Its unit does not say what it is: a narrow list writes a name before it. */
  named?: boolean;
  /** The head of the column is its unit. */
  headed?: boolean;
  /** It is little of it that is bad. */
  precious?: boolean;
}

export const COLUMNS = {
  hashrate: {
    width: 8,
    dense: 5.2,
    importance: 100,
    sort: (miner) => miner.hashrate_ghs,
    first: "descending",
    precious: true,
  },
  history: { width: 9, dense: 7, importance: 88, first: "descending" },
  efficiency: {
    width: 4.4,
    dense: 3.2,
    importance: 90,
    sort: (miner) => miner.efficiency_j_th,
    first: "ascending",
    headed: true,
  },
  power: {
    width: 5.4,
    dense: 4.2,
    importance: 80,
    sort: (miner) => miner.power_w,
    first: "descending",
  },
  asic_temperature: {
    width: 5.6,
    dense: 3.4,
    importance: 95,
    sort: (miner) => miner.asic_temperature_c,
    first: "descending",
    named: true,
  },
  vr_temperature: {
    width: 5.6,
    dense: 3.4,
    importance: 87,
    sort: (miner) => miner.vr_temperature_c,
    first: "descending",
    named: true,
  },
  fan: {
    width: 5.6,
    dense: 3.6,
    importance: 55,
    sort: (miner) => miner.fan_speed_percent,
    first: "descending",
    named: true,
  },
  settings: {
    width: 6,
    dense: 5.4,
    importance: 65,
    sort: (miner) => miner.frequency_mhz,
    first: "descending",
    precious: true,
  },
  uptime: {
    width: 5.6,
    dense: 5.6,
    importance: 50,
    // The longer it runs, the earlier it started.
    sort: (miner) => (miner.boot_time === null ? null : -miner.boot_time),
    first: "ascending",
    named: true,
  },
  shares: {
    width: 7.4,
    dense: 5.4,
    importance: 60,
    sort: (miner) => miner.reject_rate_percent,
    first: "descending",
    named: true,
  },
  best_difficulty: {
    width: 7,
    dense: 5,
    importance: 58,
    sort: (miner) => miner.best_difficulty,
    first: "descending",
    named: true,
  },
  stability: {
    width: 6.4,
    dense: 4.6,
    importance: 45,
    sort: (miner) => miner.variation_24h_percent,
    first: "descending",
    named: true,
  },
  error_rate: {
    width: 5.4,
    dense: 4.4,
    importance: 40,
    sort: (miner) => miner.error_rate_percent,
    first: "descending",
    named: true,
  },
  input_voltage: {
    width: 5.6,
    dense: 4.6,
    importance: 35,
    sort: (miner) => miner.input_voltage_v,
    first: "ascending",
    precious: true,
  },
  wifi: {
    width: 5.8,
    dense: 5,
    importance: 30,
    sort: (miner) => miner.wifi_rssi_dbm,
    first: "ascending",
    precious: true,
  },
  pool: {
    width: 10,
    dense: 10,
    text: true,
    importance: 25,
    sort: (miner) => miner.pool,
    first: "ascending",
  },
  model: {
    width: 8,
    dense: 8,
    text: true,
    importance: 20,
    sort: (miner) => miner.model,
    first: "ascending",
  },
  area: {
    width: 8,
    dense: 8,
    text: true,
    importance: 15,
    sort: (miner) => miner.area,
    first: "ascending",
  },
} as const satisfies Record<string, Column>;

export type ColumnKey = keyof typeof COLUMNS;

export const COLUMN_KEYS = Object.keys(COLUMNS) as ColumnKey[];

/** Also sorted by, although they are no columns that can be left out. */
const ALWAYS = {
  name: { sort: (miner: Miner): Sortable => miner.name, first: "ascending" },
  state: { sort: urgency, first: "ascending" },
} as const;

export type SortKey = ColumnKey | keyof typeof ALWAYS;

/** Whatever a swarm can be sorted by. */
export const SORT_KEYS: readonly SortKey[] = [
  ...(Object.keys(ALWAYS) as (keyof typeof ALWAYS)[]),
  ...COLUMN_KEYS.filter((key) => column(key).sort),
];

/** A column as the interface, whatever it has. */
export function column(key: ColumnKey): Column {
  return COLUMNS[key];
}

/** What a key is sorted by, and in which direction first. */
export function sorting(
  key: SortKey,
): Pick<Column, "first"> & { sort: (miner: Miner) => Sortable } {
  const found: Pick<Column, "first" | "sort"> =
    key in ALWAYS ? ALWAYS[key as keyof typeof ALWAYS] : column(key as ColumnKey);
  return { first: found.first, sort: found.sort ?? (() => null) };
}

/** How columns stand: in a table, in a dense list, or below the name in a narrow list. */
export type Setting = "table" | "dense" | "compact";

/** Least em for the name with its state. */
export const NAME_WIDTH: Record<Setting, number> = {
  table: 13,
  dense: 6.5,
  compact: 0,
};
/** em of a character of a name, of what stands beside it, and of a name at most. */
const CHARACTER = 0.56;
const BESIDE_NAME = 1.8;
const LONGEST_NAME = 14;

/** The em that the names of dense lines need; longer ones are cut. */
export const nameWidth = (characters: number): number =>
  Math.min(
    Math.max(NAME_WIDTH.dense, BESIDE_NAME + CHARACTER * characters),
    LONGEST_NAME,
  );

/** em between two columns. */
export const GAP: Record<Setting, number> = { table: 1, dense: 0.7, compact: 0.8 };
/** em of the name before a figure, and of a unit that is no head. */
const LABEL = 2.6;
const UNIT = 1.6;

/** Returns the em that a column needs. */
export function widthOf(key: ColumnKey, setting: Setting): number {
  const { width, dense, named, headed } = column(key);
  if (setting === "table") return width;
  if (setting === "dense") return dense;
  return dense + (named ? LABEL : 0) + (headed ? UNIT : 0);
}

/**
 * Returns the columns that fit into a width in em, in the given order. The name always
 * has its place; of the others the least important give way.
 */
export function fitColumns(
  keys: readonly ColumnKey[],
  width: number,
  setting: Setting,
  name = NAME_WIDTH[setting],
): ColumnKey[] {
  const need = (key: ColumnKey): number => GAP[setting] + widthOf(key, setting);
  const kept = new Set(keys);
  let room = width - name;
  for (const key of kept) room -= need(key);
  const disposable = [...kept].sort(
    (a, b) => column(a).importance - column(b).importance,
  );
  for (const key of disposable) {
    if (room >= 0) break;
    kept.delete(key);
    room += need(key);
  }
  return [...kept];
}
