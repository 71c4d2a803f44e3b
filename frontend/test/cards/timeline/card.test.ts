import type { LitElement } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import { deviceId } from "../../../dev/fake/miners";
import "../../../src/cards/timeline";
import { all, button, one, settled, show, text } from "../dom";

const WORDS = "component.bitaxe.selector.alert_message.options.";
const open = (home: FakeHome, config = {}): Promise<LitElement> =>
  show("bitaxe-timeline-card", home.hass, { span: "10d", ...config });
const lines = (card: LitElement): string[] => all(card, "li").map(text);
const asked = (home: FakeHome): number =>
  home.commands.filter(({ type }) => type === "bitaxe/timeline").length;

function home(miners: number): FakeHome {
  const made = new FakeHome({ miners });
  made.texts[`${WORDS}overheating_cleared`] = "has cooled down";
  made.texts[`${WORDS}vr_heat_raised`] = "has a hot voltage regulator";
  return made;
}

afterEach(() => document.body.replaceChildren());

describe("the timeline", () => {
  it("shows what began, what ended and after how long, in the logbook's words", async () => {
    const card = await open(home(2));
    const [first] = lines(card);
    expect(first).toMatch(/^bitaxe-attic has a hot voltage regulator for 13 min/);
    expect(text(all(card, "h3")[0] as Element)).toBe("Now");
    expect(lines(card)).toContainEqual(
      expect.stringMatching(/bitaxe-office has cooled down after 1.h · 58.°C/),
    );
    // Over and raised differ for those who see no colour as well.
    expect(all(card, "li.ongoing")).toHaveLength(2);
    expect(all(card, "li.over")).toHaveLength(2);
  });

  it("shows settings before and after, and who changed them", async () => {
    const found = lines(await open(home(3))).filter((line) =>
      line.includes("settings"),
    );
    expect(found[0]).toContain("Frequency 575 MHz → 600 MHz");
    expect(found[0]).toContain("Core voltage 1,130 mV → 1,150 mV");
    expect(found[0]).toContain("by Anna");
    expect(found.join()).toContain("by Anna, from Discord");
    expect(found.join()).toContain("at the miner itself");
  });

  it("is of one miner alone, if that is chosen in the card or its form", async () => {
    const card = await open(home(3));
    const select = one<HTMLSelectElement>(card, "select");
    select.value = deviceId(2);
    select.dispatchEvent(new Event("change"));
    await settled(card);
    expect(lines(card).length).toBeGreaterThan(0);
    expect(lines(card).every((line) => line.startsWith("bitaxe-bedroom"))).toBe(true);
    const own = await open(home(3), { device_id: deviceId(0) });
    expect(all(own, "select")).toHaveLength(0);
    expect(lines(own)[0]).not.toContain("bitaxe-office");
  });

  it("says why there is nothing, and asks for another period", async () => {
    const fake = home(1);
    fake.failures["bitaxe/timeline"] = { code: "unauthorized" };
    const card = await open(fake);
    expect(text(one(card, "[role=alert]"))).toBe("You are not allowed to do this.");
    delete fake.failures["bitaxe/timeline"];
    button(card, "24 hours").click();
    await settled(card);
    expect(fake.commands.at(-1)).toMatchObject({ span: "24h" });
    expect(all(card, "li").length).toBeGreaterThan(0);
    const empty = await open(new FakeHome({ miners: 0 }));
    expect(text(one(empty, ".note"))).toContain("Nothing happened");
  });

  it("keeps room only until it is known what happened, or that nothing did", async () => {
    const view = (card: LitElement): Element => one(card, "bitaxe-timeline-view");
    const slow = home(1);
    const { connection } = slow.hass;
    const send = connection.sendMessagePromise;
    connection.sendMessagePromise = <T>(message: { type: string }): Promise<T> =>
      message.type === "bitaxe/timeline"
        ? new Promise<T>(() => undefined)
        : send(message);
    expect(view(await open(slow)).hasAttribute("waiting")).toBe(true);
    const fake = home(0);
    expect(view(await open(fake)).hasAttribute("waiting")).toBe(false);
    fake.failures["bitaxe/timeline"] = { code: "unauthorized" };
    expect(view(await open(fake, { span: "3d" })).hasAttribute("waiting")).toBe(false);
  });

  it("refuses a period that there is not", () => {
    const card = document.createElement("bitaxe-timeline-card") as LitElement & {
      setConfig(config: object): void;
    };
    expect(() => card.setConfig({ span: "1y" })).toThrow("24h, 3d, 10d");
  });
});

describe("as things happen", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("what is new is there, once it and the recorder have settled", async () => {
    const fake = home(1);
    void open(fake);
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked(fake)).toBe(1);
    // A reading leaves no trace.
    fake.change({ [deviceId(0)]: { hashrate_ghs: 1 } });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(asked(fake)).toBe(1);
    fake.change({ [deviceId(0)]: { frequency_mhz: 500 } });
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked(fake)).toBe(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked(fake)).toBe(3);
  });
});
