import { describe, expect, it } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { deviceId } from "../../dev/fake/miners";
import type { DeviceEntry, HomeAssistant } from "../../src/lib/hass";
import type { Card, DashboardConfig, StrategyConfig } from "../../src/strategy/config";
import { BitaxeDashboard } from "../../src/strategy/dashboard";

const STRATEGY: StrategyConfig = { type: "custom:bitaxe" };
const SWARM = "5warm5f1c0ffee000000000000000000";

/** The home of the present test. */
let fake: FakeHome;

/** A home whose registry has the entities that views are made of. */
function home(miners: number, options: Partial<HomeAssistant> = {}): HomeAssistant {
  fake = new FakeHome({ miners });
  const { hass } = fake;
  const add = (
    device: string,
    domain: string,
    key: string,
    category?: "config" | "diagnostic",
  ): void => {
    const id = `${domain}.${device.slice(0, 4)}_${key}`;
    hass.entities[id] = {
      entity_id: id,
      device_id: device,
      platform: "bitaxe",
      translation_key: key,
      ...(category === undefined ? {} : { entity_category: category }),
    };
  };
  for (let index = 0; index < miners; index++) {
    const device = deviceId(index);
    add(device, "sensor", "hashrate");
    add(device, "sensor", "efficiency");
    add(device, "sensor", "asic_temperature");
    add(device, "sensor", "wifi_rssi", "diagnostic");
    add(device, "number", "frequency", "config");
    add(device, "number", "target_temperature", "config");
    add(device, "switch", "mining");
    add(device, "event", "alert");
    add(device, "event", "activity");
  }
  for (const key of ["hashrate", "power", "efficiency", "energy"]) {
    add(SWARM, "sensor", `swarm_${key}`);
  }
  return { ...hass, ...options };
}

const generate = (
  hass: HomeAssistant,
  config: StrategyConfig = STRATEGY,
): Promise<DashboardConfig> => BitaxeDashboard.generate(config, hass);

const cards = (dashboard: DashboardConfig, path: string): Card[] =>
  dashboard.views
    .filter((view) => view.path === path)
    .flatMap((view) => view.sections.flatMap((section) => section.cards));

const ofType = (found: Card[], type: string): Card[] =>
  found.filter((card) => card.type === type);

