import { describe, expect, it } from "vitest";
import { placeLabels } from "../../src/chart/labels";

const within: [number, number, number, number] = [0, 300, 0, 200];
const point = (x: number, y: number, importance = 0) => ({
  x,
  y,
  radius: 5,
  text: "525/1150",
  importance,
});

describe("labels", () => {
  it("stand beside their points", () => {
    expect(placeLabels([point(100, 100)], within)).toEqual([
      { x: 109, y: 104, text: "525/1150", anchor: "start" },
    ]);
  });

  it("change sides at the edge", () => {
    expect(placeLabels([point(295, 100)], within)[0]?.anchor).toBe("end");
  });

  it("do not cover points or each other; the most important is placed first", () => {
    const crowd = Array.from({ length: 30 }, (_, index) =>
      point(150, 100 + index / 10, index),
    );
    const placed = placeLabels(crowd, within);
    expect(placed.length).toBeLessThan(5);
    expect(placed[0]?.y).toBeCloseTo(106.9);
  });

  it("are left out where they are not wanted", () => {
    expect(placeLabels([point(100, 100, -1)], within)).toEqual([]);
  });
});
