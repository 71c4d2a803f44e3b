/** What the cards of a miner have in common. */

import type { Clock } from "../chart/time";
import type { HomeAssistant } from "../lib/hass";
import { localize } from "../lib/i18n";

/** Loads what cards are made of; elements that are on the page already come to life. */
export const loadParts = (): Promise<unknown> => import("./parts");

/** How the user writes times. */
export function clockOf(hass: HomeAssistant): Clock {
  const { language, time_format: format, time_zone: zone } = hass.locale;
  return {
    language: format === "system" ? navigator.language : language,
    timeZone:
      zone === "server"
        ? hass.config.time_zone
        : new Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(format === "12" || format === "24" ? { hour12: format === "12" } : {}),
  };
}

/** What went wrong, in the words of Home Assistant. */
export function messageOf(hass: HomeAssistant | undefined, error: unknown): string {
  return (
    (error as { message?: string } | undefined)?.message ??
    localize(hass, "common.error.unknown")
  );
}
