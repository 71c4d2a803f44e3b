/** How the rows are laid out in the room there is. */

import {
  type ColumnKey,
  fitColumns,
  GAP,
  NAME_WIDTH,
  nameWidth,
  type Setting,
  widthOf,
} from "./columns";
import type { Layout } from "./config";
import type { RowKind } from "./row";
import { gridOf } from "./totals-view";

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
 * Arranges so many miners on a card of a width in px, with text of a size in px. The
 * longest name has so many characters.
 */
export function arrange(
  layout: Layout,
  columns: readonly ColumnKey[],
  {
    width,
    em,
    miners,
    longest = 0,
    selecting = false,
  }: {
    width: number;
    em: number;
    miners: number;
    longest?: number;
    selecting?: boolean;
  },
): Arrangement {
  if (layout === "lite") {
    const dense = arrangeDense(columns, width, miners, longest);
    return selecting ? { ...dense, line: Math.max(dense.line, TOUCHED_LINE) } : dense;
  }
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
/** px of a dense line that fingers have to hit. */
const TOUCHED_LINE = 32;

function arrangeDense(
  columns: readonly ColumnKey[],
  width: number,
  miners: number,
  longest: number,
): Arrangement {
  const name = nameWidth(longest);
  const room = width - PADDING;
  const needed = columns.reduce(
    (sum, key) => sum + GAP.dense + widthOf(key, "dense"),
    Math.max(COMFORTABLE_NAME, name),
  );
  const blocks = Math.max(
    1,
    Math.min(
      Math.floor((room + BLOCK_GAP) / (needed * SMALL + BLOCK_GAP)),
      Math.ceil(miners / BLOCK_OF),
    ),
  );
  const block = (room - (blocks - 1) * BLOCK_GAP) / blocks;
  const fitting = fitColumns(columns, block / SMALL, "dense", name);
  return {
    kind: "dense",
    columns: fitting,
    blocks,
    line: lineHeight(Math.ceil(miners / blocks)),
    tracks: tracksOf(fitting, "dense", SMALL, name),
    gap: Math.round(GAP.dense * SMALL),
  };
}

/** Tiles of the totals: one each, where price and difficulty of the network are known. */
const TILES = 7;
/** px of the card beside its rows, of a row of tiles, and of the rows of each kind. */
const HEAD = 49;
const TILE_ROW = 81.4;
const TILES_PADDING = 12;
const HEADING = { table: 37, compact: 40, dense: 30 };
const ROW = { table: 52.4, compact: 57 };

/** Returns the height in px of a card that is arranged like this. */
export function heightOf(
  { kind, blocks, line }: Arrangement,
  {
    miners,
    width,
    totals,
    tools = 0,
  }: { miners: number; width: number; totals: boolean; tools?: number },
): number {
  if (miners === 0) return 0;
  if (kind === "dense")
    return HEAD - 8 + tools + HEADING.dense + line * Math.ceil(miners / blocks);
  const tiles = Math.ceil(TILES / gridOf(TILES, width).columns);
  return (
    HEAD +
    tools +
    (totals ? tiles * TILE_ROW + TILES_PADDING : 0) +
    HEADING[kind] +
    ROW[kind] * miners
  );
}

/** The more lines, the closer together: forty fit on a phone, ten are easy to hit. */
function lineHeight(lines: number): number {
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
 * Sizes follow from the width and the names, never from the figures, so nothing jumps.
 * They are in px, so that a head in smaller text stands above its column.
 */
function tracksOf(
  columns: readonly ColumnKey[],
  setting: Setting,
  em: number,
  name = NAME_WIDTH[setting],
): string {
  const track = (width: number, share = width): string =>
    `minmax(${Math.round(width * em)}px, ${share}fr)`;
  return [
    ...(name ? [track(name, name * 2)] : []),
    ...columns.map((key) => track(widthOf(key, setting))),
  ].join(" ");
}
