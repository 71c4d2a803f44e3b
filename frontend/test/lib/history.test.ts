import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { deviceId } from "../../dev/fake/miners";
import { fetchConfigurations, fetchSeries } from "../../src/lib/history";

const WANTED = { columns: ["hashrate_ghs"], changes: false, points: 60 } as const;
let home: FakeHome;

beforeEach(() => {
  vi.useFakeTimers();
  home = new FakeHome({ miners: 3 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("asking for the past", () => {
  it("is done once for all who want the same", async () => {
    const [first, second] = await Promise.all([
      fetchSeries(home.hass, "1h", WANTED),
      fetchSeries(home.hass, "1h", WANTED),
    ]);
    expect(first).toBe(second);
    expect(home.commands).toHaveLength(1);
  });

  it("distinguishes what is asked for", async () => {
    await fetchSeries(home.hass, "1h", WANTED);
    await fetchSeries(home.hass, "24h", WANTED);
    const one = await fetchSeries(home.hass, "24h", WANTED, [deviceId(1)]);
    expect(one.miners.map((miner) => miner.device_id)).toEqual([deviceId(1)]);
    await fetchSeries(home.hass, "24h", { ...WANTED, points: 600 });
    expect(home.commands).toHaveLength(4);
  });

  it("is done again when the answer is old", async () => {
    await fetchSeries(home.hass, "1h", WANTED);
    vi.setSystemTime(Date.now() + 61_000);
    await fetchSeries(home.hass, "1h", WANTED);
    expect(home.commands).toHaveLength(2);
  });

  it("is done again after a failure", async () => {
    home.failures["bitaxe/configurations"] = new Error("no recorder");
    await expect(fetchConfigurations(home.hass)).rejects.toThrow("no recorder");
    delete home.failures["bitaxe/configurations"];
    expect((await fetchConfigurations(home.hass)).miners).toHaveLength(3);
  });

  it("keeps a bounded number of answers", async () => {
    for (let days = 1; days <= 60; days++) {
      await fetchSeries(home.hass, `${days}d`, WANTED);
    }
    await fetchSeries(home.hass, "60d", WANTED);
    expect(home.commands).toHaveLength(60);
    await fetchSeries(home.hass, "1d", WANTED);
    expect(home.commands).toHaveLength(61);
  });
});
