/** The power target on the cards of a miner and of all of them. */

import { beforeEach, describe, expect, it } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import "../../src/cards/power-target";
import type { PowerTargetPart } from "../../src/cards/power-target";
import type { PowerTarget } from "../../src/lib/model";

const ENTITIES = {
  power_target: "number.office_power_target",
  follow_power_target: "switch.office_follow_power_target",
};
const TARGET: PowerTarget = {
  chosen_w: 14,
  target_w: 14,
  set_by: "surplus",
  reached_w: 13.6,
  most_w: 22,
  following: true,
  with_swarm: false,
  reason: "on_target",
};
const REASON = "component.bitaxe.entity.number.power_target.state_attributes.reason";

let home: FakeHome;

async function settle(element: PowerTargetPart): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
    await element.updateComplete;
  }
}

async function show(options: Partial<PowerTargetPart>): Promise<PowerTargetPart> {
  const element = document.createElement("bitaxe-power-target") as PowerTargetPart;
  Object.assign(element, {
    hass: home.hass,
    target: TARGET,
    entities: ENTITIES,
    enabled: true,
    ...options,
  });
  document.body.append(element);
  await settle(element);
  return element;
}

const root = (element: Element): ShadowRoot => element.shadowRoot as ShadowRoot;
const textOf = (element: Element): string =>
  root(element).textContent.replaceAll(/\s+/g, " ");
const find = <T extends Element>(element: Element, selector: string): T =>
  root(element).querySelector<T>(selector) as T;

beforeEach(() => {
  document.body.replaceChildren();
  home = new FakeHome({ miners: 1 });
  home.texts[`${REASON}.state.on_target`] = "On target";
  home.texts[`${REASON}.state.writes_used_up`] = "No writes left this hour";
});

describe("what came of it", () => {
  it("says target, power and reason", async () => {
    const element = await show({});
    expect(textOf(element)).toContain(
      "14\u00a0W of 14\u00a0W".replaceAll("\u00a0", " "),
    );
    expect(textOf(element)).toContain("On target");
    expect(root(element).querySelector(".warn")).toBeNull();
  });

  it("says of the swarm what decides about the target", async () => {
    const ofSwarm = await show({ swarm: true });
    expect(textOf(ofSwarm)).toContain("by surplus");
    const chosen = await show({ swarm: true, target: { ...TARGET, set_by: "chosen" } });
    expect(textOf(chosen)).toContain("as chosen");
    const unfollowed = await show({ swarm: true, target: { ...TARGET, set_by: null } });
    expect(root(unfollowed).querySelector(".by")).toBeNull();
    expect(textOf(await show({}))).not.toContain("by surplus");
  });

  it("warns of what keeps it from the target", async () => {
    const target = { ...TARGET, reached_w: 16, reason: "writes_used_up" };
    const element = await show({ target });
    expect(textOf(element)).toContain("No writes left this hour");
    expect(root(element).querySelector(".warn ha-icon")).not.toBeNull();
    expect(root(element).querySelector(".bar .over")).not.toBeNull();
  });

  it("is only looked at by those who may not set it", async () => {
    const element = await show({ enabled: false });
    expect(root(element).querySelector("input")).toBeNull();
    expect(root(element).querySelector("button")).toBeNull();
  });
});

describe("setting it", () => {
  it("sends a number, and the switch", async () => {
    const element = await show({});
    const input = find<HTMLInputElement>(element, "input");
    input.value = "16,5";
    input.dispatchEvent(new Event("input"));
    await settle(element);
    find<HTMLButtonElement>(element, "button.filled").click();
    await settle(element);
    find<HTMLButtonElement>(element, "[role=switch]").click();
    await settle(element);
    expect(home.calls).toEqual([
      ["number", "set_value", { value: 16.5 }, { entity_id: ENTITIES.power_target }],
      ["switch", "turn_off", {}, { entity_id: ENTITIES.follow_power_target }],
    ]);
  });

  it("refuses what is no number or too much", async () => {
    const element = await show({});
    const input = find<HTMLInputElement>(element, "input");
    for (const value of ["much", "4000"]) {
      input.value = value;
      input.dispatchEvent(new Event("input"));
      await settle(element);
      expect(find<HTMLButtonElement>(element, "button.filled").disabled).toBe(true);
      expect(root(element).querySelector(".faulty")).not.toBeNull();
    }
    expect(home.calls).toEqual([]);
  });

  it("is one line for all miners until it is opened", async () => {
    const element = await show({ swarm: true });
    expect(root(element).querySelector("input")).toBeNull();
    find<HTMLButtonElement>(element, "button.open").click();
    await settle(element);
    expect(root(element).querySelector("input")).not.toBeNull();
  });
});
