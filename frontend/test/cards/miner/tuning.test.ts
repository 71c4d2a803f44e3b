/** The search for the best setting on the miner card. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import { deviceId } from "../../../dev/fake/miners";
import { PROFILES, report, RUNNING } from "../../../dev/fake/tuning";
import "../../../src/cards/miner/tuning/view";
import { MinerTuning } from "../../../src/cards/miner/tuning/view";
import { compare, makeTuningMap } from "../../../src/cards/miner/tuning/map";
import type { Miner } from "../../../src/lib/model";
import { mergeTuning, type TuningMiner } from "../../../src/lib/tuning";

const DEVICE = deviceId(0);

async function open(home: FakeHome): Promise<MinerTuning> {
  const element = document.createElement("bitaxe-miner-tuning") as MinerTuning;
  Object.assign(element, {
    hass: home.hass,
    device: DEVICE,
    miner: home.miners[DEVICE],
    others: [{ id: deviceId(1), name: "attic" }],
  });
  document.body.append(element);
  await settle(element);
  return element;
}

async function settle(element: MinerTuning): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
    await element.updateComplete;
  }
}

const root = (element: Element): ShadowRoot => element.shadowRoot as ShadowRoot;
const textOf = (element: Element): string =>
  root(element).textContent.replaceAll(/\s+/g, " ");

function button(element: Element, name: string): HTMLButtonElement {
  const found = [...root(element).querySelectorAll("button")].find((item) =>
    item.textContent.includes(name),
  );
  if (!found) throw new Error(`no ${name}`);
  return found;
}

let home: FakeHome;

beforeEach(() => {
  document.body.replaceChildren();
  home = new FakeHome({ miners: 3 });
});

describe("before", () => {
  it("starts with goal, limits and other miners", async () => {
    const element = await open(home);
    button(element, "Find best setting").click();
    await settle(element);
    const form = root(element).querySelector("bitaxe-tuning-form") as Element;
    button(form, "Efficiency").click();
    const type = (id: string, value: string) => {
      const input = root(form).querySelector<HTMLInputElement>(`#${id}`);
      if (!input) throw new Error(id);
      input.value = value;
      input.dispatchEvent(new Event("input"));
    };
    type("maximum_power", "20,5");
    type("time_limit", "3");
    const also = root(form).querySelector<HTMLInputElement>("input[type=checkbox]");
    also?.click();
    await settle(element);
    button(form, "Start").click();
    await settle(element);
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "start_tuning",
        {
          device_id: [DEVICE, deviceId(1)],
          goal: "efficiency",
          maximum_power: 20.5,
          time_limit: { seconds: 10_800 },
        },
      ],
    ]);
  });

  it("sends nothing that is out of range", async () => {
    const element = await open(home);
    button(element, "Find best setting").click();
    await settle(element);
    const form = root(element).querySelector("bitaxe-tuning-form") as Element;
    const input = root(form).querySelector<HTMLInputElement>("#maximum_fan_speed");
    if (!input) throw new Error("no field");
    input.value = "5";
    input.dispatchEvent(new Event("input"));
    await settle(element);
    expect(button(form, "Start").disabled).toBe(true);
    expect(textOf(form)).toContain("20 % to 100 %");
  });

  it("is not offered to those who may not control", async () => {
    home = new FakeHome({ miners: 1, canControl: false });
    const element = await open(home);
    expect((element as HTMLElement).hidden).toBe(true);
    home.tune(DEVICE, { reports: [report(1e9)] });
    await settle(element);
    expect((element as HTMLElement).hidden).toBe(false);
    expect(textOf(element)).not.toContain("Find best setting");
    button(element, "Show the result").click();
    await settle(element);
    expect(textOf(element)).toContain("Limited by");
    expect(textOf(element)).not.toContain("Apply");
    expect(textOf(element)).not.toContain("Save as a profile");
  });
});

describe("soak test", () => {
  const test = {
    frequency_mhz: 542,
    core_voltage_mv: 1045,
    profile: "Night",
    hours: 24,
    started: 1_800_000_000,
    progress_percent: 25,
    seconds_left: 64_800,
    original: { frequency_mhz: 525, core_voltage_mv: 1150 },
    hashrate_share_percent: 99.2,
    power_w: 13.7,
    error_rate_percent: 0.1,
  };

  async function openForm(element: MinerTuning): Promise<Element> {
    button(element, "Soak test").click();
    await settle(element);
    return root(element).querySelector("bitaxe-soak-form") as Element;
  }

  function typeHours(form: Element, value: string): void {
    const input = root(form).querySelector<HTMLInputElement>("#hours");
    if (!input) throw new Error("no hours");
    input.value = value;
    input.dispatchEvent(new Event("input"));
  }

  it("starts with a profile and hours", async () => {
    home.texts["component.bitaxe.entity.select.profile.state.balanced"] = "Balanced";
    home.tuners[DEVICE] = { profiles: PROFILES };
    const element = await open(home);
    const form = await openForm(element);
    const select = root(form).querySelector("select") as HTMLSelectElement;
    expect(root(form).activeElement).toBe(select);
    expect([...select.options].map(({ text }) => text.trim())).toEqual([
      "eco",
      "Balanced",
      "Night",
    ]);
    for (const field of root(form).querySelectorAll("select, input")) {
      expect((field as HTMLInputElement).labels).toHaveLength(1);
    }
    select.value = "Night";
    select.dispatchEvent(new Event("change"));
    typeHours(form, "24");
    await settle(element);
    expect(textOf(form)).toContain("400 MHz · 1,000 mV");
    button(form, "Start").click();
    await settle(element);
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "start_soak_test",
        { device_id: [DEVICE], profile: "Night", hours: 24 },
      ],
    ]);
    expect(root(element).querySelector("bitaxe-soak-form")).toBeNull();
  });

  it("begins with the profile the miner runs at", async () => {
    home.tuners[DEVICE] = { profiles: PROFILES };
    const element = await open(home);
    element.miner = { ...element.miner, frequency_mhz: 400, core_voltage_mv: 1000 };
    const form = await openForm(element);
    button(form, "Start").click();
    await settle(element);
    expect(home.calls[0]?.[2]).toEqual({
      device_id: [DEVICE],
      profile: "Night",
      hours: 12,
    });
  });

  it("takes no hours that are out of range", async () => {
    home.tuners[DEVICE] = { profiles: PROFILES };
    const element = await open(home);
    const form = await openForm(element);
    typeHours(form, "5");
    await settle(element);
    expect(button(form, "Start").disabled).toBe(true);
    expect(textOf(form)).toContain("6 h to 48 h");
    button(form, "Cancel").click();
    await settle(element);
    expect(root(element).querySelector("bitaxe-soak-form")).toBeNull();
    expect(home.calls).toEqual([]);
  });

  it.each([
    ["without a profile", {}, true, undefined],
    ["to those who may not control", { profiles: PROFILES }, false, undefined],
    ["while the miner is tuned", { profiles: PROFILES, run: RUNNING }, true, undefined],
    [
      "where it cannot begin",
      { profiles: PROFILES, obstacle: "tuning_paused" },
      true,
      true,
    ],
  ])("is not offered %s", async (_, changes, canControl, disabled) => {
    home = new FakeHome({ miners: 1, canControl });
    home.tuners[DEVICE] = changes;
    const element = await open(home);
    const found = [...root(element).querySelectorAll("button")].find((item) =>
      item.textContent.includes("Soak test"),
    );
    expect(found?.disabled).toBe(disabled);
  });

  it("shows how far it is, and what it found so far", async () => {
    home.tuners[DEVICE] = { soak_test: test, state: "measuring" };
    const element = await open(home);
    const text = textOf(element);
    expect(text).toContain("Soak test of Night");
    expect(text).toContain("542 MHz · 1,045 mV");
    expect(text).toContain("25 %");
    expect(text).toContain("99.2 %");
    expect(text).not.toContain("Find best setting");
  });

  it.each([
    ["The profile", "best"],
    ["From before", "original"],
  ])("stops and keeps: %s", async (name, keep) => {
    home.tuners[DEVICE] = { soak_test: test, state: "measuring" };
    const element = await open(home);
    button(element, "Stop").click();
    await settle(element);
    button(element, name).click();
    await settle(element);
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "stop_tuning",
        { device_id: [DEVICE], keep, expected_started: test.started },
      ],
    ]);
  });

  it("says what it found", async () => {
    home.tuners[DEVICE] = { soak_test: test, state: "measuring" };
    const element = await open(home);
    home.tune(DEVICE, {
      soak_test: null,
      state: "failed",
      soak_report: {
        frequency_mhz: 542,
        core_voltage_mv: 1045,
        profile: "Night",
        hours: 24,
        state: "failed",
        reason: "soak_dark",
        original: test.original,
        ended: 1e9,
        seconds: 7200,
      },
    });
    await settle(element);
    expect(textOf(element)).toContain("Soak test of Night");
    expect(root(element).querySelector(".soak .failed")).not.toBeNull();
  });
});

describe("while", () => {
  it("shows progress, the map, the best so far and how sure it is", async () => {
    home.tuners[DEVICE] = { run: RUNNING, state: "measuring" };
    const element = await open(home);
    const text = textOf(element);
    expect(text).toContain("71 %");
    expect(text).toContain("about 14 min left");
    expect(text).toContain("6.4 % ± 0.8 % better");
    expect(text).toContain("ASIC ≤ 68 °C");
    expect(text).toContain("part of the chip does not hash");
  });

  it("writes the room temperature as the user's language does", async () => {
    home = new FakeHome({ miners: 1, language: "de" });
    home.tuners[DEVICE] = { run: RUNNING, state: "measuring" };
    expect(textOf(await open(home))).toContain("21,5");
  });

  it.each([
    ["Best so far", "best"],
    ["From before", "original"],
  ])("stops and keeps: %s", async (name, keep) => {
    home.tuners[DEVICE] = { run: RUNNING, state: "measuring" };
    const element = await open(home);
    button(element, "Stop").click();
    await settle(element);
    button(element, name).click();
    await settle(element);
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "stop_tuning",
        { device_id: [DEVICE], keep, expected_started: RUNNING.started },
      ],
    ]);
  });

  it("asks anew when another run goes on", async () => {
    home.tuners[DEVICE] = { run: RUNNING, state: "measuring" };
    const element = await open(home);
    button(element, "Stop").click();
    await settle(element);
    expect(textOf(element)).toContain("From before");
    home.tune(DEVICE, { run: { ...RUNNING, started: RUNNING.started + 600 } });
    await settle(element);
    expect(textOf(element)).not.toContain("From before");
    expect(home.calls).toEqual([]);
  });

  it("shows the result once it is over", async () => {
    home.tuners[DEVICE] = { run: RUNNING, state: "measuring" };
    const element = await open(home);
    home.tune(DEVICE, { run: null, state: "finished", reports: [report(1e9)] });
    await settle(element);
    expect(textOf(element)).toContain("Limited by");
    expect(textOf(element)).toContain("Apply 542 MHz · 1,045 mV");
  });
});

describe("after", () => {
  it("goes back to the setting before, after a question", async () => {
    home.tuners[DEVICE] = { reports: [report(1e9)], state: "finished" };
    home.change({ [DEVICE]: { frequency_mhz: 542, core_voltage_mv: 1045 } });
    const element = await open(home);
    button(element, "Show the result").click();
    await settle(element);
    expect(textOf(element)).not.toContain("Apply 542");
    HTMLDialogElement.prototype.showModal = vi.fn();
    button(element, "Back to 600").click();
    await settle(element);
    const dialog = document.querySelector("bitaxe-confirm-dialog");
    if (!dialog) throw new Error("no question");
    const native = root(dialog).querySelector("dialog");
    if (!native) throw new Error("no dialog");
    native.returnValue = "yes";
    native.dispatchEvent(new Event("close"));
    await settle(element);
    expect(home.calls.map((call) => call.slice(0, 3))).toEqual([
      [
        "bitaxe",
        "apply_configuration",
        {
          device_id: [DEVICE],
          frequency: 600,
          core_voltage: 1150,
          expected_frequency: 542,
          expected_core_voltage: 1045,
        },
      ],
    ]);
  });

  it("saves the setting as a profile that it showed, although another follows", async () => {
    home.tuners[DEVICE] = { reports: [report(1e9)], state: "finished" };
    home.change({ [DEVICE]: { frequency_mhz: 542, core_voltage_mv: 1045 } });
    const element = await open(home);
    button(element, "Show the result").click();
    await settle(element);
    button(element, "Save as a profile").click();
    await settle(element);
    const form = root(element).querySelector("form");
    if (!form) throw new Error("no form");
    expect(form.textContent).toContain("542\u00a0MHz\u00a0· 1,045\u00a0mV");
    home.change({ [DEVICE]: { frequency_mhz: 600, core_voltage_mv: 1150 } });
    element.miner = home.miners[DEVICE] as Miner;
    await settle(element);
    expect(form.textContent).toContain("542\u00a0MHz\u00a0· 1,045\u00a0mV");
    (form.elements.namedItem("profile") as HTMLInputElement).value = "Night";
    form.requestSubmit();
    await settle(element);
    expect(home.calls.map((call) => call.slice(0, 3))).toEqual([
      [
        "bitaxe",
        "save_profile",
        {
          device_id: [DEVICE],
          name: "Night",
          expected_frequency: 542,
          expected_core_voltage: 1045,
        },
      ],
    ]);
  });

  it("compares with before", () => {
    const rows = compare(report(0));
    expect(rows.map(({ name, better }) => [name, better])).toEqual([
      ["hashrate", false],
      ["power", true],
      ["efficiency", true],
      ["asic", true],
    ]);
  });
});

describe("map", () => {
  it("marks best, present trial and walls", () => {
    const map = makeTuningMap(home.hass, RUNNING)?.map;
    expect(map?.points.filter(({ best }) => best).map(({ label }) => label)).toEqual([
      "542/1045",
    ]);
    expect(map?.points.filter(({ present }) => present)).toHaveLength(1);
    expect(map?.points.filter(({ critical }) => critical)).toHaveLength(2);
  });
});

describe("messages", () => {
  it("merges what changed, and forgets a miner that is gone", () => {
    const miner = { state: "idle", run: null } as TuningMiner;
    const full = mergeTuning(
      undefined,
      { type: "full", ranges: {}, miners: { a: miner } },
      "a",
    );
    const busy = mergeTuning(
      full,
      { type: "diff", miners: { a: { state: "settling" } } },
      "a",
    );
    expect(busy?.miner).toEqual({ state: "settling", run: null });
    expect(mergeTuning(busy, { type: "diff", miners: { b: null } }, "a")).toBe(busy);
    expect(
      mergeTuning(busy, { type: "diff", miners: { a: null } }, "a")?.miner,
    ).toBeUndefined();
  });
});
