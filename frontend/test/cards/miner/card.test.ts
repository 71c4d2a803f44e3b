import type { LitElement } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeWarning } from "../../../dev/fake/alerts";
import { FakeHome } from "../../../dev/fake/home";
import { minerDevices } from "../../../src/lib/devices";
import { deviceId } from "../../../dev/fake/miners";
import "../../../src/cards/miner";
import type { Miner } from "../../../src/lib/model";
import { all, answer, button, one, settled, show, text } from "../dom";

const ID = deviceId(0);
const open = (home: FakeHome, config = {}): Promise<LitElement> =>
  show("bitaxe-miner-card", home.hass, { device_id: ID, ...config });

async function change(home: FakeHome, card: LitElement, changes: Partial<Miner>) {
  home.change({ [ID]: changes });
  await settled(card);
}

function type(card: LitElement, name: string, value: string): void {
  const input = one<HTMLInputElement>(card, `input#${name}`);
  input.value = value;
  input.dispatchEvent(new Event("input"));
}

const submit = (card: LitElement): void => {
  one<HTMLInputElement>(card, "input#frequency")
    .closest("form")
    ?.dispatchEvent(new Event("submit", { cancelable: true }));
};

/** Makes actions wait until a test says how they end. */
function hold(home: FakeHome): (error?: Error) => void {
  let end: (error?: Error) => void = () => undefined;
  const { callService } = home.hass;
  home.hass.callService = (...call) => {
    void callService(...call);
    return new Promise((resolve, reject) => {
      end = (error) => {
        if (error) reject(error);
        else resolve(undefined);
      };
    });
  };
  return (error) => end(error);
}

afterEach(() => document.body.replaceChildren());

describe("the readings", () => {
  it("follow the live data of the miner", async () => {
    const home = new FakeHome({ miners: 3 });
    const card = await open(home);
    await change(home, card, { hashrate_ghs: 1500 });
    expect(text(one(card, ".hashrate .value"))).toBe("1.50TH/s");
  });

  it("are not drawn again for other miners", async () => {
    const home = new FakeHome({ miners: 3 });
    const card = await open(home);
    let drawn = 0;
    card.requestUpdate = (
      (requestUpdate) =>
      (...given) => {
        requestUpdate.apply(card, given);
      }
    )(card.requestUpdate);
    card.addController({ hostUpdated: () => drawn++ });
    home.change({ [deviceId(1)]: { hashrate_ghs: 1 } });
    await settled(card);
    expect(drawn).toBe(0);
    await change(home, card, { hashrate_ghs: 2 });
    expect(drawn).toBe(1);
  });

  it("say what is missing rather than failing", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home, { device_id: "gone" });
    expect(text(one(card, ".message"))).toContain("not set up any more");
    await settled(await show("bitaxe-miner-card", home.hass, {}));
    expect(text(all(document.body, ".message").at(-1) as Element)).toContain(
      "Choose a miner",
    );
  });

  it("lead to the entity behind them", async () => {
    const card = await open(new FakeHome({ miners: 1 }));
    const opened: unknown[] = [];
    card.addEventListener("hass-more-info", (event) =>
      opened.push((event as CustomEvent).detail),
    );
    one<HTMLButtonElement>(card, "button.hashrate").click();
    expect(opened).toEqual([{ entityId: "sensor.bitaxe_office_hashrate" }]);
  });
});

describe("warnings", () => {
  it("say what to do, and restore what the miner lowered by itself", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    expect(all(card, ".warnings li")).toHaveLength(0);
    await change(home, card, {
      detuned: { frequency_mhz: 625, core_voltage_mv: 1180 },
      warnings: [makeWarning("overheating", { value: 73, limit: 70 })],
    });
    const [hot, lowered] = all(card, ".warnings li");
    expect(text(hot as Element)).toContain("73 °C");
    expect(text(one(hot as Element, ".advice")).length).toBeGreaterThan(20);
    button(lowered as Element, "Restore 625 MHz · 1,180 mV").click();
    expect(home.calls).toEqual([
      ["button", "press", {}, { entity_id: "button.bitaxe_office_restore_settings" }],
    ]);
  });
});

