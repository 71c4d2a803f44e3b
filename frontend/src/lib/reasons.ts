/** What went wrong, and what lacks, in the words of Home Assistant. */

import { loadBackendTexts } from "./backend-texts";
import type { HomeAssistant } from "./hass";
import { localize, type Key } from "./i18n";

/** What Home Assistant answers where it does not do what it is asked. */
interface Refusal {
  code?: unknown;
  message?: string;
  translation_domain?: string;
  translation_key?: string;
  translation_placeholders?: Record<string, unknown>;
  /** What the connection itself says. */
  error?: { code: unknown };
}

/** The code of the library that connects to Home Assistant. */
const CONNECTION_LOST = 3;

/** What Home Assistant itself says in English only, by its code. */
const CODES: Record<string, Key> = {
  unauthorized: "common.error.unauthorized",
  unknown_command: "common.error.no_live_data",
};

/** Why something was not done: in the user's language, if Home Assistant knows it. */
export async function explain(
  hass: HomeAssistant | undefined,
  error: unknown,
): Promise<string> {
  const refusal = (error ?? {}) as Refusal;
  const { translation_domain: domain, translation_key: key } = refusal;
  if (refusal.error?.code === CONNECTION_LOST) {
    return localize(hass, "common.error.disconnected");
  }
  const translated =
    domain === undefined || key === undefined
      ? ""
      : await translate(
          hass,
          "exceptions",
          domain,
          `${key}.message`,
          await inReadersWords(hass, domain, refusal.translation_placeholders),
        );
  const known = CODES[String(refusal.code)];
  if (!translated && known !== undefined) {
    return localize(hass, known);
  }
  return translated || (refusal.message ?? localize(hass, "common.error.unknown"));
}

/**
 * Placeholders are in the language of Home Assistant. The name of a setting comes with its
 * key, so that it can be said in the reader's.
 */
async function inReadersWords(
  hass: HomeAssistant | undefined,
  domain: string,
  values: Record<string, unknown> | undefined,
): Promise<Record<string, unknown> | undefined> {
  const key = values?.setting_key;
  if (typeof key !== "string") return values;
  const setting = await translate(
    hass,
    "selector",
    domain,
    `miner_setting.options.${key}`,
  );
  return setting ? { ...values, setting } : values;
}

/** What Home Assistant calls the sensors of a miner, by their translation keys. */
export const sensorNames = (
  hass: HomeAssistant,
  keys: readonly string[],
): Promise<string[]> =>
  Promise.all(
    keys.map(
      async (key) =>
        (await translate(hass, "entity", "bitaxe", `sensor.${key}.name`)) || key,
    ),
  );

/** A text of an integration in the user's language; empty where there is none. */
export async function translate(
  hass: HomeAssistant | undefined,
  category: string,
  domain: string,
  key: string,
  values?: Record<string, unknown>,
): Promise<string> {
  try {
    if (hass === undefined) return "";
    const find = await loadBackendTexts(hass, category, domain);
    return find(`component.${domain}.${category}.${key}`, values) ?? "";
  } catch {
    // Without a connection there is no text of Home Assistant; what it said remains.
    return "";
  }
}
