import { describe, expect, it } from "vitest";
import { timeTicks } from "../../src/chart/time";
import { timeFormat } from "../../src/lib/clock";

const unix = (text: string): number => Date.parse(text) / 1000;
const berlin = timeFormat({ language: "de", timeZone: "Europe/Berlin" });
const labels = (from: string, to: string, count: number, format = berlin): string[] =>
  timeTicks(unix(from), unix(to), count, format).map(({ label }) => label);

describe("time ticks", () => {
  it("are round times of the user's time zone, and days where they begin", () => {
    expect(labels("2026-11-24T16:00Z", "2026-11-25T16:00Z", 8)).toEqual([
      "18:00",
      "21:00",
      "25. Nov.",
      "03:00",
      "06:00",
      "09:00",
      "12:00",
      "15:00",
    ]);
  });

  it("are round also where time zones differ by half an hour", () => {
    const india = timeFormat({ language: "en-GB", timeZone: "Asia/Kolkata" });
    expect(labels("2026-11-25T00:00Z", "2026-11-25T01:00Z", 4, india)).toEqual([
      "05:30",
      "05:45",
      "06:00",
      "06:15",
      "06:30",
    ]);
  });

  it("leave out the hour that spring skips", () => {
    expect(labels("2026-03-29T00:00Z", "2026-03-29T03:00Z", 5)).toEqual([
      "01:00",
      "03:00",
      "04:00",
      "05:00",
    ]);
  });

  it("stay at midnight when clocks change", () => {
    const ticks = timeTicks(
      unix("2026-10-23T00:00Z"),
      unix("2026-10-28T00:00Z"),
      6,
      berlin,
    );
    expect(ticks.map(({ time }) => new Date(time * 1000).toISOString())).toEqual([
      "2026-10-23T22:00:00.000Z",
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
      "2026-10-26T23:00:00.000Z",
      "2026-10-27T23:00:00.000Z",
    ]);
    expect(ticks.every(({ strong }) => strong)).toBe(true);
  });

  it("are few enough for the room there is", () => {
    expect(labels("2026-11-18T00:00Z", "2026-11-25T00:00Z", 3).length).toBeLessThan(5);
  });
});

describe("times", () => {
  it("are written with twelve or twenty-four hours, as the user wants", () => {
    const at = unix("2026-11-25T07:05Z");
    const clock = { language: "en", timeZone: "Europe/Berlin" };
    expect(timeFormat({ ...clock, hour12: true }).time(at)).toMatch(/^8:05\sAM$/);
    expect(timeFormat({ ...clock, hour12: false }).time(at)).toBe("08:05");
    expect(timeFormat(clock).time(at)).toMatch(/^8:05\sAM$/);
    expect(berlin.time(at)).toBe("08:05");
  });
});

it.each([
  [false, "00:05"],
  [true, "12:05 AM"],
])("midnight is written as it is on a clock, with 12 hours: %j", (hour12, written) => {
  const format = timeFormat({ language: "en", timeZone: "Asia/Tokyo", hour12 });
  expect(format.time(unix("2026-11-24T15:05Z")).replace("\u202f", " ")).toBe(written);
});
