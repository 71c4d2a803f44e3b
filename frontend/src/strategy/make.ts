/** Makes the dashboard of the miners that there are. */

import type { HomeAssistant } from "../lib/hass";
import { hasStepsLeft } from "../cards/steps-card";
import { loadLanguage } from "../lib/i18n";
import { analysis } from "./analysis";
import {
  asSubviews,
  chosenMiners,
  type DashboardConfig,
  shownMiners,
  type StrategyConfig,
} from "./config";
import { noneLeft, nothingYet } from "./empty";
import { entitiesByDevice } from "./entities";
import { minerView } from "./miner";
import { overview } from "./overview";
import { readOnlyMiners } from "./permissions";

export async function makeDashboard(
  config: StrategyConfig,
  hass: HomeAssistant,
): Promise<DashboardConfig> {
  const [readOnly, stepsLeft] = await Promise.all([
    readOnlyMiners(hass),
    hasStepsLeft(hass),
    loadLanguage(hass.locale.language),
  ]);
  const miners = shownMiners(config, hass);
  if (miners.length === 0) {
    return chosenMiners(config) === undefined ? nothingYet(hass) : noneLeft(hass);
  }
  const entities = entitiesByDevice(hass);
  const subviews = asSubviews(miners.length);
  return {
    title: "Bitaxe",
    views: [
      overview(config, hass, miners, entities, stepsLeft),
      analysis(config, hass, miners, entities),
      ...miners.map((miner) =>
        minerView(hass, miner, entities.get(miner.id) ?? [], {
          config,
          subview: subviews,
          readOnly: readOnly.has(miner.id),
        }),
      ),
    ],
  };
}
