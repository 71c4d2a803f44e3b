import { describe, expect, it } from "vitest";
import { linePath, nearest, thin } from "../../src/chart/thin";

const same = (value: number): number => value;

describe("thinning", () => {
  it("leaves short lines as they are", () => {
    expect(thin([1, 2, null, 3], 10)).toEqual([0, 1, 2, 3]);
  });

  it("keeps every peak, and about as many points as there is room for", () => {
    const values = Array.from({ length: 10_000 }, (_, index) =>
      index === 4321 ? 99 : index === 8765 ? -99 : Math.sin(index),
    );
    const kept = thin(values, 100);
    expect(kept).toContain(4321);
    expect(kept).toContain(8765);
    expect(kept.length).toBeLessThanOrEqual(400);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect([kept[0], kept.at(-1)]).toEqual([0, 9999]);
  });

  it("keeps gaps", () => {
    const values = Array.from({ length: 1000 }, (_, index) =>
      index > 503 && index < 507 ? null : 1,
    );
    const kept = thin(values, 10).map((index) => values[index]);
    expect(kept).toContain(null);
  });
});

describe("a path", () => {
  it("breaks where a value is unknown, and draws a lone one as a dot", () => {
    const path = linePath([0, 1, 2, 3, 4], [1, 2, null, 3, null], same, same, 10);
    expect(path).toBe("M0.0 1.0h0L1.0 2.0M3.0 3.0h0");
  });

  it("is empty without values", () => {
    expect(linePath([], [], same, same, 10)).toBe("");
  });
});

describe("the nearest time", () => {
  it.each([
    [-5, 0],
    [14, 1],
    [16, 2],
    [99, 2],
  ])("to %d is found", (wanted, index) => {
    expect(nearest([0, 10, 20], wanted)).toBe(index);
  });

  it("is none of none", () => {
    expect(nearest([], 1)).toBe(-1);
    expect(nearest([7], 1)).toBe(0);
  });
});