describe("the controls", () => {
  it("are there only for those who may use them", async () => {
    const may = await open(new FakeHome({ miners: 1 }));
    expect(all(may, "input")).toHaveLength(4);
    document.body.replaceChildren();
    const mayNot = await open(new FakeHome({ miners: 1, canControl: false }));
    expect(all(mayNot, "input")).toHaveLength(0);
    expect(all(mayNot, "bitaxe-miner-controls")).toHaveLength(0);
    document.body.replaceChildren();
    const off = await open(new FakeHome({ miners: 1 }), { controls: false });
    expect(all(off, "bitaxe-miner-controls")).toHaveLength(0);
  });

  it("are only those that the miner has", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    await change(home, card, {
      entities: { core_voltage: "number.v", restart: "button.r" },
    });
    expect(all(card, "input").map(({ id }) => id)).toEqual(["core_voltage"]);
    expect(all(card, ".buttons.start button").map(text)).toEqual([
      "Restart",
      "Pool",
      "Backups",
      "Notes",
    ]);
  });

  it("send clock and voltage together, once they are applied", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const end = hold(home);
    type(card, "frequency", "550");
    type(card, "core_voltage", "1160");
    await settled(card);
    expect(home.calls).toEqual([]);
    submit(card);
    await settled(card);
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "apply_configuration",
        {
          device_id: [ID],
          frequency: 550,
          core_voltage: 1160,
          expected_frequency: 600,
          expected_core_voltage: 1150,
        },
      ],
    ]);
    expect(text(one(card, ".wait"))).toBe("Waiting for the miner to confirm …");
    expect(one<HTMLInputElement>(card, "input#frequency").disabled).toBe(true);
    home.change({ [ID]: { frequency_mhz: 550, core_voltage_mv: 1160 } });
    end();
    await settled(card);
    expect(text(one(card, ".wait"))).toBe("Confirmed by the miner");
    expect(one<HTMLInputElement>(card, "input#frequency").value).toBe("550");
  });

  it("leave alone what is not changed", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    type(card, "frequency", "550");
    await settled(card);
    submit(card);
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "apply_configuration",
        {
          device_id: [ID],
          frequency: 550,
          core_voltage: undefined,
          expected_frequency: 600,
          expected_core_voltage: 1150,
        },
      ],
    ]);
  });

  it.each(["", "abc", "9999", "1"])("send nothing for %j", async (value) => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    type(card, "frequency", value);
    await settled(card);
    submit(card);
    await settled(card);
    expect(home.calls).toEqual([]);
    expect(one(card, "input#frequency").getAttribute("aria-invalid")).toBe("true");
    expect(button(card, "Apply").disabled).toBe(true);
    button(card, "Discard").click();
    await settled(card);
    expect(one<HTMLInputElement>(card, "input#frequency").value).toBe("600");
  });

  it("keep what is typed while new readings come in", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    type(card, "frequency", "56");
    await change(home, card, { hashrate_ghs: 1, frequency_mhz: 575 });
    expect(one<HTMLInputElement>(card, "input#frequency").value).toBe("56");
  });

  it("show the error of Home Assistant as it is, and keep what was entered", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const end = hold(home);
    type(card, "frequency", "550");
    await settled(card);
    submit(card);
    end(new Error("The miner rejected the change: no"));
    await settled(card);
    expect(text(one(card, ".problem"))).toBe("The miner rejected the change: no");
    expect(one<HTMLInputElement>(card, "input#frequency").value).toBe("550");
    expect(button(card, "Apply").disabled).toBe(false);
  });

  it("set the fan once it is applied", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    button(card, "Manual").click();
    await settled(card);
    const slider = one<HTMLInputElement>(card, "input[type=range]");
    slider.value = "80";
    slider.dispatchEvent(new Event("input"));
    await settled(card);
    expect(home.calls).toEqual([]);
    slider.closest("form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "set_fan",
        { device_id: [ID], mode: "manual", speed: 80, expected_mode: "auto" },
      ],
    ]);
  });

  const fan = (card: LitElement): void => {
    one<HTMLInputElement>(card, "input[type=range]")
      .closest("form")
      ?.dispatchEvent(new Event("submit", { cancelable: true }));
  };

  it("give a fan that regulated itself the speed they show", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    await change(home, card, { auto_fan: true, fan_speed_percent: 62.6 });
    button(card, "Manual").click();
    await settled(card);
    expect(text(one(card, "output"))).toBe("63 %");
    fan(card);
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "set_fan",
        { device_id: [ID], mode: "manual", speed: 63, expected_mode: "auto" },
      ],
    ]);
  });

  it("show no speed of a fan that is not measured, and set none", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    await change(home, card, { auto_fan: true, fan_speed_percent: null });
    expect(text(one(card, "output"))).toBe("–");
    button(card, "Manual").click();
    await settled(card);
    fan(card);
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "set_fan",
        { device_id: [ID], mode: "manual", speed: undefined, expected_mode: "auto" },
      ],
    ]);
  });

  it("ask before a fan is so slow that it stops", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    await change(home, card, { auto_fan: false, fan_speed_percent: 60 });
    const slider = one<HTMLInputElement>(card, "input[type=range]");
    slider.value = "5";
    slider.dispatchEvent(new Event("input"));
    await settled(card);
    fan(card);
    await settled(card);
    await answer(card, "Cancel");
    expect(home.calls).toEqual([]);
    expect(slider.value).toBe("5");
    fan(card);
    await settled(card);
    await answer(card, "Apply");
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "set_fan",
        { device_id: [ID], mode: "manual", speed: 5, expected_mode: "manual" },
      ],
    ]);
  });

  it("send what they showed when they asked, not what is so by then", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    await change(home, card, { auto_fan: false, fan_speed_percent: 60 });
    const slider = one<HTMLInputElement>(card, "input[type=range]");
    slider.value = "5";
    slider.dispatchEvent(new Event("input"));
    await settled(card);
    fan(card);
    await settled(card);
    await change(home, card, { auto_fan: true });
    await answer(card, "Apply");
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "set_fan",
        { device_id: [ID], mode: "manual", speed: 5, expected_mode: "manual" },
      ],
    ]);
  });

  it("want nothing of a miner once they show what it has", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    button(card, "More: Frequency").click();
    await settled(card);
    button(card, "Less: Frequency").click();
    type(card, "core_voltage", "1150");
    one(card, "input#core_voltage").dispatchEvent(new Event("change"));
    await change(home, card, { frequency_mhz: 400, core_voltage_mv: 1000 });
    expect(one<HTMLInputElement>(card, "input#frequency").value).toBe("400");
    expect(one<HTMLInputElement>(card, "input#core_voltage").value).toBe("1000");
    expect(all(card, "button").map(text)).not.toContain("Apply");
  });

  it("do not take the answer of another miner for that of this one", async () => {
    const home = new FakeHome({ miners: 2 });
    const card = (await open(home)) as LitElement & { setConfig(config: object): void };
    const end = hold(home);
    type(card, "frequency", "550");
    await settled(card);
    submit(card);
    await settled(card);
    card.setConfig({ type: "custom:bitaxe-miner-card", device_id: deviceId(1) });
    await settled(card);
    expect(one<HTMLInputElement>(card, "input#frequency").disabled).toBe(false);
    type(card, "frequency", "560");
    await settled(card);
    end();
    await settled(card);
    expect(all(card, ".wait")).toHaveLength(0);
    expect(one<HTMLInputElement>(card, "input#frequency").value).toBe("560");
  });

  it("pause, and resume what is paused", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const mining = { entity_id: "switch.bitaxe_office_mining" };
    button(card, "Pause").click();
    await change(home, card, { state: "paused" });
    button(card, "Resume").click();
    expect(home.calls).toEqual([
      ["switch", "turn_off", {}, mining],
      ["switch", "turn_on", {}, mining],
    ]);
  });

  it("restart only after a second yes", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    button(card, "Restart").click();
    await settled(card);
    await answer(card, "Cancel");
    expect(home.calls).toEqual([]);
    button(card, "Restart").click();
    await settled(card);
    await answer(card, "Restart");
    expect(home.calls).toEqual([
      ["button", "press", {}, { entity_id: "button.bitaxe_office_restart" }],
    ]);
  });

  it.each(["popstate", "location-changed"])(
    "do nothing once the page was left: %s",
    async (event) => {
      const home = new FakeHome({ miners: 1 });
      const card = await open(home);
      button(card, "Restart").click();
      await settled(card);
      window.dispatchEvent(new Event(event));
      await settled(card);
      expect(document.querySelector("bitaxe-confirm-dialog")).toBeNull();
      expect(home.calls).toEqual([]);
    },
  );

  it("keep the focus of those who use the keyboard", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const controls = one(card, "bitaxe-miner-controls").shadowRoot;
    type(card, "frequency", "550");
    await settled(card);
    const apply = button(card, "Apply");
    const form = apply.closest("form");
    apply.focus();
    submit(card);
    home.change({ [ID]: { frequency_mhz: 550 } });
    await settled(card);
    expect(all(card, "button").map(text)).not.toContain("Apply");
    expect(controls?.activeElement).toBe(form);
  });

  it("send nothing that would be done later, while there is no connection", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    type(card, "frequency", "550");
    await change(home, card, {
      detuned: { frequency_mhz: 625, core_voltage_mv: 1180 },
    });
    const buttons = () =>
      ["Apply", "Restart", "Pause", "Restore 625 MHz · 1,180 mV"].map(
        (name) => button(card, name).disabled,
      );
    expect(buttons()).toEqual([false, false, false, false]);
    home.disconnect();
    await settled(card);
    expect(buttons()).toEqual([true, true, true, true]);
    home.reconnect();
    await settled(card);
    expect(buttons()).toEqual([false, false, false, false]);
    expect(one<HTMLInputElement>(card, "input#frequency").value).toBe("550");
  });

  it("wait while the miner does not answer", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    await change(home, card, { online: false, state: "offline" });
    expect(all(card, "bitaxe-miner-controls button").map(text)).toEqual([
      "Backups",
      "Notes",
    ]);
    expect(text(one(card, "bitaxe-miner-controls p"))).toContain("does not answer");
  });
});

