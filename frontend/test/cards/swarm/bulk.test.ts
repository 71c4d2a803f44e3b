import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeHome } from "../../../dev/fake/home";
import { deviceId } from "../../../dev/fake/miners";
import "../../../src/cards/swarm";
import type { SwarmCard } from "../../../src/cards/swarm/card";
import type { SwarmCardConfig } from "../../../src/cards/swarm/config";
import type { SwarmRow } from "../../../src/cards/swarm/row";
import "../../../src/parts";

let card: SwarmCard;

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1200);
});

afterEach(() => {
  card.remove();
  document.querySelector("bitaxe-bulk-dialog")?.remove();
  vi.restoreAllMocks();
});

async function show(
  home: FakeHome,
  config: Partial<SwarmCardConfig> = {},
): Promise<ShadowRoot> {
  card = document.createElement("bitaxe-swarm-card") as SwarmCard;
  card.setConfig({ type: "custom:bitaxe-swarm-card", ...config });
  card.hass = home.hass;
  document.body.append(card);
  await settle();
  return card.shadowRoot as ShadowRoot;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    await card.updateComplete;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

const rows = (): SwarmRow[] => [
  ...(card.shadowRoot?.querySelectorAll<SwarmRow>("bitaxe-swarm-row") ?? []),
];
const inside = (tag: string): ShadowRoot => {
  const found = card.shadowRoot?.querySelector(tag)?.shadowRoot;
  if (!found) throw new Error(`There is no ${tag}`);
  return found;
};
const button = (root: ParentNode, text: string): HTMLButtonElement => {
  const found = [...root.querySelectorAll("button")].find((item) =>
    item.textContent?.includes(text),
  );
  if (!found) throw new Error(`There is no button ${text}`);
  return found;
};
const dialog = (): ShadowRoot =>
  document.querySelector("bitaxe-bulk-dialog")?.shadowRoot as ShadowRoot;
const chosen = (): string[] =>
  rows()
    .filter((row) => row.selected)
    .map((row) => row.deviceId);

async function type(text: string): Promise<void> {
  const field = inside("bitaxe-swarm-tools").querySelector("input");
  if (!field) throw new Error("There is no search");
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await settle();
}

describe("search and filters of the swarm card", () => {
  it("are there at once with many miners, and on demand with few", async () => {
    const root = await show(new FakeHome({ miners: 15 }));
    expect(inside("bitaxe-swarm-tools").querySelector("input")).not.toBeNull();
    root.querySelector<HTMLElement>(".toggle")?.click();
    await settle();
    expect(root.querySelector("bitaxe-swarm-tools")).toBeNull();
    card.remove();
    const few = await show(new FakeHome({ miners: 14 }));
    expect(few.querySelector("bitaxe-swarm-tools")).toBeNull();
    few.querySelector<HTMLElement>(".toggle")?.click();
    await settle();
    expect(inside("bitaxe-swarm-tools").querySelector("input")).toBeNull();
    expect(inside("bitaxe-swarm-tools").querySelectorAll("select")).toHaveLength(4);
  });

  it("can be left out", async () => {
    const root = await show(new FakeHome({ miners: 20 }), { tools: false });
    expect(root.querySelector("bitaxe-swarm-tools, .toggle")).toBeNull();
  });

  it("show some, with the totals of those", async () => {
    const home = new FakeHome({ miners: 40 });
    const root = await show(home);
    await type("kitchen");
    expect(rows().length).toBeGreaterThan(1);
    expect(rows().every((row) => row.miner.area === "Kitchen")).toBe(true);
    expect(root.querySelector(".tiles")?.textContent).toContain(`of ${rows().length}`);
    await type("nobody is called so");
    expect(root.textContent).toContain("No miner matches.");
    button(inside("bitaxe-swarm-tools"), "Show all").click();
    await settle();
    expect(rows()).toHaveLength(40);
  });

  it("have totals of each group, which show only its miners", async () => {
    await show(new FakeHome({ miners: 9 }), { group_by: "label" });
    const table = inside("bitaxe-swarm-tools").querySelector("table");
    expect(table?.querySelectorAll("tbody tr")).toHaveLength(2);
    button(table as ParentNode, "Solar").click();
    await settle();
    expect(rows().map((row) => row.miner.labels)).toEqual([
      ["Solar"],
      ["Solar"],
      ["Solar"],
    ]);
  });
});

describe("bulk work on the swarm card", () => {
  async function select(home: FakeHome): Promise<void> {
    await show(home);
    if (!card.shadowRoot?.querySelector("bitaxe-swarm-tools")) {
      card.shadowRoot?.querySelector<HTMLElement>(".toggle")?.click();
      await settle();
    }
    button(inside("bitaxe-swarm-tools"), "Select").click();
    await settle();
  }

  it("is for those who may control", async () => {
    const home = new FakeHome({ miners: 20, canControl: false });
    await show(home);
    expect(inside("bitaxe-swarm-tools").textContent).not.toContain("Select");
  });

  it("selects by click, by keyboard and in ranges, and opens nothing", async () => {
    const home = new FakeHome({ miners: 20 });
    home.change({ [deviceId(4)]: { can_control: false } });
    await select(home);
    const opened = vi.fn();
    document.addEventListener("hass-more-info", opened);
    const all = rows();
    all[1]?.click();
    await settle();
    expect(chosen()).toEqual([all[1]?.deviceId]);
    // The space bar clicks the box.
    all[1]?.querySelector<HTMLElement>("input")?.click();
    await settle();
    expect(chosen()).toEqual([]);
    all[0]?.click();
    all[5]?.dispatchEvent(
      new MouseEvent("click", { bubbles: true, composed: true, shiftKey: true }),
    );
    await settle();
    expect(chosen()).toEqual(
      all
        .slice(0, 6)
        .map((row) => row.deviceId)
        .filter((id) => id !== deviceId(4)),
    );
    button(inside("bitaxe-swarm-selection"), "Select all").click();
    await settle();
    expect(chosen()).toHaveLength(19);
    expect(opened).not.toHaveBeenCalled();
    document.removeEventListener("hass-more-info", opened);
  });

  it("sends nothing before one confirmation, and shows each result", async () => {
    const home = new FakeHome({ miners: 8 });
    await select(home);
    button(inside("bitaxe-swarm-selection"), "Select all").click();
    await settle();
    button(inside("bitaxe-swarm-selection"), "Restart").click();
    await settle();
    const sent = () =>
      home.commands.filter(
        ({ type, preview }) => type === "bitaxe/bulk_work" && !preview,
      );
    expect(sent()).toEqual([]);
    expect(dialog().textContent).toContain("One after another");
    expect(dialog().querySelectorAll("li")).toHaveLength(8);
    expect(dialog().textContent).toContain("The miner could not be reached.");
    button(dialog(), "Restart (7)").click();
    await settle();
    const [order] = sent();
    expect(order).toMatchObject({ action: "restart" });
    // The one that does not answer is not asked again.
    expect(order?.device_id).toHaveLength(7);
    expect(dialog().textContent).toContain("7 done · 1 not possible");
    button(dialog(), "Close").click();
    await settle();
    expect(document.querySelector("bitaxe-bulk-dialog")).toBeNull();
  });

  it("lists the miners from A to Z, whatever the rows are sorted by", async () => {
    const home = new FakeHome({ miners: 4 });
    const names = ["rack-27", "rack-3", "attic", "rack-12"];
    names.forEach((name, index) => home.change({ [deviceId(index)]: { name } }));
    await select(home);
    button(inside("bitaxe-swarm-selection"), "Select all").click();
    await settle();
    button(inside("bitaxe-swarm-selection"), "Pause").click();
    await settle();
    expect(
      [...dialog().querySelectorAll("li")].map((line) =>
        names.find((name) => line.textContent?.includes(name)),
      ),
    ).toEqual(["attic", "rack-3", "rack-12", "rack-27"]);
  });

  it("says what a profile changes on which miner", async () => {
    const home = new FakeHome({ miners: 3 });
    for (const { entities } of Object.values(home.miners)) {
      const profile = entities.profile as string;
      home.hass.states[profile] = {
        entity_id: profile,
        state: "eco",
        attributes: { options: ["eco", "stock"] },
        last_changed: "",
      };
    }
    await select(home);
    rows()[0]?.click();
    rows()[1]?.click();
    await settle();
    button(inside("bitaxe-swarm-selection"), "Apply profile").click();
    await settle();
    const field = dialog().querySelector("select") as HTMLSelectElement;
    expect([...field.options].map(({ value }) => value)).toEqual(["eco", "stock"]);
    expect(dialog().textContent).toContain("490\u00a0MHz");
    field.value = "stock";
    field.dispatchEvent(new Event("change"));
    await settle();
    expect(home.commands.at(-1)).toMatchObject({
      action: "apply_profile",
      profile: "stock",
      preview: true,
    });
  });

  it("begins and ends maintenance", async () => {
    const home = new FakeHome({ miners: 3 });
    await select(home);
    rows()[0]?.click();
    await settle();
    button(inside("bitaxe-swarm-selection"), "Maintenance").click();
    await settle();
    expect(home.commands.at(-1)).toMatchObject({
      action: "start_maintenance",
      duration: 7200,
    });
    const field = dialog().querySelector("select") as HTMLSelectElement;
    field.value = "0";
    field.dispatchEvent(new Event("change"));
    await settle();
    expect(home.commands.at(-1)).toMatchObject({ action: "end_maintenance" });
  });

  it("says why nothing can be planned", async () => {
    const home = new FakeHome({ miners: 3 });
    home.failures["bitaxe/bulk_work"] = { code: "unknown_command" };
    await select(home);
    rows()[0]?.click();
    await settle();
    button(inside("bitaxe-swarm-selection"), "Pause").click();
    await settle();
    expect(dialog().querySelector("[role=alert]")?.textContent).toContain(
      "does not answer",
    );
    expect(button(dialog(), "Pause").disabled).toBe(true);
  });
});
