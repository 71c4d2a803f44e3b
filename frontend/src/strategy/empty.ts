/** The dashboard of somebody who has no miner yet. */

import type { HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";
import type { DashboardConfig } from "./config";

const ADD = "/config/integrations/integration/bitaxe";

export const nothingYet = (hass: HomeAssistant): DashboardConfig => ({
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
          cards: [
            {
              type: "markdown",
              content: localize(hass, "strategy.no_miners", { path: ADD }),
              grid_options: { columns: "full" },
            },
          ],
        },
      ],
    },
  ],
});
