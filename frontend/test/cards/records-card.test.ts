import { afterEach, describe, expect, it } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import "../../src/cards/records-card";
import type { HomeAssistant } from "../../src/lib/hass";
import { all, one, settled, show, text } from "./dom";

const ENTITY = "sensor.best";

function home(...shares: unknown[]): HomeAssistant {
  const { hass } = new FakeHome({ miners: 1 });
  const attributes = { best_shares: shares };
  hass.states[ENTITY] = {
    entity_id: ENTITY,
    state: "1",
    attributes,
  } as unknown as (typeof hass.states)[string];
  return hass;
}

afterEach(() => document.body.replaceChildren());

describe("the best shares", () => {
  it("are shown with miner and date, as far as anybody saw it", async () => {
    const card = await show(
      "bitaxe-records-card",
      home(
        { difficulty: 18.6e9, miner: "attic", time: "2026-11-02T10:00:00+00:00" },
        { difficulty: 3e9, miner: "gone", time: null },
      ),
      { entity: ENTITY },
    );
    expect(all(card, "li").map(text)).toEqual([
      expect.stringMatching(/^18.6\sG attic Nov 2$/),
      expect.stringMatching(/^3.00?\sG gone date unknown$/),
    ]);
  });

  it("are not there yet", async () => {
    const card = await show("bitaxe-records-card", home(), { entity: ENTITY });
    await settled(card);
    expect(text(one(card, "p"))).toContain("No share");
  });
});
