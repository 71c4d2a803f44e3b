import { describe, expect, it } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import { makeTimeline } from "../../../dev/fake/timeline";
import {
  joined,
  makeTrend,
  marksOf,
  addSample,
  type Sample,
} from "../../../src/cards/miner/trend";
import type { MinerSeries } from "../../../src/lib/model";
import { miner } from "../swarm/miners";

const { hass } = new FakeHome({ miners: 1 });
const NOW = 1_764_003_600;

function minerSeries(times: number[], values: (number | null)[]): MinerSeries {
  return {
    device_id: "d",
    name: "Bitaxe",
    mean_hashrate_ghs: null,
    columns: {
      time: times,
      seconds: times.map(() => 300),
      hashrate_ghs: values,
      power_w: values.map(() => null),
    },
    changes: [],
  };
}

describe("history and live readings", () => {
  it("are joined where the history ends", () => {
    const samples = [NOW - 400, NOW - 100, NOW].map((now) =>
      addSample([], miner({ hashrate_ghs: 1000 }), now),
    );
    const { times, columns } = joined(
      minerSeries([NOW - 900, NOW - 600], [900, 901]),
      samples.flat(),
      NOW - 3600,
    );
    expect(times).toEqual([NOW - 750, NOW - 450, NOW - 100, NOW]);
    expect(columns.hashrate_ghs).toEqual([900, 901, 1000, 1000]);
  });

  it("have a gap where nothing was recorded", () => {
    const { columns } = joined(
      minerSeries([NOW - 3000, NOW - 600], [900, 901]),
      [],
      NOW - 3600,
    );
    expect(columns.hashrate_ghs).toEqual([900, null, 901]);
  });

  it("have a gap where nothing was read", () => {
    const readings = (...times: number[]) =>
      times.flatMap((now) => addSample([], miner({ hashrate_ghs: 1000 }), now));
    // Off for hours, and back just now
    const back = joined(minerSeries([NOW - 9000], [900]), readings(NOW), NOW - 36_000);
    expect(back.columns.hashrate_ghs).toEqual([900, null, 1000]);
    // The page slept
    const slept = joined(minerSeries([], []), readings(NOW - 7200, NOW), NOW - 36_000);
    expect(slept.columns.hashrate_ghs).toEqual([1000, null, 1000]);
    // Read every five minutes
    const seldom = joined(minerSeries([], []), readings(NOW - 300, NOW), NOW - 36_000);
    expect(seldom.columns.hashrate_ghs).toEqual([1000, 1000]);
  });

  it("begin with the span", () => {
    const { times } = joined(
      minerSeries([NOW - 7200, NOW - 600], [1, 2]),
      [],
      NOW - 3600,
    );
    expect(times).toEqual([NOW - 450]);
  });
});

describe("live readings", () => {
  it("are kept every few seconds, and not for ever", () => {
    let samples: readonly Sample[] = [];
    for (let second = 0; second < 3600; second++) {
      samples = addSample(samples, miner(), NOW + second);
    }
    expect(samples).toHaveLength(120);
    expect((samples[1]?.time ?? 0) - (samples[0]?.time ?? 0)).toBe(9);
    expect(samples.at(-1)?.time).toBe(NOW + 3599);
  });

  it("of a miner that does not answer are unknown", () => {
    expect(addSample([], miner({ online: false }), NOW)[0]?.hashrate_ghs).toBeNull();
  });
});

describe("a trend", () => {
  it("has no panel for what is not known", () => {
    const trend = makeTrend(
      hass,
      minerSeries([NOW - 600], [900]),
      [],
      "1h",
      "power",
      NOW,
    );
    expect(trend.panels.map(({ title }) => title)).toEqual(["Hashrate"]);
    expect(trend.panels[0]?.lines.map(({ label }) => label)).toEqual(["measured"]);
  });

  it("draws terahashes on a round axis and writes them with their unit", () => {
    const trend = makeTrend(
      hass,
      minerSeries([NOW - 600], [1234]),
      [],
      "1h",
      "power",
      NOW,
    );
    expect(trend.panels[0]?.lines[0]?.values).toEqual([1.234]);
    expect(trend.panels[0]?.write(1.234)).toBe("1.23\u00a0TH/s");
    expect(trend.start).toBe(NOW - 3600);
  });

  it("marks where the setting changed within the span", () => {
    const before = { frequency_mhz: 525, core_voltage_mv: 1150 };
    const after = { frequency_mhz: 550, core_voltage_mv: 1160 };
    const known = minerSeries([NOW - 600], [900]);
    known.changes = [
      { time: NOW - 7200, before, after },
      { time: NOW - 1200, before, after },
    ];
    expect(makeTrend(hass, known, [], "1h", "power", NOW).marks).toEqual([
      { time: NOW - 1200, label: "525/1150 → 550/1160" },
    ]);
  });
});

describe("the marks", () => {
  const items = makeTimeline(
    [["d", miner({ warnings: [] })]],
    ["settings_changed", "overheating"],
    NOW,
  ).items;
  const marks = marksOf(hass, items, () => "");
  const change = (time: number) => ({
    ...minerSeries([NOW - 600], [900]),
    changes: [
      {
        time,
        before: { frequency_mhz: 575, core_voltage_mv: 1130 },
        after: { frequency_mhz: 600, core_voltage_mv: 1150 },
      },
    ],
  });

  it("are what happened, where it began, with how long it lasted", () => {
    const { marks: drawn } = makeTrend(hass, change(0), [], "24h", "power", NOW, marks);
    expect(drawn.map(({ time }) => NOW - time)).toEqual([20 * 3600, 3 * 3600]);
    expect(drawn[0]?.label).toContain("ASIC too hot · after 1\u00a0h");
    expect(drawn[1]?.label).toContain("Frequency 575\u00a0MHz → 600\u00a0MHz");
    expect(drawn[0]?.color).not.toBe(drawn[1]?.color);
  });

  it("show a change of the setting once, though the history knows it as well", () => {
    const count = (time: number): number =>
      makeTrend(hass, change(time), [], "24h", "power", NOW, marks).marks.length;
    expect(count(NOW - 3 * 3600 + 200)).toBe(2);
    expect(count(NOW - 8 * 3600)).toBe(3);
  });
});
