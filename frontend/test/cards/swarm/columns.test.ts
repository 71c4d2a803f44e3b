import { describe, expect, it } from "vitest";

import {
  COLUMN_KEYS,
  fitColumns,
  GAP,
  NAME_WIDTH,
  SORT_KEYS,
  widthOf,
} from "../../../src/cards/swarm/columns";
import { DEFAULT_COLUMNS } from "../../../src/cards/swarm/config";

describe("the columns that fit", () => {
  it("are all of them where there is room", () => {
    expect(fitColumns(COLUMN_KEYS, 1000, "table")).toEqual(COLUMN_KEYS);
  });

  it("keep the order somebody chose", () => {
    const chosen = ["power", "wifi", "hashrate"] as const;
    expect(fitColumns(chosen, 1000, "table")).toEqual(chosen);
    expect(fitColumns(chosen, 30, "table")).toEqual(["power", "hashrate"]);
  });

  it("never need more room than there is", () => {
    for (const kind of ["table", "dense", "compact"] as const)
      for (let width = NAME_WIDTH[kind]; width < 160; width += 0.5) {
        const fitting = fitColumns(COLUMN_KEYS, width, kind);
        const needed = fitting.reduce(
          (sum, key) => sum + GAP[kind] + widthOf(key, kind),
          NAME_WIDTH[kind],
        );
        expect(needed).toBeLessThanOrEqual(width + 1e-9);
      }
  });

  it("leave the name alone where there is no room at all", () => {
    expect(fitColumns(COLUMN_KEYS, 4, "table")).toEqual([]);
  });

  it("are all the figures of the dense list on the smallest phone", () => {
    // 320 px less the margins of view and card, at 12 px to the em.
    expect(fitColumns(DEFAULT_COLUMNS.lite, 272 / 12, "dense")).toEqual(
      DEFAULT_COLUMNS.lite,
    );
  });
});

it("sorts by everything but the curves", () => {
  expect(SORT_KEYS).toEqual([
    "name",
    "state",
    ...COLUMN_KEYS.filter((key) => key !== "history"),
  ]);
});
