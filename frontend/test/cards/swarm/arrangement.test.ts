import { describe, expect, it } from "vitest";

import { arrange, heightOf } from "../../../src/cards/swarm/arrangement";
import { DEFAULT_COLUMNS, type Layout } from "../../../src/cards/swarm/config";
import { gridOf } from "../../../src/cards/swarm/totals-view";

function arranged(layout: Layout, width: number, miners = 40) {
  return arrange(layout, DEFAULT_COLUMNS[layout], { width, em: 14, miners });
}

describe("the full layout", () => {
  it("is a table with everything on a wall tablet", () => {
    expect(arranged("full", 1584)).toMatchObject({
      kind: "table",
      columns: DEFAULT_COLUMNS.full,
    });
  });

  it("keeps what matters most on a small tablet", () => {
    const { kind, columns } = arranged("full", 784);
    expect(kind).toBe("table");
    expect(columns).toEqual([
      "hashrate",
      "history",
      "efficiency",
      "asic_temperature",
      "vr_temperature",
    ]);
  });

  it("is a list on a phone, with hashrate and curve in places of their own", () => {
    const { kind, columns } = arranged("full", 374);
    expect(kind).toBe("compact");
    expect(columns).toEqual([
      "history",
      "efficiency",
      "power",
      "asic_temperature",
      "vr_temperature",
    ]);
    expect(arranged("full", 304).columns).not.toContain("history");
  });

  it("is a list sooner if the text is large", () => {
    expect(
      arrange("full", DEFAULT_COLUMNS.full, { width: 784, em: 20, miners: 6 }).kind,
    ).toBe("compact");
  });
});

describe("the lite layout", () => {
  it("puts forty miners on one screen of a phone", () => {
    const { blocks, line, columns } = arranged("lite", 374);
    expect(blocks).toBe(1);
    // Of 844 px a phone and the app leave about 700.
    expect(line * 40).toBeLessThanOrEqual(640);
    expect(columns).toEqual(DEFAULT_COLUMNS.lite);
  });

  it("gives fewer miners more room", () => {
    expect(arranged("lite", 374, 6).line).toBe(32);
  });

  it("stands side by side where there is room, if it is long enough", () => {
    expect(arranged("lite", 1584).blocks).toBeGreaterThanOrEqual(4);
    expect(arranged("lite", 784).blocks).toBe(2);
    expect(arranged("lite", 784, 8).blocks).toBe(1);
  });
});

describe("the tiles", () => {
  it("leave no hole, whatever their number and the width", () => {
    for (let tiles = 1; tiles <= 8; tiles++)
      for (let width = 250; width < 2000; width += 10) {
        const { columns, first } = gridOf(tiles, width);
        expect((tiles - 1 + first) % columns).toBe(0);
        expect(first).toBeGreaterThanOrEqual(1);
        expect(first).toBeLessThanOrEqual(columns);
      }
  });

  it("stand two by two on the smallest phone", () => {
    expect(gridOf(7, 302)).toEqual({ columns: 2, first: 2 });
  });
});

describe("long names on dense lines", () => {
  it("have the room that other columns give up", () => {
    const options = { width: 304, em: 14, miners: 40 };
    const columns = DEFAULT_COLUMNS.lite;
    const brief = arrange("lite", columns, { ...options, longest: 8 });
    const long = arrange("lite", columns, { ...options, longest: 19 });
    expect(long.columns.length).toBeLessThan(brief.columns.length);
    expect(long.columns).toContain("hashrate");
    expect(parseInt(long.tracks.slice(7))).toBeGreaterThan(
      parseInt(brief.tracks.slice(7)),
    );
  });
});

describe("the height that is kept", () => {
  const height = (layout: Layout, miners: number, width: number): number =>
    heightOf(arranged(layout, width, miners), { miners, width, totals: true });

  it("grows with each miner, by the row that it takes", () => {
    expect(height("full", 7, 1262) - height("full", 6, 1262)).toBeCloseTo(52.4);
    expect(height("full", 7, 374) - height("full", 6, 374)).toBe(57);
  });

  it("is that of all dense lines beside each other", () => {
    expect(height("lite", 20, 1262)).toBe(height("lite", 19, 1262));
    expect(height("lite", 0, 1262)).toBe(0);
  });
});
