/** Blocks that were found, and which of them somebody has seen. */

import type { HomeAssistant } from "./hass";
import { saveUserData, loadUserData } from "./user-data";

/** How many blocks of each miner the user has dismissed. */
export async function dismissedBlocks(
  hass: HomeAssistant,
): Promise<Record<string, number>> {
  return (await loadUserData(hass)).blocks ?? {};
}

/** Stores that the user has seen so many blocks of a miner. */
export async function dismissBlocks(
  hass: HomeAssistant,
  device: string,
  count: number,
): Promise<void> {
  const blocks = { ...(await dismissedBlocks(hass)), [device]: count };
  await saveUserData(hass, { blocks });
}