describe("the dashboard", () => {
  it("has a view of the swarm, one of the analysis and one per miner", async () => {
    const { views } = await generate(home(2));
    expect(views.map((view) => view.path)).toEqual([
      "overview",
      "analysis",
      `miner-${deviceId(1)}`,
      `miner-${deviceId(0)}`,
    ]);
    expect(views.map((view) => view.title).slice(2)).toEqual([
      "bitaxe-attic",
      "bitaxe-office",
    ]);
    expect(views.every((view) => view.type === "sections")).toBe(true);
    expect(views.some((view) => view.subview)).toBe(false);
  });

  it("opens the view of a miner from its row", async () => {
    const dashboard = await generate(home(2));
    const [swarm] = ofType(cards(dashboard, "overview"), "custom:bitaxe-swarm-card");
    expect(swarm).toMatchObject({
      layout: "full",
      row_action: "navigate",
      navigation_path: "miner-{device_id}",
    });
  });

  it("is a dense list and subviews for a large swarm", async () => {
    const dashboard = await generate(home(40));
    expect(dashboard.views).toHaveLength(42);
    expect(dashboard.views.filter((view) => view.subview)).toHaveLength(40);
    const [swarm] = ofType(cards(dashboard, "overview"), "custom:bitaxe-swarm-card");
    expect(swarm).toMatchObject({ layout: "lite" });
    expect(
      ofType(cards(dashboard, "analysis"), "custom:bitaxe-summary-card"),
    ).toHaveLength(1);
    expect(
      ofType(cards(dashboard, "analysis"), "custom:bitaxe-efficiency-card"),
    ).toHaveLength(0);
  });

  it("shows those miners only that were chosen", async () => {
    const miners = [deviceId(1)];
    const dashboard = await generate(home(3), { ...STRATEGY, miners, layout: "lite" });
    expect(dashboard.views.map((view) => view.title).slice(2)).toEqual([
      "bitaxe-attic",
    ]);
    const [swarm] = ofType(cards(dashboard, "overview"), "custom:bitaxe-swarm-card");
    expect(swarm).toMatchObject({ layout: "lite", miners });
  });

  it("shows what happened to all miners, and to each in its view", async () => {
    const miners = [deviceId(1)];
    const dashboard = await generate(home(3), { ...STRATEGY, miners });
    const timelineOf = (path: string) =>
      ofType(cards(dashboard, path), "custom:bitaxe-timeline-card");
    expect(timelineOf("overview")).toMatchObject([{ miners }]);
    expect(timelineOf(`miner-${deviceId(1)}`)).toMatchObject([
      { device_id: deviceId(1), grid_options: { rows: "auto" } },
    ]);
    const [all] = ofType(
      cards(await generate(home(3)), "overview"),
      "custom:bitaxe-timeline-card",
    );
    expect(all).not.toHaveProperty("miners");
  });

  it("uses the entities that there are, whatever they are called", async () => {
    const hass = home(1);
    const renamed = {
      ...hass.entities["sensor.5war_swarm_efficiency"],
      entity_id: "sensor.all",
    };
    delete hass.entities["sensor.5war_swarm_efficiency"];
    const dashboard = await generate({
      ...hass,
      entities: { ...hass.entities, "sensor.all": renamed },
    });
    const graphs = ofType(cards(dashboard, "overview"), "statistics-graph");
    expect(graphs.map((card) => card.entities)).toMatchObject([
      [{ entity: "sensor.all" }],
      [{ entity: "sensor.5war_swarm_power" }],
      [{ entity: "sensor.5war_swarm_energy" }],
    ]);
  });

  it("has the best shares of all time on the analysis", async () => {
    const hass = home(1);
    expect(
      ofType(cards(await generate(hass), "analysis"), "custom:bitaxe-records-card"),
    ).toEqual([]);
    hass.entities["sensor.best"] = {
      entity_id: "sensor.best",
      device_id: SWARM,
      platform: "bitaxe",
      translation_key: "swarm_best_difficulty",
    };
    expect(
      ofType(cards(await generate(hass), "analysis"), "custom:bitaxe-records-card"),
    ).toMatchObject([{ entity: "sensor.best" }]);
  });

  it("takes no Discord channel for the swarm", async () => {
    const hass = home(1);
    const swarm = hass.devices[SWARM] as DeviceEntry;
    const channel = {
      ...swarm,
      id: "channel",
      identifiers: [["bitaxe", "discord_1"]] as [string, string][],
    };
    const devices = { channel, ...hass.devices };
    const dashboard = await generate({ ...hass, devices });
    expect(ofType(cards(dashboard, "overview"), "statistics-graph")).toHaveLength(3);
  });

  it("fills one column, two and three alike below the swarm", async () => {
    const [view] = (await generate(home(2))).views;
    const [, below] = view?.sections ?? [];
    expect(view?.sections).toHaveLength(2);
    expect(below?.column_span).toBe(3);
    const sizes = (below?.cards ?? []).map((card) => card.grid_options);
    expect(sizes).toEqual([
      ...Array.from({ length: 4 }, () => ({ columns: 12, rows: 5 })),
      { columns: 24, rows: 5 },
    ]);
  });

  it("leaves out what has no entities, and hidden ones", async () => {
    const hass = home(1);
    for (const entity of Object.values(hass.entities)) {
      entity.hidden = true;
    }
    const dashboard = await generate(hass);
    expect(cards(dashboard, "overview").map((card) => card.type)).toEqual([
      "custom:bitaxe-swarm-card",
      "repairs",
      "custom:bitaxe-comparison-card",
      "custom:bitaxe-timeline-card",
    ]);
    expect(cards(dashboard, `miner-${deviceId(0)}`).map((card) => card.type)).toEqual([
      "custom:bitaxe-miner-card",
      "custom:bitaxe-timeline-card",
      "custom:bitaxe-efficiency-card",
    ]);
  });

  it("has what the miner's card does not control, and diagnostics", async () => {
    const shown = cards(await generate(home(1)), `miner-${deviceId(0)}`);
    // A slider in a row would leave no room for its name.
    expect(ofType(shown, "tile")).toMatchObject([
      {
        entity: "number.d000_target_temperature",
        name: { type: "entity" },
        features: [{ type: "numeric-input", style: "slider" }],
      },
    ]);
    const [diagnostics] = ofType(shown, "entities");
    expect(diagnostics?.entities).toMatchObject([{ entity: "sensor.d000_wifi_rssi" }]);
  });

  it("offers no settings of a miner to those who may not control it", async () => {
    const hass = home(2, { user: { id: "user", name: "User", is_admin: false } });
    const settings = async (miner: number) =>
      JSON.stringify(cards(await generate(hass), `miner-${deviceId(miner)}`)).includes(
        "target_temperature",
      );
    expect(await settings(0)).toBe(true);
    fake.change({ [deviceId(0)]: { can_control: false } });
    expect(await settings(0)).toBe(false);
    expect(await settings(1)).toBe(true);
    // Asking leaves nothing behind.
    expect(fake.subscriptions).toBe(0);
  });

  it("does not wait for an answer that nobody gives", async () => {
    const hass = home(1, { user: { id: "user", name: "User", is_admin: false } });
    fake.failures["bitaxe/subscribe"] = { code: "unknown_command", message: "Unknown" };
    expect(JSON.stringify(await generate(hass))).toContain("target_temperature");
  });

  it("sends administrators only to repairs and devices", async () => {
    const user = { id: "user", name: "User", is_admin: false };
    const dashboard = JSON.stringify(await generate(home(1, { user })));
    expect(dashboard).not.toContain('"repairs"');
    expect(dashboard).not.toContain("/config/");
    expect(dashboard).toContain("bitaxe-timeline-card");
  });

  it("says what to do while there is no miner, to those who may", async () => {
    const first = async (is_admin: boolean): Promise<Card | undefined> => {
      const user = { id: "user", name: "User", is_admin };
      const dashboard = await generate(home(0, { user }));
      expect(dashboard.views).toHaveLength(1);
      return cards(dashboard, "overview")[0];
    };
    expect((await first(true))?.type).toBe("custom:bitaxe-steps-card");
    expect((await first(false))?.content).toContain("No miner yet");
  });

  it("says what is left to do until it is done", async () => {
    const hass = home(2);
    const steps = async (): Promise<number> =>
      ofType(cards(await generate(hass), "overview"), "custom:bitaxe-steps-card")
        .length;
    expect(await steps()).toBe(0);
    fake.setUp({ has_price: false });
    expect(await steps()).toBe(1);
  });

  it("says so if the chosen miners are gone", async () => {
    const dashboard = await generate(home(1), { ...STRATEGY, miners: ["gone"] });
    expect(dashboard.views).toHaveLength(1);
    expect(cards(dashboard, "overview")[0]?.content).toContain("None of the chosen");
  });

  it("shows all miners where the list of them is left empty", async () => {
    for (const miners of [null, []]) {
      const dashboard = await generate(home(2), { ...STRATEGY, miners });
      expect(dashboard.views).toHaveLength(4);
    }
  });

  it("leaves out miners that are disabled", async () => {
    const hass = home(2);
    (hass.devices[deviceId(0)] as DeviceEntry).disabled_by = "config_entry";
    const { views } = await generate(hass);
    expect(views.map((view) => view.title).slice(2)).toEqual(["bitaxe-attic"]);
  });

  it("is in the user's language", async () => {
    const german = new FakeHome({ miners: 1, language: "de" }).hass;
    const { views } = await generate(german);
    expect(views[0]?.title).toBe("Schwarm");
  });
});

