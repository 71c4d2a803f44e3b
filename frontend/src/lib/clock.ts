/** How a user reads times: language, time zone, and 12 or 24 hours. */

import type { HomeAssistant } from "./hass";

export interface Clock {
  language: string;
  /** IANA name. */
  timeZone: string;
  hour12?: boolean;
}

/** Return the clock of a user's profile. */
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
