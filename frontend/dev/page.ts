/**
 * Shows cards with made-up data. The address says which:
 *
 *   ?config={"type":"custom:bitaxe-swarm-card","layout":"lite"}   may be repeated; a
 *       `columns` of 1 to 12 beside the options is the width within the section, and
 *       `rows` the height
 *   &miners=40&theme=dark&language=de&width=390&interval=1000&control=no&edit
 *
 * `$0`, `$1` … in a configuration stand for the device ids of the miners.
 */

import "./elements";
import "../src/main";
import { FakeHome } from "./fake/home";
import { deviceId } from "./fake/miners";
import type { CardConfig, ConfigForm, HomeAssistant } from "../src/lib/hass";

interface Card extends HTMLElement {
  hass: HomeAssistant;
  setConfig(config: CardConfig): void;
}

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
});
// For the console, and for benchmarks
Object.assign(window, { home });

const main = document.createElement("main");
document.body.append(main);
const given = query.getAll("config");
for (const text of given.length > 0 ? given : DEFAULT) {
  const config = JSON.parse(
    text.replace(/\$(\d+)/g, (_, index: string) => deviceId(Number(index))),
  ) as CardConfig & { columns?: unknown; rows?: number };
  const tag = config.type.replace("custom:", "");
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
