import { describe, expect, it } from "vitest";
import { flatten, type Key, localizeFor } from "../../src/lib/i18n";
import de from "../../src/translations/de";
import en from "../../src/translations/en";

const names = (text: string): string[] =>
  [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe("translations", () => {
  const english = flatten(en);
  const german = flatten(de);

  it("have the same keys in every language", () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english.keys()])("say the same with the same values: %s", (key) => {
    expect(names(german.get(key) ?? "")).toEqual(names(english.get(key) ?? ""));
    expect(english.get(key)).not.toBe("");
    expect(german.get(key)).not.toBe("");
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
