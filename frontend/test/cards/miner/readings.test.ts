import { describe, expect, it } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import { facts, tiles } from "../../../src/cards/miner/readings";
import { signed } from "../../../src/lib/format";
import { miner } from "../swarm/miners";

const { hass } = new FakeHome({ miners: 1 });
const tile = (name: string, changes = {}) =>
  tiles(hass, miner(changes)).find((item) => item.name === name);
const fact = (name: string, changes = {}) =>
  facts(hass, miner(changes), 1_764_000_000).find((item) => item.name === name);

describe("the figures that are seen first", () => {
  it("show the hashrate against the expected one", () => {
    expect(tile("hashrate")).toMatchObject({
      value: "1.05",
      unit: "TH/s",
      note: "98\u00a0% of 1.07\u00a0TH/s",
      level: "good",
    });
  });

  it("have the levels that the integration gives them", () => {
    const levels = { hashrate: "critical", vr_temperature: "warning" } as const;
    expect(tile("hashrate", { levels })?.level).toBe("critical");
    expect(tile("vr", { levels })?.level).toBe("warning");
    expect(tile("power", { levels })?.level).toBeUndefined();
  });

  it("show heat against its limit", () => {
    expect(tile("asic", { asic_temperature_c: 67 })?.note).toBe("stops at 70\u00a0°C");
  });

  it("have no unit, bar or level for what is unknown", () => {
    expect(tile("power", { power_w: null, levels: {} })).toMatchObject({
      value: "–",
      unit: "",
      share: undefined,
      level: undefined,
    });
  });

  it("say what a better setting would save", () => {
    const best = {
      frequency_mhz: 500,
      core_voltage_mv: 1100,
      verdict: "change",
      efficiency_change_j_th: -1.24,
    };
    expect(tile("efficiency", { best })?.note).toBe("−1.2 J/TH possible");
    expect(tile("efficiency", { best: { ...best, verdict: "uncertain" } })?.note).toBe(
      "",
    );
  });
});

it("says in German how fast the fan turns", () => {
  const german = new FakeHome({ miners: 1, language: "de" }).hass;
  const [fan] = tiles(german, miner({ fan_rpm: 5274 })).filter(
    ({ name }) => name === "fan",
  );
  expect(fan?.note).toBe("5.274 U/min");
});

describe("the other figures", () => {
  it("are left out if the miner does not have them", () => {
    expect(fact("wifi", { wifi_rssi_dbm: null })).toBeUndefined();
    expect(fact("blocks", { blocks_found: 0 })).toBeUndefined();
    expect(fact("blocks", { blocks_found: 1 })?.value).toBe("1");
  });

  it("set what is measured beside what is set", () => {
    expect(fact("core_voltage")).toMatchObject({
      value: "1,150\u00a0mV",
      note: "measured 1,142\u00a0mV",
    });
    expect(fact("frequency", { frequency_mhz: 543.75 })?.value).toBe("543.75\u00a0MHz");
  });

  it("mark the fallback pool", () => {
    expect(fact("pool", { using_fallback: true })).toMatchObject({
      note: "Fallback pool",
      level: "warning",
    });
  });

  it("say why the pool refused shares, if it did", () => {
    expect(fact("reject_reasons")).toBeUndefined();
    const reasons = [
      { message: "Above target", count: 1200 },
      { message: "Stale", count: 1 },
    ];
    expect(fact("reject_reasons", { reject_reasons: reasons })?.value).toBe(
      "Above target (1,200), Stale (1)",
    );
  });

  it("count no uptime of a miner that does not answer", () => {
    expect(fact("uptime")?.value).toBe("1\u00a0d 3\u00a0h");
    expect(fact("uptime", { online: false })).toBeUndefined();
  });
});

it("differences have a sign", () => {
  expect([signed(hass, 1.26, 1), signed(hass, -1.26, 1)]).toEqual(["+1.3", "−1.3"]);
});

describe("what the pool sees", () => {
  const seen = {
    account: "public-pool bc1qxy…mdq9",
    worker: "attic",
    hashrate_ghs: 1180,
    error_percent: 4.06,
    last_share: 1_764_000_000 - 130,
    miners: 1,
  };

  it("is shown with its error and the age of the last share", () => {
    expect(fact("at_pool", { at_pool: seen })).toMatchObject({
      value: "1.18\u00a0TH/s ± 4.1\u00a0%",
      note: "last share 2\u00a0min ago",
    });
  });

  it("is said to be a sum where several miners share a name", () => {
    expect(
      fact("at_pool", { at_pool: { ...seen, miners: 3, last_share: null } })?.note,
    ).toBe("3 miners together");
  });

  it("is left out where nobody asks a pool, or the server is older", () => {
    expect(fact("at_pool", { at_pool: null })).toBeUndefined();
    expect(fact("at_pool", { at_pool: undefined })).toBeUndefined();
  });
});
