import { describe, expect, it } from "vitest";

import { isWhole, panned, zoomed } from "../../src/chart/zoom";

const LIMITS = { start: 0, end: 86_400 };

describe("what is looked at", () => {
  it("becomes shorter around the moment that is pointed at", () => {
    const window = zoomed(LIMITS, LIMITS, 0.5, 21_600);
    expect(window).toEqual({ start: 10_800, end: 54_000 });
    // The moment stays where it is on the screen.
    expect((21_600 - window.start) / 43_200).toBe(21_600 / 86_400);
  });

  it("never reaches beyond what there is, nor below what was recorded", () => {
    expect(zoomed({ start: 0, end: 7200 }, LIMITS, 1e9, 3600)).toEqual(LIMITS);
    const { start, end } = zoomed(LIMITS, LIMITS, 1e-9, 43_200);
    expect(end - start).toBe(600);
    expect(zoomed({ start: 0, end: 300 }, { start: 0, end: 300 }, 0.1, 100)).toEqual({
      start: 0,
      end: 300,
    });
  });

  it("moves, as far as there is something", () => {
    const window = { start: 40_000, end: 50_000 };
    expect(panned(window, LIMITS, -0.5)).toEqual({ start: 35_000, end: 45_000 });
    expect(panned(window, LIMITS, 99)).toEqual({ start: 76_400, end: 86_400 });
    expect(panned(window, LIMITS, -99)).toEqual({ start: 0, end: 10_000 });
  });

  it("is known to be all of it", () => {
    expect(isWhole(LIMITS, LIMITS)).toBe(true);
    expect(isWhole({ start: 1000, end: 86_400 }, LIMITS)).toBe(false);
  });
});
