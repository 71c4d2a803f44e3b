import { describe, expect, it } from "vitest";

import { tableOf, totalOf } from "../../../src/cards/comparison/lines";
import type { MinerSeries } from "../../../src/lib/model";

const minerSeries = (
  id: string,
  time: number[],
  values: (number | null)[],
): MinerSeries => ({
  device_id: id,
  name: id,
  mean_hashrate_ghs: null,
  columns: { time, seconds: time.map(() => 300), hashrate_ghs: values },
  changes: [],
});

describe("histories side by side", () => {
  const table = tableOf(
    [minerSeries("a", [0, 300], [1, 2]), minerSeries("b", [300], [10])],
    "hashrate",
  );

  it("share their times, and are unknown where a miner has no row", () => {
    expect(table.times).toEqual([150, 450]);
    expect(table.columns.get("a")).toEqual([1, 2]);
    expect(table.columns.get("b")).toEqual([null, 10]);
  });

  it("add up to what is known", () => {
    expect(totalOf(table)).toEqual([1, 12]);
  });

  it("take rows of the last minutes for one time, whatever second they begin at", () => {
    const recent = tableOf(
      [
        minerSeries("a", [0, 300, 604], [1, 2, 3]),
        minerSeries("b", [0, 300, 611], [10, 20, 30]),
      ],
      "hashrate",
    );
    expect(recent.times).toEqual([150, 450, 754]);
    expect(totalOf(recent)).toEqual([11, 22, 33]);
  });

  it("do not dip where a row of one miner begins within that of another", () => {
    const late = tableOf(
      [minerSeries("a", [0, 300], [1, 2]), minerSeries("b", [200], [10])],
      "hashrate",
    );
    expect(totalOf(late)).toEqual([1, 12]);
  });

  it("do not end with a dip while a miner has yet to be heard", () => {
    const heard = tableOf(
      [
        minerSeries("a", [0, 300, 600], [1, 2, 3]),
        minerSeries("b", [0, 300], [10, 20]),
      ],
      "hashrate",
    );
    expect(totalOf(heard)).toEqual([11, 22]);
    expect(heard.times).toEqual([150, 450]);
    const gone = tableOf(
      [minerSeries("a", [0, 300, 600], [1, 2, 3]), minerSeries("b", [0], [10])],
      "hashrate",
    );
    expect(totalOf(gone)).toEqual([11, 2, 3]);
  });
});
