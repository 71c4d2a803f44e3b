/// <reference types="vite/client" />

import { describe, expect, it } from "vitest";
import { flatten, type Key, localizeFor, type Texts } from "../../src/lib/i18n";
import en from "../../src/translations/en";
import more from "../../src/translations/en-parts";

const names = (text: string): string[] =>
  [...text.matchAll(/\{\w+\}/g)].map(String).sort();

const FILES = import.meta.glob<Texts>("../../src/translations/*/*.json", {
  import: "default",
  eager: true,
});

/** Every language there is, with its texts by their keys. */
const LANGUAGES = new Map<string, Map<string, string>>();
for (const [path, texts] of Object.entries(FILES)) {
  const [code = "", part = ""] = path.slice(0, -".json".length).split("/").slice(-2);
  const known = LANGUAGES.get(code) ?? [];
  LANGUAGES.set(code, new Map([...known, ...flatten({ [part]: texts })]));
}

describe("translations", () => {
  const english = flatten({ ...en, ...more });

  it("are of each language that has a folder", () => {
    expect([...LANGUAGES.keys()]).toEqual(expect.arrayContaining(["de", "en"]));
    expect(LANGUAGES.get("en")).toEqual(english);
  });

  it.each([...LANGUAGES])("have the keys of English: %s", (_, texts) => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...LANGUAGES])("say the same with the same values: %s", (_, texts) => {
    // In each form of a plural.
    const formsOf = (text: string) =>
      new Set(text.split("|").map((form) => names(form).join()));
    const values = (of: Map<string, string>) =>
      Object.fromEntries([...of].map(([key, text]) => [key, formsOf(text)]));
    expect(values(texts)).toEqual(values(english));
    expect([...texts].filter(([, text]) => text === "")).toEqual([]);
  });
});

describe("localizing", () => {
  it("puts values into the text", () => {
    expect(localizeFor("en", "common.error.failed", { message: "no" })).toBe(
      "That did not work: no",
    );
  });

  it("knows variants of a language", () => {
    expect(localizeFor("de-CH", "common.cancel")).toBe("Abbrechen");
  });

  it("speaks English to those whose language is missing", () => {
    expect(localizeFor("fi", "common.cancel")).toBe("Cancel");
  });

  it("shows the key of a text that does not exist", () => {
    expect(localizeFor("en", "common.nonsense" as Key)).toBe("common.nonsense");
  });
});
