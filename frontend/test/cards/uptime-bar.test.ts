import type { LitElement } from "lit";
import { afterEach, describe, expect, it } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { deviceId } from "../../dev/fake/miners";
import "../../src/cards/miner";
import { addUp, describeParts } from "../../src/cards/uptime-bar";
import { all, one, settled, show, text } from "./dom";

const ID = deviceId(1);
const show_ = (home: FakeHome, config = {}): Promise<LitElement> =>
  show("bitaxe-miner-card", home.hass, { device_id: ID, ...config });

afterEach(() => document.body.replaceChildren());

describe("the bar of days", () => {
  it("says in words what it draws", async () => {
    const home = new FakeHome({ miners: 2 });
    const card = await show_(home);
    await settled(card);
    expect(all(card, ".day")).toHaveLength(30);
    const bar = one(card, ".days");
    expect(bar.getAttribute("role")).toBe("img");
    expect(bar.getAttribute("aria-label")).toMatch(
      /^Uptime, 30 days: hashing [\d.]+\s?%, .*not watched/,
    );
    // Days that are as they should be are not listed one by one.
    const listed = all(card, "bitaxe-uptime-bar li").map(text);
    expect(listed.length).toBeGreaterThan(1);
    expect(listed.length).toBeLessThan(30);
    expect(listed[0]).toMatch(/not watched 24.0/);
  });

  it("describes the day that is pointed at", async () => {
    const home = new FakeHome({ miners: 2 });
    const card = await show_(home);
    await settled(card);
    const bar = one(card, ".days");
    bar.getBoundingClientRect = () => new DOMRect(0, 0, 300, 28);
    bar.dispatchEvent(new PointerEvent("pointerdown", { clientX: 5 }));
    await settled(card);
    expect(text(one(card, "bitaxe-uptime-bar .head"))).toMatch(/not watched 24.0\sh/);
    expect(all(card, ".day.chosen")).toHaveLength(1);
  });

  it("is there without a recorder, and can be left out", async () => {
    const home = new FakeHome({ miners: 2 });
    home.failures["bitaxe/uptime"] = { code: "recorder_missing" };
    const card = await show_(home);
    await settled(card);
    expect(text(one(card, "bitaxe-uptime-bar .head"))).toContain(
      "Nothing has been recorded",
    );
    expect(all(await show_(home, { uptime: false }), "bitaxe-uptime-bar")).toEqual([]);
  });

  it("adds up days, and leaves out what is next to nothing", () => {
    const { hass } = new FakeHome({ miners: 1 });
    const day = { start: 0, stopped_hours: 0, unknown_hours: 0 };
    const sum = addUp([
      { ...day, hashing_hours: 24, offline_hours: 0 },
      { ...day, hashing_hours: 18, offline_hours: 6 },
    ]);
    expect(describeParts(hass, sum)).toBe("hashing 87.5\u00a0%, offline 12.5\u00a0%");
  });
});
