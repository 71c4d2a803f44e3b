/**
 * Texts of the cards. `src/translations/<language>/<part>.json` holds those of a part,
 * English and German alike; a key is `part.name` or `part.group.name`.
 */

import commonDe from "../translations/de/common.json";
import efficiencyDe from "../translations/de/efficiency.json";
import minerDe from "../translations/de/miner.json";
import strategyDe from "../translations/de/strategy.json";
import summaryDe from "../translations/de/summary.json";
import swarmDe from "../translations/de/swarm.json";
import warningDe from "../translations/de/warning.json";
import commonEn from "../translations/en/common.json";
import efficiencyEn from "../translations/en/efficiency.json";
import minerEn from "../translations/en/miner.json";
import strategyEn from "../translations/en/strategy.json";
import summaryEn from "../translations/en/summary.json";
import swarmEn from "../translations/en/swarm.json";
import warningEn from "../translations/en/warning.json";
import type { HomeAssistant } from "./hass";

const en = {
  common: commonEn,
  efficiency: efficiencyEn,
  miner: minerEn,
  strategy: strategyEn,
  summary: summaryEn,
  swarm: swarmEn,
  warning: warningEn,
};
const de: Texts = {
  common: commonDe,
  efficiency: efficiencyDe,
  miner: minerDe,
  strategy: strategyDe,
  summary: summaryDe,
  swarm: swarmDe,
  warning: warningDe,
};

interface Texts {
  [name: string]: string | Texts;
}

type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}`;
}[keyof T & string];

/** Every key there is. */
export type Key = Leaves<typeof en>;

export const LANGUAGES: Record<string, Texts> = { en, de };

const flat = new Map<Texts, Map<string, string>>();

/** Every text of a language by its key. */
export function flatten(texts: Texts): Map<string, string> {
  let found = flat.get(texts);
  if (found === undefined) {
    found = new Map();
    for (const [name, value] of Object.entries(texts)) {
      if (typeof value === "string") {
        found.set(name, value);
      } else {
        for (const [rest, text] of flatten(value)) {
          found.set(`${name}.${rest}`, text);
        }
      }
    }
    flat.set(texts, found);
  }
  return found;
}

/** The text of a key in a language such as `de` or `de-CH`; English where there is none. */
export function localizeFor(
  language: string,
  key: Key,
  values: Record<string, string | number> = {},
): string {
  const texts = LANGUAGES[language.toLowerCase().split("-")[0] ?? ""] ?? en;
  const text = flatten(texts).get(key) ?? flatten(en).get(key) ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The text of a key in the user's language, with `{name}` replaced by its value. */
export function localize(
  hass: HomeAssistant | undefined,
  key: Key,
  values?: Record<string, string | number>,
): string {
  return localizeFor(hass?.locale?.language ?? navigator.language, key, values);
}

/** The text of a key that is put together at run time; `fallback` where there is none. */
export function localizeDynamic(
  hass: HomeAssistant | undefined,
  key: string,
  fallback: string,
): string {
  return flatten(en).has(key) ? localize(hass, key as Key) : fallback;
}