describe("the registration", () => {
  it("offers the dashboard where dashboards are added, once", async () => {
    await import("../../src/main");
    expect(window.customStrategies).toHaveLength(1);
    expect(window.customStrategies?.[0]).toMatchObject({
      type: "bitaxe",
      strategyType: "dashboard",
      name: "Bitaxe",
    });
    expect(customElements.get("ll-strategy-dashboard-bitaxe")).toBe(BitaxeDashboard);
    const editor = await BitaxeDashboard.getConfigElement();
    expect(editor.localName).toBe("bitaxe-strategy-editor");
    expect(editor.constructor).not.toBe(HTMLElement);
  });

  it("offers every card with a name and a description", async () => {
    await import("../../src/main");
    expect(window.customCards?.map((card) => card.type).sort()).toEqual([
      "bitaxe-comparison-card",
      "bitaxe-efficiency-card",
      "bitaxe-miner-card",
      "bitaxe-summary-card",
      "bitaxe-swarm-card",
      "bitaxe-timeline-card",
    ]);
    for (const card of window.customCards ?? []) {
      expect(card.name).toContain("Bitaxe");
      expect(card.description.length).toBeGreaterThan(10);
      expect(customElements.get(card.type)).toBeDefined();
    }
  });
});

describe("a card for an entity that somebody has chosen", () => {
  it("is one of its miner, or of the swarm, and none of other devices", async () => {
    await import("../../src/main");
    const hass = home(1);
    const miner = { entity_id: "sensor.miner", device_id: deviceId(0) };
    const other = { entity_id: "light.lamp", device_id: "lamp" };
    const entities = { ...hass.entities, "sensor.miner": miner, "light.lamp": other };
    const offered = (entity: string) =>
      (window.customCards ?? []).flatMap((card) => {
        const found = card.getEntitySuggestion({ ...hass, entities }, entity);
        return found === null ? [] : [found.config];
      });
    expect(offered("sensor.miner")).toContainEqual({
      type: "custom:bitaxe-miner-card",
      device_id: deviceId(0),
    });
    expect(offered("sensor.5war_swarm_power")).toContainEqual({
      type: "custom:bitaxe-swarm-card",
    });
    expect(offered("light.lamp")).toEqual([]);
    expect(offered("sensor.nobody_knows")).toEqual([]);
  });
});
