/** Options of the swarm card, and what they are unless somebody sets them. */

import type { CardConfig } from "../../lib/hass";
import { listOf, oneOf } from "../../lib/options";
import {
  COLUMN_KEYS,
  type ColumnKey,
  type Direction,
  SORT_KEYS,
  type SortKey,
  sorting,
} from "./columns";
import { type Grouping, GROUPINGS } from "./filter";
import type { Sort } from "./order";

export const LAYOUTS = ["full", "lite"] as const;
export const SPANS = ["1h", "24h"] as const;
export const ROW_ACTIONS = ["more-info", "device", "navigate", "none"] as const;
export const SORT_ORDERS = ["ascending", "descending"] as const;

export type Layout = (typeof LAYOUTS)[number];
export type Span = (typeof SPANS)[number];
type RowAction = (typeof ROW_ACTIONS)[number];

/** As people write it. */
export interface SwarmCardConfig extends CardConfig {
  layout?: Layout;
  title?: string;
  /** Device ids; all miners unless given. */
  miners?: string[];
  columns?: ColumnKey[];
  sort?: SortKey;
  sort_order?: Direction;
  span?: Span;
  totals?: boolean;
  /** Search, filters and selection. */
  tools?: boolean;
  /** Totals of each group. */
  group_by?: Grouping;
  row_action?: RowAction;
  navigation_path?: string;
}

/** As the card uses it. */
export interface Settings {
  layout: Layout;
  title: string | undefined;
  miners: readonly string[] | undefined;
  columns: readonly ColumnKey[];
  sort: Sort;
  span: Span;
  totals: boolean;
  tools: boolean;
  groupBy: Grouping | undefined;
  rowAction: RowAction;
  navigationPath: string | undefined;
}

/** Columns unless others are chosen. */
export const DEFAULT_COLUMNS: Record<Layout, readonly ColumnKey[]> = {
  full: [
    "hashrate",
    "history",
    "efficiency",
    "power",
    "asic_temperature",
    "vr_temperature",
    "fan",
    "settings",
    "uptime",
    "shares",
    "best_difficulty",
    "stability",
  ],
  lite: ["hashrate", "asic_temperature", "efficiency"],
};

/** Forty lines are read for what is wrong; six rows should stay where they are. */
const DEFAULT_SORT: Record<Layout, SortKey> = { full: "name", lite: "state" };

/**
 * Returns the settings of a configuration.
 *
 * @throws Error in words: Home Assistant shows it in place of the card.
 */
export function readConfig(config: SwarmCardConfig): Settings {
  const layout = oneOf("layout", LAYOUTS, config.layout ?? "full");
  const columns = listOf("columns", config.columns)?.map((key) =>
    oneOf("columns", COLUMN_KEYS, key),
  );
  const key = oneOf("sort", SORT_KEYS, config.sort ?? DEFAULT_SORT[layout]);
  const navigationPath = filled(config.navigation_path);
  return {
    layout,
    title: filled(config.title),
    miners: listOf("miners", config.miners),
    columns: columns ? [...new Set(columns)] : DEFAULT_COLUMNS[layout],
    sort: {
      key,
      direction: oneOf(
        "sort_order",
        SORT_ORDERS,
        config.sort_order ?? sorting(key).first,
      ),
    },
    span: oneOf("span", SPANS, config.span ?? "1h"),
    totals: config.totals ?? true,
    tools: config.tools ?? true,
    groupBy: config.group_by && oneOf("group_by", GROUPINGS, config.group_by),
    rowAction: oneOf(
      "row_action",
      ROW_ACTIONS,
      config.row_action ?? (navigationPath ? "navigate" : "more-info"),
    ),
    navigationPath,
  };
}

/** An empty text counts as none, as the editor leaves one behind. */
function filled(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
