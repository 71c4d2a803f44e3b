import { describe, expect, it } from "vitest";
import { bounds, linear, numberTicks, usualMost } from "../../src/chart/scale";

describe("a scale", () => {
  it("places values between its pixels, and what lies outside on the edge", () => {
    const scale = linear(10, 20, 100, 200);
    expect(scale(15)).toBe(150);
    expect(scale(5)).toBe(100);
    expect(scale(30)).toBe(200);
  });

  it("may run upwards, as values do on a screen", () => {
    expect(linear(0, 10, 100, 0)(2)).toBe(80);
  });
});

describe("bounds", () => {
  it("leave some room around the values", () => {
    const [low, high] = bounds([100, 200]) ?? [];
    expect(low).toBeCloseTo(92);
    expect(high).toBeCloseTo(208);
  });

  it("do not go below zero if no value does", () => {
    expect(bounds([0, 100])?.[0]).toBe(0);
    expect(bounds([-1, 100])?.[0]).toBeLessThan(-1);
  });

  it("are open around a value that never moves", () => {
    const [low, high] = bounds([50, 50]) ?? [0, 0];
    expect(low).toBeLessThan(50);
    expect(high).toBeGreaterThan(50);
    expect(bounds([0, 0])).toEqual([0, 1]);
  });

  it("are wide enough that noise does not look like news", () => {
    const [low, high] = bounds([99.9, 100.1], undefined, 0.06) ?? [0, 0];
    expect(high - low).toBeCloseTo(6, 1);
    expect(bounds([50, 100], undefined, 0.06)).toEqual(bounds([50, 100]));
  });

  it("do not exist without values", () => {
    expect(bounds([])).toBeUndefined();
  });

  it("cut off what is far above the usual", () => {
    const values = [...Array.from({ length: 99 }, () => 16), 400];
    expect(bounds(values, usualMost(values))?.[1]).toBeLessThan(25);
    expect(usualMost([null])).toBeUndefined();
  });
});

describe("ticks", () => {
  it.each([
    [1.08, 1.24, 4, [1.1, 1.15, 1.2], 2],
    [0, 100, 4, [0, 25, 50, 75, 100], 0],
    [52, 66, 3, [55, 60, 65], 0],
    [0, 1, 4, [0, 0.25, 0.5, 0.75, 1], 2],
  ])("of %d to %d are round", (low, high, count, values, decimals) => {
    const ticks = numberTicks(low, high, count);
    ticks.values.forEach((value, index) =>
      expect(value).toBeCloseTo(values[index] ?? NaN),
    );
    expect(ticks.values).toHaveLength(values.length);
    expect(ticks.decimals).toBe(decimals);
  });

  it("are never less than two, and never -0", () => {
    expect(numberTicks(18.1, 18.9, 1).values.length).toBeGreaterThan(1);
    expect(Object.is(numberTicks(-0.2, 3, 3).values[0], 0)).toBe(true);
  });
});
