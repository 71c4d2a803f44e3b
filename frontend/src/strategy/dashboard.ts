/** Makes the dashboard of the miners that there are. Home Assistant asks anew whenever
 * devices or entities come or go. */

import type { HomeAssistant } from "../lib/hass";
import { loadLanguage } from "../lib/i18n";
import { analysis } from "./analysis";
import {
  asSubviews,
  type DashboardConfig,
  shownMiners,
  type StrategyConfig,
} from "./config";
import { entitiesByDevice } from "./entities";
import { minerView } from "./miner";
import { nothingYet } from "./empty";
import { overview } from "./overview";
import { readOnlyMiners } from "./permissions";

export const EDITOR = "bitaxe-strategy-editor";

export class BitaxeDashboard extends HTMLElement {
  /** What a new `hass` must differ in for the dashboard to be made anew. */
  static registryDependencies = ["entities", "devices"] as const;

  static async generate(
    config: StrategyConfig,
    hass: HomeAssistant,
  ): Promise<DashboardConfig> {
    const [readOnly] = await Promise.all([
      readOnlyMiners(hass),
      loadLanguage(hass.locale.language),
    ]);
    const miners = shownMiners(config, hass);
    if (miners.length === 0) {
      return nothingYet(hass);
    }
    const entities = entitiesByDevice(hass);
    const subviews = asSubviews(miners.length);
    return {
      title: "Bitaxe",
      views: [
        overview(config, hass, miners, entities),
        analysis(config, hass, miners, entities),
        ...miners.map((miner) =>
          minerView(hass, miner, entities.get(miner.id) ?? [], {
            subview: subviews,
            readOnly: readOnly.has(miner.id),
          }),
        ),
      ],
    };
  }

  /** Name and icon that are proposed where the dashboard is added. */
  static getCreateSuggestions(): { title: string; icon: string } {
    return { title: "Bitaxe", icon: "mdi:pickaxe" };
  }

  static getConfigElement(): HTMLElement {
    return document.createElement(EDITOR);
  }
}
