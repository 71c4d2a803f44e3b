/** Which miners the user may look at only. */

import type { HomeAssistant } from "../lib/hass";
import { firstLive } from "../lib/live";

/**
 * Device ids of the miners whose controls would refuse the user. The registry does not
 * say so, live data do; without an answer nobody is taken for somebody who may not.
 */
export async function readOnlyMiners(
  hass: HomeAssistant,
): Promise<ReadonlySet<string>> {
  if (hass.user?.is_admin !== false) return new Set();
  const live = await firstLive(hass);
  return new Set(
    Object.entries(live?.miners ?? {})
      .filter(([, miner]) => !miner.can_control)
      .map(([id]) => id),
  );
}
