import { describe, expect, it } from "vitest";
import { alertLook } from "../../dev/fake/alerts";
import { FakeHome } from "../../dev/fake/home";
import { makeTimeline } from "../../dev/fake/timeline";
import { describeItem, lastingOf } from "../../src/lib/timeline-text";
import type { TimelineItem } from "../../src/lib/model";

const home = new FakeHome({ miners: 1 });
const [made] = makeTimeline(Object.entries(home.miners), ["restarted"], 1000).items;
const timelineItem = (change: Partial<TimelineItem>): TimelineItem => ({
  ...(made as TimelineItem),
  asked_for: null,
  start: 100,
  alert: alertLook(change.kind ?? "restarted"),
  ...change,
});
const words = (name: string): string => (name.startsWith("pool") ? `<${name}>` : "");
const described = (change: Partial<TimelineItem>) =>
  describeItem(home.hass, timelineItem(change), words);

describe("what happened, in words", () => {
  it("are those of the logbook for each phase and reason", () => {
    const kind = "pool_fallback";
    expect(described({ kind, phase: "ongoing" }).title).toBe("<pool_fallback_raised>");
    expect(described({ kind, phase: "over", end: 200 }).title).toBe(
      "<pool_fallback_cleared>",
    );
    expect(described({ kind, phase: "ongoing", reason: "pool_down" }).title).toBe(
      "<pool_fallback_pool_down>",
    );
    expect(
      described({ kind: "pool", phase: "once", action: "paused", origin: "heating" })
        .title,
    ).toBe("<pool_paused_heating>");
    // Of an alert that ended unseen nobody can say that all is well again.
    expect(described({ kind, phase: "over", end: null }).title).toBe(
      "<pool_fallback_raised>",
    );
  });

  it("are the cards' own for what the logbook does not know", () => {
    expect(described({ kind: "restarted", asked_for: true }).title).toBe(
      "has restarted, as asked",
    );
    expect(described({ kind: "fault", phase: "once" }).title).toBe("has a fault");
    expect(described({ kind: "vr_heat", phase: "ongoing" }).title).toBe(
      "Voltage regulator too hot",
    );
    expect(described({ kind: "eaten_by_a_dog", phase: "once" }).title).toBe(
      "eaten by a dog",
    );
  });

  it("have a power target with one digit, as the cards do", () => {
    const power = { kind: "power", action: "began", unit: "W" };
    expect(described({ ...power, value: 17.4 }).details).toContain("17.4\u00a0W");
    expect(described({ ...power, value: 17 }).details).toContain("17\u00a0W");
  });

  it("look as their alert does, or as what is no alert", () => {
    expect(described({ kind: "vr_heat", phase: "ongoing" })).toMatchObject({
      icon: "mdi:thermometer-alert",
      tone: "critical",
    });
    expect(described({ kind: "pool_fallback", phase: "ongoing" }).tone).toBe("warning");
    expect(described({ kind: "online" })).toMatchObject({
      icon: "mdi:lan-connect",
      tone: "warning",
    });
    expect(described({ kind: "eaten_by_a_dog" })).toMatchObject({
      icon: "mdi:information-outline",
      tone: "info",
    });
  });

  it("name what was measured, and settings of any kind", () => {
    expect(
      described({ kind: "overheating", phase: "ongoing", value: 71.4, limit: 70 })
        .details,
    ).toEqual(["71\u00a0°C", "alert from 70\u00a0°C"]);
    expect(
      described({
        kind: "settings_changed",
        by: "other",
        changes: {
          auto_fan: [true, false],
          frequency: [525, 656.25],
          pool: [null, "pool.example.org:3333"],
        },
      }).details,
    ).toEqual([
      "Automatic fan on → off",
      "Frequency 525\u00a0MHz → 656.25\u00a0MHz",
      "Pool none → pool.example.org:3333",
      "at the miner itself",
    ]);
    expect(
      described({ kind: "settings_changed", by: "home_assistant", origin: "tuner" })
        .details,
    ).toEqual(["by the tuner"]);
    expect(
      described({ kind: "settings_changed", by: "home_assistant", origin: "heating" })
        .details,
    ).toEqual(["by heating"]);
    expect(
      described({
        kind: "tuning",
        action: "finished",
        changes: {
          hashrate: [1066.3, 1043.4],
          power: [18.104, 15.9],
          efficiency: [17.02, 15.23],
        },
      }).details,
    ).toEqual([
      "Hashrate 1.07 TH/s → 1.04 TH/s",
      "Power 18.1 W → 15.9 W",
      "Efficiency 17.0 J/TH → 15.2 J/TH",
    ]);
    expect(described({ kind: "block_found", block_height: 921340 })).toMatchObject({
      tone: "gold",
      details: ["block 921,340"],
    });
  });

  it("say how long it lasted, as far as that is known", () => {
    const lasting = (change: Partial<TimelineItem>): string =>
      lastingOf(home.hass, timelineItem(change), 400);
    expect(lasting({ phase: "once" })).toBe("");
    expect(lasting({ phase: "ongoing" })).toBe("for 5\u00a0min");
    expect(lasting({ phase: "over", end: 132, seconds: 32 })).toBe("after 32\u00a0s");
    expect(lasting({ phase: "over", end: 132, unmeasured: true })).toBe("end unknown");
  });
});
