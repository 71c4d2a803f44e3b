import { describe, expect, it } from "vitest";

import { FakeHome } from "../../../dev/fake/home";
import { type Cell, cellOf, statusOf } from "../../../src/cards/swarm/cells";
import { COLUMN_KEYS } from "../../../src/cards/swarm/columns";
import type { Miner } from "../../../src/lib/model";
import { miner } from "./miners";

const { hass } = new FakeHome({ miners: 1 });
const NOW = 1_764_000_000;
const KEYS = COLUMN_KEYS.filter((key) => key !== "history");

/** Spaces as they are typed. */
const plain = (text: string | undefined): string | undefined =>
  text?.replace(/\u00a0/g, " ");

function cell(key: (typeof KEYS)[number], changes: Partial<Miner> = {}): Cell {
  return cellOf(key, hass, miner(changes), NOW);
}

describe("a cell", () => {
  it("shows hashrate against what is expected", () => {
    const found = cell("hashrate");
    expect(found).toMatchObject({ value: "1.05", unit: "TH/s", level: "good" });
    expect(found.share).toBeCloseTo(0.98);
    expect(plain(found.note)).toBe("98 %");
    // Where the level is that of ten minutes, so is the figure beside it.
    const judged = cell("hashrate", { expected_ratio_percent: 85 });
    expect(judged.share).toBeCloseTo(0.85);
    expect(plain(judged.note)).toBe("85 %");
    expect(plain(found.title?.())).toBe("1.05 TH/s of 1.07 TH/s");
  });

  it("has the level that the integration gives it", () => {
    const levels = { hashrate: "critical", error_rate: "warning" } as const;
    expect(cell("hashrate", { levels }).level).toBe("critical");
    expect(cell("error_rate", { levels }).level).toBe("warning");
    expect(cell("power", { levels }).level).toBeUndefined();
  });

  it("measures heat from a cool room up to its limit", () => {
    expect(cell("asic_temperature", { asic_temperature_c: 45 }).share).toBeCloseTo(0.5);
    expect(cell("vr_temperature", { vr_temperature_c: 80 }).share).toBe(1);
    expect(cell("vr_temperature", { vr_limit_c: null })).toMatchObject({
      value: "61",
      share: undefined,
    });
  });

  it("says who chooses the speed of the fan", () => {
    expect(plain(cell("fan").title?.())).toBe("Automatic, target 60 °C");
    expect(cell("fan", { target_temperature_c: null }).title?.()).toBe("Automatic");
    expect(cell("fan", { auto_fan: false }).title?.()).toBe("Manual");
    expect(cell("fan", { auto_fan: null }).title?.()).toBeUndefined();
    expect(plain(cell("fan").note)).toBe("4,210 rpm");
  });

  it("shows the intended setting of a miner that lowered its own", () => {
    expect(cell("settings").level).toBeUndefined();
    const found = cell("settings", {
      detuned: { frequency_mhz: 600, core_voltage_mv: 1200 },
    });
    expect(found.level).toBe("warning");
    expect(plain(found.title?.())).toBe("Lowered; intended 600 MHz at 1,200 mV");
  });

  it("counts the time since the start", () => {
    expect(plain(cell("uptime", { boot_time: NOW - 90_000 }).value)).toBe("1 d 1 h");
  });

  it("judges shares by those that were rejected", () => {
    const found = cell("shares", {
      reject_rate_percent: 3.4,
      levels: { reject_rate: "critical" },
    });
    expect(found).toMatchObject({ value: "12,345", noteLevel: "critical" });
    expect(plain(found.note)).toBe("3.40 % rejected");
  });

  it("names the fallback pool before its response time", () => {
    expect(plain(cell("pool").note)).toBe("34 ms");
    expect(cell("pool", { using_fallback: true })).toMatchObject({
      value: "public-pool.io",
      note: "Fallback pool",
      noteLevel: "warning",
    });
  });

  it("calls stability by its name, unless nobody knows", () => {
    expect(cell("stability")).toMatchObject({
      value: "±2.1",
      note: "Excellent",
      noteLevel: "good",
    });
    expect(
      cell("stability", { variation_24h_percent: null, stability: "unknown" }),
    ).toEqual({ value: "–", unit: "", note: undefined, noteLevel: undefined });
  });

  it.each(KEYS)("of what is unknown is a dash without unit: %s", (key) => {
    const nothing = Object.fromEntries(
      Object.keys(miner()).map((name) => [name, null]),
    ) as unknown as Miner;
    const found = cellOf(key, hass, { ...nothing, state: "mining" }, NOW);
    expect(found).toMatchObject({ value: "–", unit: "" });
    expect(found.level).toBeUndefined();
    expect(found.share).toBeUndefined();
    expect(found.note).toBeUndefined();
  });
});

describe("the status", () => {
  it("is the state, and since when it is offline", () => {
    expect(statusOf(hass, miner(), NOW)).toBe("Mining");
    const gone = miner({ state: "offline", online: false, last_seen: NOW - 400 });
    expect(plain(statusOf(hass, gone, NOW))).toBe("Offline · seen 6 min ago");
    expect(statusOf(hass, { ...gone, last_seen: null }, NOW)).toBe(
      "Offline · not seen since the start",
    );
  });

  it("speaks German", () => {
    const german = new FakeHome({ miners: 1, language: "de" }).hass;
    expect(statusOf(german, miner({ state: "overheated" }), NOW)).toBe("Überhitzt");
  });
});
