/** Dashboards that have nothing but something to say. */

import type { HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import type { DashboardConfig } from "./config";

const ADD = "/config/integrations/integration/bitaxe";

const saying = (hass: HomeAssistant, content: string): DashboardConfig => ({
  title: "Bitaxe",
  views: [
    {
      title: localize(hass, "strategy.overview"),
      path: "overview",
      type: "sections",
      max_columns: 1,
      sections: [
        {
          type: "grid",
          cards: [{ type: "markdown", content, grid_options: { columns: "full" } }],
        },
      ],
    },
  ],
});

/** For somebody who has no miner yet. */
export const nothingYet = (hass: HomeAssistant): DashboardConfig =>
  saying(
    hass,
    localize(hass, "strategy.no_miners") +
      (hass.user?.is_admin === true
        ? ` [${localize(hass, "strategy.add_miner")}](${ADD})`
        : ""),
  );

/** For a dashboard of chosen miners that are all gone. */
export const noneLeft = (hass: HomeAssistant): DashboardConfig =>
  saying(hass, localize(hass, "strategy.none_left"));

/** For a page that is older than an update: what makes dashboards is gone. */
export const reloadFirst = (hass: HomeAssistant): DashboardConfig =>
  saying(
    hass,
    `${localize(hass, "common.error.incomplete")} **${localize(hass, "common.reload")}**`,
  );
