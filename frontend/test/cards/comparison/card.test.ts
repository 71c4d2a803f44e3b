import type { LitElement } from "lit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import "../../../src/cards/comparison";
import { all, button, one, settled, show, text } from "../dom";

const open = (home: FakeHome, config = {}): Promise<LitElement> =>
  show("bitaxe-comparison-card", home.hass, config);
const keys = (card: LitElement): string[] => all(card, ".key").map(text);
const asked = (home: FakeHome) =>
  home.commands.filter(({ type }) => type === "bitaxe/series");

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("a comparison", () => {
  it("has a line per miner, in one unit, and one figure after the other", async () => {
    const home = new FakeHome({ miners: 3 });
    const card = await open(home);
    expect(keys(card)).toHaveLength(3);
    expect(keys(card)[0]).toMatch(/^bitaxe-attic [\d.]+ TH\/s/);
    button(card, "ASIC").click();
    await settled(card);
    expect(asked(home).at(-1)).toMatchObject({ columns: ["asic_temperature_c"] });
    expect(keys(card)[0]).toMatch(/°C/);
  });

  it("lets people choose among more miners than lines can be distinguished", async () => {
    const card = await open(new FakeHome({ miners: 12 }));
    const choice = () => all<HTMLButtonElement>(card, ".choice button");
    expect(choice()).toHaveLength(12);
    expect(keys(card)).toHaveLength(8);
    const [first, last] = [choice()[0], choice()[11]];
    // Never silently nothing: what cannot be added says so.
    expect(last?.disabled).toBe(true);
    first?.click();
    await settled(card);
    expect(keys(card)).toHaveLength(7);
    choice()[11]?.click();
    await settled(card);
    expect(keys(card).join()).toContain(text(choice()[11] as Element));
  });

  it("shows all together as one sum", async () => {
    const home = new FakeHome({ miners: 4 });
    const card = await open(home, { total: true });
    expect(keys(card)).toHaveLength(1);
    expect(keys(card)[0]).toMatch(/^All together [\d.]+ TH\/s/);
    expect(text(one(card, "h2"))).toBe("Hashrate");
    expect(all(card, ".choice")).toHaveLength(0);
  });

  it("keeps room for the width it gets, also where a view has that later", async () => {
    let width = 400;
    let notify = (): void => undefined;
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockImplementation(
      () => width,
    );
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(private readonly callback: (entries: object[]) => void) {}
        observe(element: Element): void {
          const entries = [{ contentRect: { width } }];
          if (element.localName === "bitaxe-comparison-card")
            notify = () => this.callback(entries);
        }
        unobserve(): void {
          // What is observed stays.
        }
        disconnect(): void {
          notify = () => undefined;
        }
      },
    );
    const card = await open(new FakeHome({ miners: 9 }));
    const room = () => parseInt(one(card, "ha-card").style.minHeight, 10);
    const narrow = room();
    width = 1200;
    notify();
    await settled(card);
    expect(room()).toBeLessThan(narrow - 50);
  });

  it("says why there is nothing", async () => {
    const home = new FakeHome({ miners: 2 });
    home.failures["bitaxe/series"] = { code: "unauthorized" };
    expect(text(one(await open(home), "[role=alert]"))).toContain("not allowed");
  });

  it("refuses a figure that there is not", () => {
    const card = document.createElement("bitaxe-comparison-card") as LitElement & {
      setConfig(config: object): void;
    };
    expect(() => card.setConfig({ metric: "colour" })).toThrow("hashrate, efficiency");
  });
});
