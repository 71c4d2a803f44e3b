import { describe, expect, it } from "vitest";

import { atWidth } from "../../src/lib/breakpoints";

describe("a size that follows from the width", () => {
  it("is that of the last step that was reached", () => {
    const steps = [
      [0, 1],
      [10, 2],
      [20, 3],
    ] as const;
    expect([0, 9.9, 10, 19, 1000].map((width) => atWidth(steps, width))).toEqual([
      1, 1, 2, 2, 3,
    ]);
    expect(atWidth([[10, 2]], 5)).toBe(0);
  });
});
