/** What Home Assistant knows of the dashboard: how it is made, and edited. */

import type { HomeAssistant } from "../lib/hass";
import { loadParts } from "../lib/parts";
import type { DashboardConfig, StrategyConfig } from "./config";
import { reloadFirst } from "./empty";

export class BitaxeDashboard extends HTMLElement {
  /** What a new `hass` must differ in for the dashboard to be made anew. */
  static registryDependencies = ["entities", "devices"] as const;

  static async generate(
    config: StrategyConfig,
    hass: HomeAssistant,
  ): Promise<DashboardConfig> {
    const parts = await loadParts().catch(() => undefined);
    return parts === undefined ? reloadFirst(hass) : parts.makeDashboard(config, hass);
  }

  /** Name and icon that are proposed where the dashboard is added. */
  static getCreateSuggestions(): { title: string; icon: string } {
    return { title: "Bitaxe", icon: "mdi:pickaxe" };
  }

  static async getConfigElement(): Promise<HTMLElement> {
    return document.createElement((await loadParts()).EDITOR);
  }
}
