/** The names of profiles, as their selects have them. */

import type { HomeAssistant } from "./hass";
import { translate } from "./reasons";

/** Loads what Home Assistant calls profiles; a person's own are called as they are. */
export async function loadProfileNames(
  hass: HomeAssistant,
  profiles: readonly string[],
): Promise<Record<string, string>> {
  const found = await Promise.all(
    profiles.map(async (name): Promise<[string, string]> => [
      name,
      (await translate(hass, "entity", "bitaxe", `select.profile.state.${name}`)) ||
        name,
    ]),
  );
  return Object.fromEntries(found);
}
