import { describe, expect, it } from "vitest";

import { makeWarning } from "../../dev/fake/alerts";
import { FakeHome } from "../../dev/fake/home";
import type { Warning } from "../../src/lib/model";
import { describeWarning, strainsOf, warningsOf } from "../../src/lib/warnings";
import { miner } from "../cards/swarm/miners";

const { hass } = new FakeHome({ miners: 1 });
const plain = (text: string | undefined): string | undefined =>
  text?.replace(/\u00a0/g, " ");

const warning = (kind: string, changes: Partial<Warning> = {}): Warning =>
  makeWarning(kind, { since: 1000, ...changes });

describe("a warning", () => {
  it("says what is wrong, how much, for how long, and what to do", () => {
    const text = describeWarning(
      hass,
      warning("vr_heat", { value: 91.4, limit: 80 }),
      1000 + 3700,
    );
    expect(text).toMatchObject({
      level: "critical",
      title: "Voltage regulator too hot",
    });
    expect(plain(text.measured)).toBe("91 °C, alert from 80 °C");
    expect(plain(text.since)).toBe("for 1 h 1 min");
    expect(text.advice).toContain("heatsink");
  });

  it.each([
    ["low_input_voltage", 4.78, 4.8, "4.78 V, alert below 4.80 V"],
    ["reject_rate", 4.21, 3, "4.2 %, alert from 3.0 %"],
    ["overheating", 71, null, "71 °C"],
    ["offline", null, null, undefined],
  ])("writes values in the unit of its kind: %s", (kind, value, limit, text) => {
    const { measured } = describeWarning(hass, warning(kind, { value, limit }), 2000);
    expect(plain(measured)).toBe(text);
  });

  it.each([
    ["overheating", 76, "was 76 °C, no reading for 5 min"],
    ["frozen_hashrate", null, "no reading for 5 min"],
  ])("does not claim what nobody knows any more: %s", (kind, value, text) => {
    const old = warning(kind, { value, limit: 70, unread_since: 1700 });
    expect(plain(describeWarning(hass, old, 2000).measured)).toBe(text);
  });

  it.each([
    ["offline", "network_refused", "Refuses Home Assistant"],
    ["pool_fallback", "pool_down", "One of two pools is down"],
    ["low_hashrate", "no_pool", "Hashrate too low"],
  ])("names a reason with a remedy of its own: %s, %s", (kind, reason, title) => {
    const text = describeWarning(hass, warning(kind, { reason }), 2000);
    expect(text.title).toBe(title);
    expect(text.advice).not.toContain("unplugging");
  });

  it("looks as the integration says, also of a kind without texts", () => {
    const look = {
      severity: "critical",
      icon: "mdi:meteor",
      unit: "W",
      precision: 1,
      low: true,
    } as const;
    const text = describeWarning(
      hass,
      warning("meteorite", { ...look, value: 3, limit: 5 }),
      2000,
    );
    expect(text).toMatchObject({
      icon: "mdi:meteor",
      level: "critical",
      title: "Needs attention",
    });
    expect(plain(text.measured)).toBe("3.0 W, alert below 5.0 W");
  });

  it("of an older integration, which does not say it, is still one", () => {
    expect(describeWarning(hass, warning("meteorite"), 2000)).toMatchObject({
      icon: "mdi:alert",
      level: "warning",
      title: "Needs attention",
    });
  });
});

describe("the warnings of a miner", () => {
  it("begin with the worst, then the oldest", () => {
    const warnings = [
      warning("pool_fallback", { since: 10 }),
      warning("overheating", { since: 30 }),
      warning("vr_heat", { since: 20 }),
    ];
    expect(warningsOf(miner({ warnings })).map(({ kind }) => kind)).toEqual([
      "vr_heat",
      "overheating",
      "pool_fallback",
    ]);
  });

  it("say which of them are a strain", () => {
    const warnings = [warning("vr_heat"), warning("reject_rate")];
    expect(strainsOf(hass, miner({ warnings }))).toEqual(["Voltage regulator too hot"]);
    expect(strainsOf(hass, miner({ state: "overheated" }))).toHaveLength(1);
    expect(strainsOf(hass, miner({ state: "offline" }))).toEqual([]);
  });

  it("show a state whose alert is switched off", () => {
    const [found] = warningsOf(miner({ state: "overheated" }));
    expect(found?.kind).toBe("overheating");
    expect(found && describeWarning(hass, found).since).toBe("");
    expect(warningsOf(miner({ state: "paused" }))).toEqual([]);
    // The alert says more than the state does.
    const warnings = [warning("offline")];
    expect(warningsOf(miner({ state: "offline", warnings }))).toEqual(warnings);
  });
});
