/**
 * Shows cards with made-up data. The address says which:
 *
 *   ?config={"type":"custom:bitaxe-swarm-card","layout":"lite"}   may be repeated; a
 *       `columns` of 1 to 12 beside the options is the width within the section, and
 *       `rows` the height
 *   &miners=40&theme=dark&language=de&width=390&interval=1000&control=no&latency=300&edit&block&restart&begin
 *   &tuning=busy
 *
 * `$0`, `$1` … in a configuration stand for the device ids of the miners.
 */

import type english from "../../custom_components/bitaxe/translations/en.json";
import "./elements";
import "../src/main";
import { FakeHome } from "./fake/home";
import { deviceId } from "./fake/miners";
import { loadParts } from "../src/lib/parts";
import { PROFILES, report, RUNNING } from "./fake/tuning";
import type { CardConfig, ConfigForm, HomeAssistant } from "../src/lib/hass";

interface Card extends HTMLElement {
  hass: HomeAssistant;
  setConfig(config: CardConfig): void;
}

type Backend = Pick<typeof english, "entity" | "selector">;

interface CardClass {
  getConfigForm?: () => Promise<ConfigForm>;
}

const DEFAULT = [
  '{"type":"custom:bitaxe-swarm-card"}',
  '{"type":"custom:bitaxe-miner-card","device_id":"$0"}',
  '{"type":"custom:bitaxe-efficiency-card","device_id":"$0"}',
];

const query = new URLSearchParams(location.search);
const dark = query.get("theme") === "dark";
document.documentElement.classList.toggle("dark", dark);
document.documentElement.lang = query.get("language") ?? "en";
document.documentElement.style.setProperty(
  "--page-width",
  query.has("width") ? `${query.get("width")}px` : "none",
);
const home = new FakeHome({
  miners: Number(query.get("miners") ?? 6),
  language: query.get("language") ?? "en",
  dark,
  interval: Number(query.get("interval") ?? 1000),
  canControl: query.get("control") !== "no",
  latency: Number(query.get("latency") ?? 0),
});
// What Home Assistant would load: words of the logbook, names of states and reasons.
const backend = import.meta.glob<Backend>(
  "../../custom_components/bitaxe/translations/*.json",
  { import: "default" },
);
const texts =
  await backend[
    `../../custom_components/bitaxe/translations/${home.hass.language}.json`
  ]?.();
if (texts !== undefined) {
  const { sensor, select, number } = texts.entity;
  const reasons = "state_attributes.reason.state";
  for (const [path, named] of Object.entries<Record<string, string>>({
    "selector.alert_message.options": texts.selector.alert_message.options,
    "entity.sensor.tuning.state": sensor.tuning.state,
    [`entity.sensor.tuning.${reasons}`]: sensor.tuning.state_attributes.reason.state,
    "entity.select.profile.state": select.profile.state,
    [`entity.number.power_target.${reasons}`]:
      number.power_target.state_attributes.reason.state,
  }))
    for (const [name, text] of Object.entries(named))
      home.texts[`component.bitaxe.${path}.${name}`] = text;
}
if (query.has("begin")) home.setUp({ has_price: false, has_notifications: false });
if (query.has("block")) {
  home.change({ [deviceId(0)]: { blocks_found: 1, best_difficulty: 2.1e14 } });
}
if (query.has("restart")) {
  home.change({
    [deviceId(0)]: { restarting_since: Math.floor(Date.now() / 1000), missed_polls: 1 },
  });
}
if (query.has("tuning")) {
  const busy = query.get("tuning") === "busy";
  home.tuners[deviceId(0)] = {
    state: busy ? "measuring" : "finished",
    reason: busy ? null : "found",
    obstacle: busy ? "tuning_running" : null,
    run: busy ? RUNNING : null,
    reports: [report(Date.now() / 1000 - 7200), report(Date.now() / 1000 - 900_000)],
    profiles: PROFILES,
  };
  if (busy) {
    home.change({
      [deviceId(0)]: { tuning: { goal: "efficiency", progress_percent: 70 } },
    });
  }
}
// For the console, and for benchmarks
Object.assign(window, { home });

const main = document.createElement("main");
document.body.append(main);
const title = document.createElement("h1");
title.className = "title";
title.textContent = document.title;
main.append(title);
const given = query.getAll("config");
for (const text of given.length > 0 ? given : DEFAULT) {
  const config = JSON.parse(
    text.replace(/\$(\d+)/g, (_, index: string) => deviceId(Number(index))),
  ) as CardConfig & { columns?: unknown; rows?: number };
  const tag = config.type.replace("custom:", "");
  if (customElements.get(tag) === undefined) await loadParts();
  const box = document.createElement("div");
  box.style.gridColumn = "span 12";
  // As a list it is an option of the swarm card.
  if (typeof config.columns === "number") {
    box.style.gridColumn = `span ${config.columns}`;
    delete config.columns;
  }
  if (config.rows !== undefined) {
    box.style.height = `${config.rows * 64 - 8}px`;
    config.grid_options = { rows: config.rows };
  }
  main.append(box);
  try {
    const card = document.createElement(tag) as Card;
    card.setConfig(config);
    card.hass = home.hass;
    box.append(card);
  } catch (error) {
    box.textContent = String(error);
  }
  if (query.has("edit")) {
    const type = customElements.get(tag) as unknown as CardClass | undefined;
    const form = document.createElement("ha-form");
    Object.assign(form, {
      hass: home.hass,
      data: config,
      ...(await type?.getConfigForm?.()),
    });
    box.append(form);
  }
}
document.addEventListener("hass-notification", (event) =>
  console.info("notification", (event as CustomEvent).detail),
);
document.addEventListener("hass-more-info", (event) =>
  console.info("more info", (event as CustomEvent).detail),
);
// For those who wait for it.
main.dataset.ready = "";