describe("the trend", () => {
  it("asks for another span only once it is chosen", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const spans = () =>
      home.commands
        .filter(({ type }) => type === "bitaxe/series")
        .map(({ span }) => span);
    expect(spans()).toEqual(["24h"]);
    button(card, "7 d").click();
    await settled(card);
    expect(spans()).toEqual(["24h", "7d"]);
    button(card, "24 h").click();
    await settled(card);
    expect(spans()).toEqual(["24h", "7d"]);
    // A week in more points takes the recorder twice as long, and shows no more.
    expect(home.commands.filter(({ points }) => points === 600)).toHaveLength(2);
  });

  it("reads its values to those who use the keyboard", async () => {
    const card = await open(new FakeHome({ miners: 1 }));
    const plot = one(card, ".plot");
    const press = async (key: string): Promise<string> => {
      plot.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
      await settled(card);
      return plot.getAttribute("aria-valuetext") ?? "";
    };
    const last = await press("ArrowLeft");
    expect(last).toMatch(/measured 1\.\d\d\sTH\/s/);
    expect(last).toMatch(/ASIC \d\d\.\d\s°C/);
    expect(last).toMatch(/Power \d\d\.\d\sW/);
    const first = await press("Home");
    expect(first).not.toBe(last);
    expect(plot.getAttribute("aria-valuenow")).toBe("0");
    expect(await press("Escape")).toContain("Trend of bitaxe-office");
  });

  it("shows why there is no history", async () => {
    const home = new FakeHome({ miners: 1 });
    home.failures["bitaxe/series"] = { message: "There is no history, because …" };
    const card = await open(home);
    expect(text(one(card, "bitaxe-miner-trend .note"))).toBe(
      "There is no history, because …",
    );
  });

  it("shows no old value as the present one", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const read = () => all(card, "bitaxe-trend-chart .key b").map(text);
    expect(read()).not.toContain("");
    await change(home, card, {
      online: false,
      state: "offline",
      hashrate_ghs: null,
      expected_hashrate_ghs: null,
      asic_temperature_c: null,
      vr_temperature_c: null,
      power_w: null,
    });
    expect(new Set(read())).toEqual(new Set([""]));
  });

  describe("as time goes by", () => {
    const asked = (home: FakeHome) =>
      home.commands.filter(({ type }) => type === "bitaxe/series").length;

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

    it("is asked for anew after the page was left", async () => {
      const home = new FakeHome({ miners: 1 });
      const card = await shown(home);
      expect(asked(home)).toBe(1);
      card.remove();
      await vi.advanceTimersByTimeAsync(3 * 3_600_000);
      expect(asked(home)).toBe(1);
      document.body.append(card);
      await vi.advanceTimersByTimeAsync(100);
      expect(asked(home)).toBe(2);
      await vi.advanceTimersByTimeAsync(5 * 60_000);
      expect(asked(home)).toBe(3);
    });

    it("stays while it cannot be asked for, and is soon asked for again", async () => {
      const home = new FakeHome({ miners: 1 });
      const card = await shown(home);
      home.failures["bitaxe/series"] = { message: "Unknown command" };
      await vi.advanceTimersByTimeAsync(5 * 60_000);
      expect(asked(home)).toBe(2);
      expect(all(card, "bitaxe-trend-chart")).toHaveLength(1);
      button(card, "7 d").click();
      await vi.advanceTimersByTimeAsync(100);
      expect(text(one(card, "bitaxe-miner-trend .note"))).toBe("Unknown command");
      delete home.failures["bitaxe/series"];
      await vi.advanceTimersByTimeAsync(30_000);
      expect(all(card, "bitaxe-trend-chart")).toHaveLength(1);
    });
  });

  it("says when nothing is recorded", async () => {
    const home = new FakeHome({ miners: 1 });
    const { connection } = home.hass;
    const send = connection.sendMessagePromise;
    home.hass.connection.sendMessagePromise = async <T>(message: { type: string }) => {
      const known = await send<{
        miners: { columns: Record<string, []> }[];
      }>(message);
      for (const { columns } of known.miners)
        for (const name in columns) columns[name] = [];
      return known as T;
    };
    home.change({ [ID]: { online: false, state: "offline" } });
    const card = await open(home);
    expect(text(one(card, "bitaxe-miner-trend .note"))).toContain(
      "Nothing has been recorded",
    );
  });
});

