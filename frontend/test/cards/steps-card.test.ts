import type { LitElement } from "lit";
import { afterEach, describe, expect, it } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { hasStepsLeft } from "../../src/cards/steps-card";
import { all, button, settled, show, text } from "./dom";

const steps = (home: FakeHome): Promise<LitElement> =>
  show("bitaxe-steps-card", home.hass, {});
const done = (card: LitElement): string[] => all(card, "li.done b").map(text);

afterEach(() => document.body.replaceChildren());

describe("the steps of the beginning", () => {
  it("begin with the search, as all else belongs to the swarm", async () => {
    const home = new FakeHome({ miners: 0 });
    home.setUp({ has_price: null, has_notifications: null });
    const card = await steps(home);
    expect(done(card)).toEqual([]);
    expect(all(card, "li.later")).toHaveLength(2);
    expect(all(card, "button").map(text)).toEqual(["Add miners"]);
  });

  it("tick themselves off, and are gone when all are done", async () => {
    const home = new FakeHome({ miners: 1 });
    home.setUp({ has_price: false, has_notifications: false });
    expect(await hasStepsLeft(home.hass)).toBe(true);
    const card = await steps(home);
    expect(done(card)).toEqual(["Find your miners"]);
    home.setUp({ has_price: true });
    await settled(card);
    expect(done(card)).toHaveLength(2);
    let visible: boolean | undefined;
    card.addEventListener("card-visibility-changed", (event) => {
      visible = (event as CustomEvent<{ value: boolean }>).detail.value;
    });
    home.setUp({ has_notifications: true });
    await settled(card);
    expect(card.hidden).toBe(true);
    expect(visible).toBe(false);
    expect(await hasStepsLeft(home.hass)).toBe(false);
  });

  it("stay away once dismissed, beside what else is stored", async () => {
    const home = new FakeHome({ miners: 1 });
    home.userData = { blocks: { one: 1 } };
    home.setUp({ has_price: false, has_notifications: false });
    const card = await steps(home);
    button(card, "Dismiss").click();
    await settled(card);
    expect(card.hidden).toBe(true);
    expect(home.userData).toEqual({ blocks: { one: 1 }, steps_dismissed: true });
    expect(await hasStepsLeft(home.hass)).toBe(false);
  });

  it("are nothing for people who may not take them", async () => {
    const home = new FakeHome({ miners: 1 });
    home.setUp({ has_price: false });
    const user = { id: "guest", name: "Guest", is_admin: false };
    expect(await hasStepsLeft({ ...home.hass, user })).toBe(false);
  });
});
