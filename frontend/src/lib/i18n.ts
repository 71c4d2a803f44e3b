/**
 * Texts of the cards. `src/translations/<language>/<part>.json` holds those of a part,
 * in all languages alike; a key is `part.name` or `part.group.name`.
 *
 * English is there with the module that needs it. Another language is loaded for those
 * who speak it; its folder is all that it takes.
 */

/// <reference types="vite/client" />

import en from "../translations/en";
import type more from "../translations/en-parts";
import type { HomeAssistant } from "./hass";

export interface Texts {
  [name: string]: string | Texts;
}

type Leaves<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}`;
}[keyof T & string];

/** Every key there is. */
export type Key = Leaves<typeof en & typeof more>;

/** Every text by its key. */
export function flatten(texts: Texts): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([name, value]): [string, string][] =>
      typeof value === "string"
        ? [[name, value]]
        : [...flatten(value)].map(([rest, text]) => [`${name}.${rest}`, text]),
    ),
  );
}

const ENGLISH = flatten(en);

/** Adds English texts that come with another module, which is the only one to need them. */
export function learn(texts: Texts): void {
  for (const [key, text] of flatten(texts)) ENGLISH.set(key, text);
}

const files = import.meta.glob<Texts>(
  ["../translations/*/*.json", "!../translations/en/*.json"],
  { import: "default" },
);
/** What loads the parts of a language; the build puts those into one file. */
const loaders = new Map<string, [string, () => Promise<Texts>][]>();
for (const [path, load] of Object.entries(files)) {
  const [code = "", part = ""] = path.slice(0, -".json".length).split("/").slice(-2);
  const key = code.toLowerCase();
  loaders.set(key, [...(loaders.get(key) ?? []), [part, load]]);
}

async function textsOf(code: string): Promise<Texts> {
  const parts = (loaders.get(code) ?? []).map(async ([part, load]) => [
    part,
    await load(),
  ]);
  return Object.fromEntries(await Promise.all(parts)) as Texts;
}

const loaded = new Map([["en", ENGLISH]]);
const pending = new Map<string, Promise<void>>();

const codes = new Map<string, string>();

/** Whose texts a language has: its own, such as those of `pt-BR`, or those of `pt`. */
function codeOf(language: string): string {
  let code = codes.get(language);
  if (code === undefined) {
    const whole = language.toLowerCase().replaceAll("_", "-");
    code = loaders.has(whole) ? whole : (whole.split("-", 1)[0] ?? "");
    codes.set(language, code);
  }
  return code;
}

/** Whether the texts of a language are there, or will never be. */
export const isLoaded = (language: string): boolean =>
  loaded.has(codeOf(language)) || !loaders.has(codeOf(language));

/** Loads the texts of a language; never fails, as English serves where others lack. */
export function loadLanguage(language: string): Promise<void> {
  if (isLoaded(language)) {
    return Promise.resolve();
  }
  const code = codeOf(language);
  let loading = pending.get(code);
  if (loading === undefined) {
    loading = textsOf(code).then(
      (texts) => void loaded.set(code, flatten(texts)),
      () => void loaded.set(code, ENGLISH),
    );
    pending.set(code, loading);
  }
  return loading;
}

/** The language of the page where Home Assistant has not said that of the user. */
export const pageLanguage = (): string =>
  document.documentElement.lang || navigator.language;

/**
 * Loads the texts of the page's language, now and whenever it changes: the page says it
 * only when Home Assistant knows who looks at it.
 */
export function followPageLanguage(): void {
  const load = () => void loadLanguage(pageLanguage());
  load();
  new MutationObserver(load).observe(document.documentElement, {
    attributeFilter: ["lang"],
  });
}

/** The text of a key in a language such as `de` or `de-CH`; English where there is none. */
export function localizeFor(
  language: string,
  key: Key,
  values: Record<string, string | number> = {},
): string {
  const text = loaded.get(codeOf(language))?.get(key) ?? ENGLISH.get(key) ?? key;
  // Most have none.
  return text.includes("{")
    ? text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""))
    : text;
}

/** The text of a key in the user's language, with `{name}` replaced by its value. */
export function localize(
  hass: HomeAssistant | undefined,
  key: Key,
  values?: Record<string, string | number>,
): string {
  return localizeFor(hass?.locale?.language ?? pageLanguage(), key, values);
}

/** The text of a key that is put together at run time; `fallback` where there is none. */
export function localizeDynamic(
  hass: HomeAssistant | undefined,
  key: string,
  fallback: string,
): string {
  return ENGLISH.has(key) ? localize(hass, key as Key) : fallback;
}