describe("the configuration", () => {
  it.each([{ span: "2h" }, { metric: "heat" }])(
    "refuses %j in words",
    async (wrong) => {
      await expect(open(new FakeHome({ miners: 1 }), wrong)).rejects.toThrow(
        `“${Object.keys(wrong)[0] ?? ""}” must be one of`,
      );
    },
  );

  it("offers the first miner, not the swarm, to the card picker", async () => {
    const Card = customElements.get("bitaxe-miner-card") as unknown as {
      getStubConfig(hass: object): object;
      getConfigForm(): Promise<{ schema: { name: string }[] }>;
    };
    const { hass } = new FakeHome({ miners: 2 });
    const [first, second] = minerDevices(hass);
    expect(Card.getStubConfig(hass)).toEqual({ device_id: first?.id });
    Object.assign(first ?? {}, { disabled_by: "user" });
    expect(Card.getStubConfig(hass)).toEqual({ device_id: second?.id });
    hass.devices = {};
    expect(Card.getStubConfig(hass)).toEqual({});
    expect((await Card.getConfigForm()).schema[0]).toMatchObject({
      name: "device_id",
      // What Home Assistant offers: entities that miners have enabled, and the swarm not.
      selector: {
        device: { entity: [{ domain: "sensor", device_class: "temperature" }] },
      },
    });
  });
});

