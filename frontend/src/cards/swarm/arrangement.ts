/** How the rows are laid out in the room there is. */

import {
  type ColumnKey,
  fitColumns,
  GAP,
  NAME_WIDTH,
  type Setting,
  widthOf,
} from "./columns";
import type { Layout } from "./config";
import type { RowKind } from "./row";

/** em below which a table would be cramped. */
const TABLE_FROM = 45;
/** Miners below which a second block of the dense list is not worth it. */
const BLOCK_OF = 8;
/** em of a name that side by side is not worth cutting. */
const COMFORTABLE_NAME = 11;
/** px: padding beside the rows, and between two blocks of the dense list. */
const PADDING = 32;
const BLOCK_GAP = 20;
/** px beside the figures below the name: padding and the icon. */
const COMPACT_TAKEN = PADDING + 46;

export interface Arrangement {
  kind: RowKind;
  columns: readonly ColumnKey[];
  /** Dense lists side by side. */
  blocks: number;
  /** px of a line of the dense list. */
  line: number;
  /** CSS tracks of the columns, the name first; on a narrow list of the figures. */
  tracks: string;
  /** px between two columns. */
  gap: number;
}

/**
 * Arrange so many miners on a card of a width in px, with text of a size in px.
 */
export function arrange(
  layout: Layout,
  columns: readonly ColumnKey[],
  { width, em, miners }: { width: number; em: number; miners: number },
): Arrangement {
  if (layout === "lite") return arrangeDense(columns, width, miners);
  const room = (width - PADDING) / em;
  if (room >= TABLE_FROM) {
    const fitting = fitColumns(columns, room, "table");
    return {
      kind: "table",
      columns: fitting,
      blocks: 1,
      line: 0,
      tracks: tracksOf(fitting, "table", em),
      gap: Math.round(GAP.table * em),
    };
  }
  const shown = compactColumns(columns, width);
  const figures = shown.filter((key) => key !== "history");
  return {
    kind: "compact",
    columns: shown,
    blocks: 1,
    line: 0,
    tracks: tracksOf(figures, "compact", SMALL),
    gap: Math.round(GAP.compact * SMALL),
  };
}

/** px of the small text, however large it is elsewhere. */
const SMALL = 12;

function arrangeDense(
  columns: readonly ColumnKey[],
  width: number,
  miners: number,
): Arrangement {
  const room = width - PADDING;
  const needed = columns.reduce(
    (sum, key) => sum + GAP.dense + widthOf(key, "dense"),
    COMFORTABLE_NAME,
  );
  const blocks = Math.max(
    1,
    Math.min(
      Math.floor((room + BLOCK_GAP) / (needed * SMALL + BLOCK_GAP)),
      Math.ceil(miners / BLOCK_OF),
    ),
  );
  const block = (room - (blocks - 1) * BLOCK_GAP) / blocks;
  const fitting = fitColumns(columns, block / SMALL, "dense");
  return {
    kind: "dense",
    columns: fitting,
    blocks,
    line: lineHeight(Math.ceil(miners / blocks)),
    tracks: tracksOf(fitting, "dense", SMALL),
    gap: Math.round(GAP.dense * SMALL),
  };
}

/** The more lines, the closer together: forty fit on a phone, ten are easy to hit. */
export function lineHeight(lines: number): number {
  if (lines <= 10) return 32;
  if (lines <= 20) return 26;
  if (lines <= 28) return 21;
  return 16;
}

/** On a narrow list hashrate and curve have places of their own. */
function compactColumns(columns: readonly ColumnKey[], width: number): ColumnKey[] {
  const curve = columns.includes("history") && width >= 340;
  const figures = columns.filter((key) => key !== "history" && key !== "hashrate");
  const fitting = fitColumns(figures, (width - COMPACT_TAKEN) / SMALL, "compact");
  return curve ? ["history", ...fitting] : fitting;
}

/**
 * Sizes follow from the width alone, never from the figures, so nothing jumps. They are
 * in px, so that a head in smaller text stands above its column.
 */
function tracksOf(columns: readonly ColumnKey[], setting: Setting, em: number): string {
  const track = (width: number, share = width): string =>
    `minmax(${Math.round(width * em)}px, ${share}fr)`;
  const name = NAME_WIDTH[setting];
  return [
    ...(name ? [track(name, name * 2)] : []),
    ...columns.map((key) => track(widthOf(key, setting))),
  ].join(" ");
}
