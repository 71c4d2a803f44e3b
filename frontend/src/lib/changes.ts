/** Actions on several miners that answer with what changes where, or what was done. */

import { inWords, type Outcome } from "./bulk";
import type { HomeAssistant } from "./hass";

/** Runs an action of ours, and returns the outcome of each miner. */
export async function change(
  hass: HomeAssistant,
  action: "set_pool" | "copy_settings" | "restore_backup",
  data: Record<string, unknown>,
): Promise<Outcome[]> {
  const answer = await hass.callService("bitaxe", action, data, undefined, false, true);
  const { response } = answer as { response: { miners: Outcome[] } };
  return Promise.all(response.miners.map((outcome) => inWords(hass, outcome)));
}