describe("a restart that somebody asked for", () => {
  const header = (card: LitElement): string => text(one(card, ".name .secondary"));

  it("shows at once, with when the miner should be back", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const now = Math.floor(Date.now() / 1000);
    await change(home, card, { restarting_since: now - 5, missed_polls: 1 });
    expect(header(card)).toMatch(/^Restarting back in about (39|40) s/);
    expect(header(card)).not.toContain("No answer");
    await change(home, card, { restarting_since: now - 100 });
    expect(header(card)).toContain("back any moment");
  });

  it("is no outage, however long the miner does not answer", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const now = Math.floor(Date.now() / 1000);
    const away: Partial<Miner> = { online: false, state: "offline", warnings: [] };
    await change(home, card, { ...away, restarting_since: now - 60 });
    expect(header(card)).toContain("Restarting");
    expect(all(card, ".warnings li")).toHaveLength(0);
    await change(home, card, { restarting_since: null });
    expect(all(card, ".warnings li")).toHaveLength(1);
  });

  it("says how long it took, once the miner is back", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    const now = Math.floor(Date.now() / 1000);
    await change(home, card, { restarting_since: now - 32, missed_polls: 1 });
    await change(home, card, { restarting_since: null, missed_polls: 0 });
    expect(header(card)).toMatch(/^Mining Back after 3[23].s/);
  });
});

