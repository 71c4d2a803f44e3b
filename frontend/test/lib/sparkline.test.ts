import { describe, expect, it } from "vitest";
import { sparklinePaths } from "../../src/lib/sparkline";

const line = (values: (number | null)[], scale = {}): string =>
  sparklinePaths({ values, label: "", ...scale }).line;

describe("a sparkline", () => {
  it("goes from the lowest to the highest value", () => {
    expect(line([0, 10])).toBe("M0 30L100 0");
  });

  it("is parted by gaps, and its area too", () => {
    const { line: drawn, area } = sparklinePaths({
      values: [1, 2, null, 1, 2],
      label: "",
    });
    expect(drawn.match(/M/g)).toHaveLength(2);
    expect(area.match(/Z/g)).toHaveLength(2);
  });

  it("shows a value that stands alone", () => {
    expect(line([null, 5, null])).toBe("M50 15h0");
  });

  it("is a line through the middle if nothing changes", () => {
    expect(line([5, 5])).toBe("M0 15L100 15");
  });

  it("stays within a scale that is given", () => {
    expect(line([-10, 200], { low: 0, high: 100 })).toBe("M0 30L100 0");
  });

  it("is nothing without values", () => {
    expect(line([])).toBe("");
    expect(line([null, null])).toBe("");
  });
});
