import { describe, expect, it } from "vitest";

import { trendAsCsv } from "../../src/chart/export";
import type { Trend } from "../../src/chart/trend";

const write = String;
const trend: Trend = {
  start: 1_764_000_000,
  end: 1_764_000_600,
  times: [1_763_999_000, 1_764_000_000, 1_764_000_300],
  panels: [
    {
      title: "Hashrate",
      unit: "TH/s",
      lines: [
        { label: "measured, mean", color: "", values: [9, 1.0000000001, null] },
        { label: "", color: "", values: [9, 1.1, 1.2] },
      ],
      write,
      tick: write,
    },
  ],
  marks: [],
};

describe("a trend as a table", () => {
  it("has a row for each time that is shown, and nothing for what is unknown", () => {
    const table = trendAsCsv(trend, { decimalMark: ".", offset: () => 3600 });
    expect(table.split("\r\n")).toEqual([
      'time,time_local,"Hashrate (measured, mean) [TH/s]",Hashrate [TH/s]',
      "2025-11-24T16:00:00Z,2025-11-24 17:00:00,1,1.1",
      "2025-11-24T16:05:00Z,2025-11-24 17:05:00,,1.2",
    ]);
  });

  it("is read by spreadsheets of languages with a decimal comma", () => {
    const table = trendAsCsv(trend, { decimalMark: ",", offset: () => 0 });
    expect(table.split("\r\n")[1]).toBe(
      "2025-11-24T16:00:00Z;2025-11-24 16:00:00;1;1,1",
    );
  });
});
