import type { LitElement } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeWarning } from "../../../dev/fake/alerts";
import { FakeHome } from "../../../dev/fake/home";
import { deviceId } from "../../../dev/fake/miners";
import "../../../src/cards/efficiency";
import "../../../src/cards/summary";
import { all, answer, button, one, settled, show, text } from "../dom";

const ID = deviceId(0);
const open = (home: FakeHome, config = {}): Promise<LitElement> =>
  show("bitaxe-efficiency-card", home.hass, { device_id: ID, ...config });
const asked = (home: FakeHome): number =>
  home.commands.filter(({ type }) => type === "bitaxe/configurations").length;

afterEach(() => document.body.replaceChildren());

describe("a miner that was not measured yet", () => {
  it("is no empty box, but named below the summary, where that is wanted", async () => {
    const home = new FakeHome({ miners: 2 });
    const { connection } = home.hass;
    const ask = connection.sendMessagePromise.bind(connection);
    let measured = false;
    connection.sendMessagePromise = async <T>(
      message: { type: string } & Record<string, unknown>,
    ): Promise<T> => {
      const found = await ask<{ miners?: { configurations?: unknown[] }[] }>(message);
      if (message.type === "bitaxe/configurations" && !measured) {
        return {
          ...found,
          miners: found.miners?.map((miner) => ({ ...miner, configurations: [] })),
        } as T;
      }
      return found as T;
    };
    const summary = await show("bitaxe-summary-card", home.hass, {});
    const own = await open(home);
    expect(own.hidden).toBe(false);
    own.remove();
    const card = await open(home, { hide_unmeasured: true });
    expect(card.hidden).toBe(true);
    await settled(summary);
    const { name } = home.hass.devices[ID] ?? {};
    expect(text(one(summary, ".unmeasured"))).toContain(`yet: ${name}.`);
    card.remove();
    measured = true;
    const other = await open(home, { hide_unmeasured: true, span: "30d" });
    await settled(summary);
    expect(other.hidden).toBe(false);
    expect(all(summary, ".unmeasured")).toHaveLength(0);
  });
});

describe("the advice", () => {
  it("is given for each of the three goals, once where two come to the same", async () => {
    const card = await open(new FakeHome({ miners: 1 }));
    expect(all(card, ".goal h3").map(text)).toEqual([
      "Best efficiency",
      "Balanced · Best hashrate",
    ]);
    const [thrifty] = all(card, ".goal");
    expect(text(thrifty as Element)).toMatch(/Change 525 MHz · 1,090 mV/);
    expect(text(thrifty as Element)).toMatch(/saves €\d/);
  });

  it("never asks for more heat while heat is what is wrong", async () => {
    const home = new FakeHome({ miners: 1 });
    const since = 1;
    home.change({
      [ID]: { warnings: [makeWarning("vr_heat", { value: 99, limit: 95, since })] },
    });
    const card = await open(home);
    const [thrifty, hotter] = all(card, ".goal");
    expect(all(thrifty as Element, ".tonal")).toHaveLength(1);
    expect(all(hotter as Element, ".tonal")).toHaveLength(0);
    expect(text(hotter as Element)).toContain("Wait");
    expect(text(hotter as Element)).toContain("Voltage regulator too hot");
    home.change({ [ID]: { warnings: [] } });
    await settled(card);
    expect(all(all(card, ".goal")[1] as Element, ".tonal")).toHaveLength(1);
  });

  it("is asked for anew, once, when the miner runs at something else", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    home.change({ [ID]: { frequency_mhz: 575 } });
    await settled(card);
    expect(asked(home)).toBe(2);
    expect(text(one(card, ".subtitle"))).toContain("now 575 MHz");
    home.change({ [ID]: { hashrate_ghs: 1 } });
    await settled(card);
    expect(asked(home)).toBe(2);
  });

  it("has nothing to apply that the miner runs at by now", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const { connection } = home.hass;
    // The answer is still the old one.
    connection.sendMessagePromise = () => new Promise(() => undefined);
    home.change({ [ID]: { frequency_mhz: 525, core_voltage_mv: 1090 } });
    await settled(card);
    const [thrifty, balanced] = all(card, ".goal");
    expect(all(thrifty as Element, ".tonal")).toHaveLength(0);
    expect(all(balanced as Element, ".tonal")).toHaveLength(1);
  });
});