describe("zooming into the trend", () => {
  const asked = (home: FakeHome) =>
    home.commands.filter(({ type: name }) => name === "bitaxe/series");
  const press = (card: LitElement, key: string, shiftKey = false): void => {
    one(card, ".plot").dispatchEvent(
      new KeyboardEvent("keydown", { key, shiftKey, cancelable: true }),
    );
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, ms));

  it("reads what is looked at anew, by keys and by buttons", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    expect(asked(home)).toHaveLength(1);
    expect(asked(home)[0]).not.toHaveProperty("start");
    press(card, "+");
    await settled(card);
    button(card, "Zoom in").click();
    await pause(500);
    await settled(card);
    const { start, end } = asked(home).at(-1) as unknown as Record<string, string>;
    const hours = (Date.parse(end ?? "") - Date.parse(start ?? "")) / 3_600_000;
    expect(hours).toBeCloseTo(6, 1);
    expect(asked(home)).toHaveLength(2);
    press(card, "ArrowLeft", true);
    await pause(500);
    const earlier = asked(home).at(-1) as unknown as Record<string, string>;
    expect(Date.parse(earlier.start ?? "")).toBeLessThan(Date.parse(start ?? ""));
    expect(button(card, "Zoom out").disabled).toBe(false);
    press(card, "0");
    await settled(card);
    expect(button(card, "Zoom out").disabled).toBe(true);
  });

  it("ends where another span is chosen", async () => {
    const home = new FakeHome({ miners: 1 });
    const card = await open(home);
    press(card, "+");
    await settled(card);
    button(card, "7 d").click();
    await settled(card);
    expect(asked(home).at(-1)).toMatchObject({ span: "7d" });
    expect(asked(home).at(-1)).not.toHaveProperty("start");
  });
});
