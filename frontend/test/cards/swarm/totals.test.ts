import { render } from "lit";
import { describe, expect, it } from "vitest";

import { FakeHome } from "../../../dev/fake/home";
import { computeTotals } from "../../../src/cards/swarm/totals";
import { renderTiles } from "../../../src/cards/swarm/totals-view";
import type { Swarm } from "../../../src/lib/model";
import { miner } from "./miners";

const SWARM: Swarm = {
  name: "Swarm",
  device_id: "swarm",
  hashrate_ghs: 4000,
  expected_hashrate_ghs: 4100,
  power_w: 80,
  efficiency_j_th: 20,
  miners: 3,
  miners_online: 3,
  miners_mining: 3,
  best_difficulty: 9e12,
  best_miner: "One that is gone",
  cost_per_day: 0.6,
  currency: "EUR",
  network_difficulty: 1.5e14,
  has_price: true,
  has_notifications: true,
  years_to_block: 5100,
  block_height: 910_000,
  income_sats_per_day: 180,
  income_per_day: 0.16,
  margin_per_day: -0.44,
  break_even_price: 0.083,
  sats_per_kwh: 94,
  energy_kwh: 12,
  entities: {},
  can_control: true,
};

describe("the chance of a block", () => {
  const { hass } = new FakeHome({ miners: 0 });
  const shown = (years: number): string => {
    const totals = computeTotals(
      [],
      { ...SWARM, miners: 1, years_to_block: years },
      true,
    );
    const page = document.createElement("div");
    render(renderTiles(hass, totals, 900), page);
    return (page.querySelector(".tile:last-child")?.textContent ?? "").replace(
      /\s+/g,
      " ",
    );
  };

  it("is shown as odds rather than as percent", () => {
    expect(shown(2437)).toContain("1 in 890,000");
    expect(shown(2437)).toContain("one in 2,437 years");
    expect(shown(0.1)).toContain("1 in 37");
    expect(shown(0.1)).toContain("one in 37 days");
  });
});

describe("the expected income", () => {
  const { hass } = new FakeHome({ miners: 0 });
  const shown = (swarm: Partial<Swarm>): string => {
    const page = document.createElement("div");
    render(
      renderTiles(hass, computeTotals([], { ...SWARM, ...swarm }, true), 900),
      page,
    );
    return (page.textContent ?? "").replace(/\s+/g, " ");
  };

  it("is shown in money with what is left of it, or else in sats", () => {
    expect(shown({})).toMatch(/Expected income per day €0.16 -€0.44 after electricity/);
    expect(shown({ cost_per_day: null })).toMatch(/€0.16 180 sat/);
    expect(shown({ income_per_day: null })).toMatch(/income per day 180 sat/);
    expect(shown({ income_sats_per_day: null })).not.toContain("income");
  });

  it("of some goes with their hashrate", () => {
    const totals = computeTotals([miner({ hashrate_ghs: 1000 })], SWARM, false);
    expect(totals.income_sats_per_day).toBeCloseTo(45);
    expect(totals.income_per_day).toBeCloseTo(0.04);
  });
});

describe("totals", () => {
  it("of all miners are those of the swarm", () => {
    const totals = computeTotals([miner()], SWARM, true);
    expect(totals).toMatchObject({
      hashrate_ghs: 4000,
      best_miner: "One that is gone",
      cost_per_day: 0.6,
      years_to_block: 5100,
    });
  });

  it("are summed up for users who may not see the swarm", () => {
    const nothing = Object.fromEntries(Object.keys(SWARM).map((key) => [key, null]));
    const silent = { ...nothing, entities: {}, can_control: false } as unknown as Swarm;
    expect(computeTotals([miner({ hashrate_ghs: 1000 })], silent, true)).toMatchObject({
      hashrate_ghs: 1000,
      cost_per_day: null,
      years_to_block: null,
    });
  });

  it("of some are summed up", () => {
    const some = [
      miner({ name: "a", hashrate_ghs: 1000, power_w: 20, best_difficulty: 5e9 }),
      miner({ name: "b", hashrate_ghs: 500, power_w: 10, best_difficulty: 7e9 }),
    ];
    const totals = computeTotals(some, SWARM, false);
    expect(totals).toMatchObject({
      hashrate_ghs: 1500,
      power_w: 30,
      efficiency_j_th: 20,
      best_difficulty: 7e9,
      best_miner: "b",
      miners: 2,
      currency: "EUR",
    });
    expect(totals.cost_per_day).toBeCloseTo(0.6 * (30 / 80));
    // 1.5e14 · 2^32 hashes at 1.5 TH/s.
    expect(totals.years_to_block).toBeCloseTo(13_610, -1);
  });

  it("count who is online and mining", () => {
    const totals = computeTotals(
      [miner(), miner({ state: "paused" }), miner({ state: "offline", online: false })],
      SWARM,
      true,
    );
    expect(totals).toMatchObject({
      miners: 3,
      miners_online: 2,
      miners_mining: 1,
    });
  });

  it("leave out unknown figures, and are unknown without any", () => {
    const silent = miner({ hashrate_ghs: null, power_w: 15, best_difficulty: null });
    expect(computeTotals([silent], SWARM, false)).toMatchObject({
      hashrate_ghs: null,
      power_w: 15,
      efficiency_j_th: null,
      best_difficulty: null,
      best_miner: null,
      years_to_block: null,
    });
    // The power of a miner that does not report its hashrate would spoil the efficiency.
    expect(
      computeTotals([silent, miner({ hashrate_ghs: 1000, power_w: 20 })], SWARM, false)
        .efficiency_j_th,
    ).toBe(20);
  });

  it("do not know the cost without a price", () => {
    const free = { ...SWARM, cost_per_day: null };
    expect(computeTotals([miner()], free, false).cost_per_day).toBeNull();
    expect(computeTotals([miner()], undefined, false).cost_per_day).toBeNull();
  });

  it("do not expect hashrate of a miner that is offline", () => {
    const gone = miner({ online: false, state: "offline", hashrate_ghs: null });
    expect(computeTotals([gone, miner()], SWARM, false).expected_hashrate_ghs).toBe(
      1071,
    );
  });

  it("do not expect hashrate of a miner that is paused", () => {
    const paused = miner({ state: "paused", hashrate_ghs: 0 });
    expect(computeTotals([paused, miner()], SWARM, false).expected_hashrate_ghs).toBe(
      1071,
    );
  });
});