describe("as time goes by", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function shown(home: FakeHome): Promise<LitElement> {
    const card = open(home);
    await vi.advanceTimersByTimeAsync(100);
    return card;
  }

  it("the analysis is asked for anew after the page was left", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await shown(home);
    card.remove();
    await vi.advanceTimersByTimeAsync(3 * 3_600_000);
    expect(asked(home)).toBe(1);
    document.body.append(card);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked(home)).toBe(2);
  });

  it("what is known stays while Home Assistant does not answer", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await shown(home);
    home.failures["bitaxe/configurations"] = { message: "Unknown command" };
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(asked(home)).toBe(2);
    expect(all(card, ".goal")).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(asked(home)).toBe(3);
  });
});

describe("applying a configuration", () => {
  const apply = (card: LitElement): void => {
    all<HTMLButtonElement>(card, ".goal .tonal")[0]?.click();
  };

  it("asks first, then sends it and looks again", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    apply(card);
    await settled(card);
    const dialog = document.querySelector("bitaxe-confirm-dialog") as Element;
    expect(text(one(dialog, "p"))).toMatch(/Measured for 44 h at that setting/);
    await answer(card, "Cancel");
    expect(home.calls).toEqual([]);
    apply(card);
    await settled(card);
    const before = asked(home);
    await answer(card, "Apply");
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "apply_configuration",
        {
          device_id: [ID],
          frequency: 525,
          core_voltage: 1090,
          expected_frequency: 600,
          expected_core_voltage: 1150,
        },
      ],
    ]);
    expect(asked(home)).toBe(before + 1);
  });

  it("shows why Home Assistant refused", async () => {
    const home = new FakeHome({ miners: 1 });
    home.hass.callService = () =>
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      Promise.reject({ message: "600 is outside what this miner allows" });
    const card = await open(home);
    apply(card);
    await settled(card);
    await answer(card, "Apply");
    expect(text(one(card, ".problem"))).toBe("600 is outside what this miner allows");
  });

  it("does not show that of another miner", async () => {
    const home = new FakeHome({ miners: 2 });
    const card = (await open(home)) as LitElement & { setConfig(config: object): void };
    let refuse: (reason: object) => void = () => undefined;
    home.hass.callService = () =>
      new Promise((_, reject) => {
        refuse = reject;
      });
    apply(card);
    await settled(card);
    await answer(card, "Apply");
    card.setConfig({ type: "custom:bitaxe-efficiency-card", device_id: deviceId(1) });
    await settled(card);
    expect(all<HTMLButtonElement>(card, ".tonal")[0]?.disabled).toBe(false);
    refuse({ message: "no" });
    await settled(card);
    expect(all(card, ".problem")).toHaveLength(0);
  });

  it("waits for the connection", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    home.disconnect();
    await settled(card);
    expect(all<HTMLButtonElement>(card, ".tonal")[0]?.disabled).toBe(true);
    home.reconnect();
    await settled(card);
    expect(all<HTMLButtonElement>(card, ".tonal")[0]?.disabled).toBe(false);
  });

  it("is not offered to those who may not, or where it is switched off", async () => {
    const mayNot = await open(new FakeHome({ miners: 1, canControl: false }));
    expect(all(mayNot, ".tonal")).toHaveLength(0);
    document.body.replaceChildren();
    const off = await open(new FakeHome({ miners: 1 }), { apply: false });
    expect(all(off, ".tonal")).toHaveLength(0);
  });
});

