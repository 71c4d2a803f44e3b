import { describe, expect, it } from "vitest";

import { curveOf, curvesOf, scaleOf } from "../../../src/cards/swarm/curve";
import type { MinerSeries, Series } from "../../../src/lib/model";

function minerSeries(
  time: number[],
  hashrate: (number | null)[],
  seconds = 300,
  device = "a",
): MinerSeries {
  return {
    device_id: device,
    name: device,
    mean_hashrate_ghs: null,
    columns: { time, seconds: time.map(() => seconds), hashrate_ghs: hashrate },
    changes: [],
  };
}

function series(...miners: MinerSeries[]): Series {
  return { span: { name: "1h", start: null, end: "2026-11-25T12:00:00Z" }, miners };
}

describe("a curve", () => {
  it("has a value for each step, and gaps where nothing is known", () => {
    const curve = curveOf(minerSeries([3300, 3600, 6900], [1, null, 2]), "1h", 7200);
    expect(curve).toHaveLength(12);
    expect(curve.at(-1)).toBe(2);
    expect(curve.slice(0, -1).every((value) => value === null)).toBe(true);
  });

  it("averages what falls into one step by its time", () => {
    // Of a step of 1800 s, 600 s at 1000 and 300 s at 400.
    const curve = curveOf(
      minerSeries([84_600, 84_900, 85_200], [1000, 1000, 400]),
      "24h",
      86_400,
    );
    expect(curve.at(-1)).toBeCloseTo(800);
    expect(curve.filter((value) => value !== null)).toHaveLength(1);
  });

  it("spreads a long row over its steps", () => {
    const curve = curveOf(minerSeries([79_200], [500], 3600), "24h", 86_400);
    expect(curve.slice(-5)).toEqual([null, 500, 500, null, null].slice(0, 5));
  });

  it("ends where the newest time series does", () => {
    const curves = curvesOf(
      series(minerSeries([7200], [1]), minerSeries([6300], [2], 300, "b")),
      "1h",
      new Map(),
    );
    expect(curves.get("a")?.at(-1)).toBe(1);
    expect(curves.get("b")?.at(-4)).toBe(2);
  });

  it("stays the same object while its values do, so it is not drawn again", () => {
    const first = curvesOf(series(minerSeries([7200], [1])), "1h", new Map());
    const second = curvesOf(
      series(minerSeries([7200], [1]), minerSeries([7200], [1], 300, "b")),
      "1h",
      first,
    );
    expect(second.get("a")).toBe(first.get("a"));
    const third = curvesOf(series(minerSeries([7200], [3])), "1h", second);
    expect(third.get("a")).not.toBe(first.get("a"));
  });

  it("of a miner without history is empty", () => {
    const curves = curvesOf(series(minerSeries([], [])), "1h", new Map());
    expect(curves.get("a")).toEqual(new Array(12).fill(null));
  });
});

describe("the scale", () => {
  it("keeps usual ups and downs small", () => {
    expect(scaleOf([1000, null, 980], 1000)).toEqual({ low: 500, high: 1050 });
  });

  it("has room for what falls out", () => {
    expect(scaleOf([0, 1300], 1000)).toEqual({ low: 0, high: 1300 });
    expect(scaleOf([800, 1000], null)).toEqual({ low: 500, high: 1050 });
  });
});
