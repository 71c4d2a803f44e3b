/** Dashboards that have nothing but something to say. */

import type { HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import { steps } from "./cards";
import type { Card, DashboardConfig } from "./config";

const showing = (hass: HomeAssistant, card: Card): DashboardConfig => ({
  title: "Bitaxe",
  views: [
    {
      title: localize(hass, "strategy.overview"),
      path: "overview",
      type: "sections",
      max_columns: 1,
      sections: [{ type: "grid", cards: [card] }],
    },
  ],
});

const saying = (hass: HomeAssistant, content: string): DashboardConfig =>
  showing(hass, {
    type: "markdown",
    content,
    grid_options: { columns: "full" },
  });

/** For somebody who has no miner yet: the way to the first, for those who may go it. */
export const nothingYet = (hass: HomeAssistant): DashboardConfig =>
  hass.user?.is_admin === true
    ? showing(hass, steps())
    : saying(hass, localize(hass, "strategy.no_miners"));

/** For a dashboard of chosen miners that are all gone. */
export const noneLeft = (hass: HomeAssistant): DashboardConfig =>
  saying(hass, localize(hass, "strategy.none_left"));

/** For a page that is older than an update: what makes dashboards is gone. */
export const reloadFirst = (hass: HomeAssistant): DashboardConfig =>
  saying(
    hass,
    `${localize(hass, "common.error.incomplete")} **${localize(hass, "common.reload")}**`,
  );