describe("map and table", () => {
  it("show what a plug of the miner alone measured at a point", async () => {
    const shown = async (device_id: string): Promise<string> => {
      const card = await show(
        "bitaxe-efficiency-card",
        new FakeHome({ miners: 2 }).hass,
        {
          device_id,
        },
      );
      (all(card, "tbody tr")[0] as HTMLElement).click();
      await settled(card);
      return text(one(card, ".detail"));
    };
    expect(await shown(deviceId(1))).toMatch(/At the wall [\d.]+ W [\d.]+ J\/TH/);
    expect(await shown(deviceId(0))).not.toContain("At the wall");
  });

  it("show the same point in detail", async () => {
    const card = await open(new FakeHome({ miners: 1 }));
    const row = all(card, "tbody tr")[2] as HTMLElement;
    row.click();
    await settled(card);
    const setting = text(one(row, "td.setting button")).replace(" / ", " MHz · ");
    expect(text(one(card, ".detail-head b")).replace(",", "")).toContain(setting);
    expect(all(card, '[role="option"][aria-selected="true"]')).toHaveLength(1);
  });

  it("let the keyboard move from point to point by hashrate", async () => {
    const card = await open(new FakeHome({ miners: 1 }));
    const map = one(card, '[role="listbox"]');
    const names: string[] = [];
    for (const key of ["Home", "ArrowRight", "End"]) {
      map.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
      await settled(card);
      names.push(one(card, '[aria-selected="true"]').getAttribute("aria-label") ?? "");
    }
    const rates = names.map((name) => {
      const [, value, unit] = /([\d.]+)\s([GT])H\/s/.exec(name) ?? [];
      return Number(value) * (unit === "T" ? 1000 : 1);
    });
    expect(new Set(names).size).toBe(3);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
  });

  it("sort and unfold, announced to screen readers", async () => {
    const card = await open(new FakeHome({ miners: 1 }));
    expect(one(card, "th.efficiency").getAttribute("aria-sort")).toBe("ascending");
    one<HTMLButtonElement>(card, "th.hours button").click();
    await settled(card);
    expect(one(card, "th.hours").getAttribute("aria-sort")).toBe("descending");
    button(card, "Show all 24").click();
    await settled(card);
    const hours = all(card, "td.hours").map((cell) => Number(text(cell)));
    expect(hours).toHaveLength(24);
    expect(hours).toEqual([...hours].sort((a, b) => b - a));
  });

  it("are a table alone where no power is measured", async () => {
    const home = new FakeHome({ miners: 1 });
    const { connection } = home.hass;
    const send = connection.sendMessagePromise;
    home.hass.connection.sendMessagePromise = async <T>(message: { type: string }) => {
      const known = await send<{ miners: { configurations: object[] }[] }>(message);
      for (const miner of known.miners)
        for (const item of miner.configurations)
          Object.assign(item, { efficiency_j_th: null, efficiency_error_j_th: null });
      return known as T;
    };
    const card = await open(home);
    expect(all(card, "bitaxe-map-chart, .legend")).toHaveLength(0);
    (all(card, "tbody tr")[2] as HTMLElement).click();
    await settled(card);
    expect(all(card, ".table .detail-head")).toHaveLength(1);
  });

  it("can be left out", async () => {
    const card = await open(new FakeHome({ miners: 1 }), { map: false, advice: false });
    expect(all(card, "bitaxe-map-chart, .goal")).toHaveLength(0);
    expect(all(card, "tbody tr").length).toBeGreaterThan(5);
  });
});

describe("without results", () => {
  it("the reason is Home Assistant's, and one can try again", async () => {
    const home = new FakeHome({ miners: 1 });
    home.failures["bitaxe/configurations"] = { message: "The recorder does not run." };
    const card = await open(home);
    expect(text(one(card, ".problem"))).toBe("The recorder does not run.");
    delete home.failures["bitaxe/configurations"];
    button(card, "Try again").click();
    await settled(card);
    expect(all(card, ".goal")).toHaveLength(2);
  });

  it("it says what it takes, and which figures lack", async () => {
    const home = new FakeHome({ miners: 1 });
    home.texts["component.bitaxe.entity.sensor.vr_temperature.name"] = "VR-Temperatur";
    const { connection } = home.hass;
    const send = connection.sendMessagePromise;
    home.hass.connection.sendMessagePromise = async <T>(message: { type: string }) => {
      const known = await send<{
        miners: { configurations: object[]; missing_figures: object[] }[];
      }>(message);
      for (const miner of known.miners) {
        miner.configurations = [];
        miner.missing_figures = [
          { figure: "vr_temperature", reason: "history_entity_missing" },
          { figure: "error_rate", reason: "history_entity_missing" },
          { figure: "power", reason: "history_entity_disabled" },
        ];
      }
      return known as T;
    };
    const card = await open(home);
    expect(text(one(card, ".line"))).toContain("for two hours");
    const line = text(one(card, ".line"));
    expect(line).toContain("Not reported by this miner: VR-Temperatur, error_rate.");
    expect(line).toContain("the sensor is disabled: power.");
  });
});
