/** The texts that Home Assistant has of an integration, in the user's language. */

import type { Connection, HomeAssistant } from "./hass";

type Find = Awaited<ReturnType<HomeAssistant["loadBackendTranslation"]>>;

const loading = new WeakMap<Connection, Map<string, Promise<Find>>>();

/**
 * Loads texts, and returns what finds them. Home Assistant takes them for loaded as soon
 * as somebody has asked: who asks meanwhile gets what finds none of them yet. So those
 * who ask at the same time wait for the same.
 */
export function loadBackendTexts(
  hass: HomeAssistant,
  category: string,
  domain: string,
): Promise<Find> {
  const all = loading.get(hass.connection) ?? new Map<string, Promise<Find>>();
  loading.set(hass.connection, all);
  const key = [hass.language, category, domain].join(" ");
  const known = all.get(key);
  if (known !== undefined) return known;
  const begun = hass
    .loadBackendTranslation(category, domain)
    .finally(() => all.delete(key));
  all.set(key, begun);
  return begun;
}
