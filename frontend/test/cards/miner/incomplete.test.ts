import { afterEach, expect, it, vi } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import { deviceId } from "../../../dev/fake/miners";
import "../../../src/cards/efficiency";
import "../../../src/cards/miner";
import type { CardConfig, HomeAssistant } from "../../../src/lib/hass";
import { button, settled, text } from "../dom";
import type { LitElement } from "lit";

// The address of the parts is gone once the integration is updated.
vi.mock("../../../src/parts", () => {
  throw new TypeError("Failed to fetch dynamically imported module");
});

afterEach(() => vi.restoreAllMocks());

it.each(["bitaxe-miner-card", "bitaxe-efficiency-card"])(
  "a %s whose parts are gone says what to do",
  async (tag) => {
    const reload = vi.spyOn(location, "reload").mockReturnValue();
    const card = document.createElement(tag) as LitElement & {
      setConfig(config: CardConfig & { device_id: string }): void;
      hass: HomeAssistant;
    };
    card.setConfig({ type: `custom:${tag}`, device_id: deviceId(0) });
    card.hass = new FakeHome({ miners: 1 }).hass;
    document.body.append(card);
    await settled(card);
    expect(text(card.shadowRoot?.querySelector("[role=alert]") as Element)).toContain(
      "older than the last update",
    );
    button(card, "Reload the page").click();
    expect(reload).toHaveBeenCalledOnce();
  },
);
