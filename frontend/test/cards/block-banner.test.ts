import type { LitElement } from "lit";
import { afterEach, describe, expect, it } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { deviceId } from "../../dev/fake/miners";
import "../../src/cards/miner";
import "../../src/cards/swarm";
import { all, button, one, settled, show, text } from "./dom";

const ID = deviceId(0);
const swarm = (home: FakeHome): Promise<LitElement> =>
  show("bitaxe-swarm-card", home.hass, {});
const miner = (home: FakeHome): Promise<LitElement> =>
  show("bitaxe-miner-card", home.hass, { device_id: ID });
const banners = (card: LitElement): string[] => all(card, ".block").map(text);

afterEach(() => document.body.replaceChildren());

describe("a block that was found", () => {
  it("is shown on both cards with all that is known of it", async () => {
    for (const make of [swarm, miner]) {
      const home = new FakeHome({ miners: 2 });
      const card = await make(home);
      expect(banners(card)).toEqual([]);
      home.change({ [ID]: { blocks_found: 1, best_difficulty: 2e14 } });
      await settled(card);
      expect(banners(card)).toHaveLength(1);
      expect(banners(card)[0]).toContain("bitaxe-office has found a block!");
      expect(banners(card)[0]).toContain("height 921,340");
      expect(banners(card)[0]).toContain(
        "difficulty 200 T, the network asks for 140 T",
      );
    }
  });

  it("stays until somebody dismisses it, and then on all cards", async () => {
    const home = new FakeHome({ miners: 2 });
    home.change({ [ID]: { blocks_found: 1 } });
    const [one_, other] = [await swarm(home), await miner(home)];
    await settled(one_);
    expect(banners(one_)).toHaveLength(1);
    button(other, "Dismiss").click();
    await settled(other);
    expect([...banners(one_), ...banners(other)]).toEqual([]);
    expect(home.userData).toEqual({ blocks: { [ID]: 1 } });
    // The next one is news again.
    home.change({ [ID]: { blocks_found: 3 } });
    await settled(one_);
    expect(banners(one_)[0]).toContain("has found 2 blocks!");
  });

  it("is shown without a recorder, and without what the user has dismissed", async () => {
    const home = new FakeHome({ miners: 1 });
    home.failures["bitaxe/timeline"] = { code: "unknown_command" };
    home.failures["frontend/get_user_data"] = { code: "unknown_command" };
    home.change({ [ID]: { blocks_found: 1 } });
    expect(banners(await miner(home))).toHaveLength(1);
  });

  it("makes the row of its miner golden", async () => {
    const home = new FakeHome({ miners: 2 });
    home.change({ [ID]: { blocks_found: 1 } });
    const card = await swarm(home);
    const banner = one(card, "bitaxe-block-banner");
    banner.dispatchEvent(new CustomEvent("bitaxe-blocks", { detail: { ids: [ID] } }));
    await settled(card);
    const golden = (card as LitElement & { golden: ReadonlySet<string> }).golden;
    expect([...golden]).toEqual([ID]);
  });
});
