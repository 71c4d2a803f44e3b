/** The documentation lists the options that there are, with the values that they have. */

/// <reference types="vite/client" />

import { describe, expect, it } from "vitest";
import "../src/main";
import { DEFAULTS as EFFICIENCY } from "../src/cards/efficiency/config";
import { DEFAULTS as MINER } from "../src/cards/miner/config";
import { COLUMN_KEYS } from "../src/cards/swarm/columns";
import { readConfig } from "../src/cards/swarm/config";
import TEXT from "../../docs/dashboard.md?raw";
import type { ConfigForm, FormField } from "../src/lib/hass";

const TYPES = (window.customCards ?? []).map(({ type }) => type);

/** Option → its values, the first one being that of an option that is left out. */
function documented(type: string): Map<string, string[]> {
  const [, after = ""] = TEXT.split(`type: custom:${type}\n`);
  const [table = ""] = (
    after.split("| option | values | |\n|---|---|---|\n")[1] ?? ""
  ).split("\n\n");
  return new Map(
    table.split("\n").flatMap((row) => {
      const [, names = "", values = ""] = row.split(" | ".trim());
      return names
        .split(",")
        .map((name): [string, string[]] => [
          name.replace(/[`\s]/g, ""),
          [...values.matchAll(/`([^`]+)`/g)].map(([, value = ""]) => value),
        ]);
    }),
  );
}

const fieldsOf = (schema: readonly FormField[]): FormField[] =>
  schema.flatMap((field) => (field.schema ? fieldsOf(field.schema) : [field]));

/** The values that can be chosen in the form. */
function choices({ selector }: FormField): string[] {
  const { select, boolean } = (selector ?? {}) as {
    select?: { options: { value: string }[] };
    boolean?: object;
  };
  return (
    select?.options.map(({ value }) => value) ?? (boolean ? ["true", "false"] : [])
  );
}

const form = async (type: string): Promise<FormField[]> => {
  const card = customElements.get(type) as unknown as {
    getConfigForm(): Promise<ConfigForm>;
  };
  return fieldsOf((await card.getConfigForm()).schema);
};

describe.each(TYPES)("the documentation of %s", (type) => {
  it("has every option of its form, and no other", async () => {
    const names = (await form(type)).map(({ name }) => name);
    expect([...documented(type).keys()].sort()).toEqual(names.sort());
  });

  it("has every value of each option", async () => {
    const options = documented(type);
    for (const field of await form(type)) {
      const values = [...(options.get(field.name) ?? [])].sort();
      // Columns can be sorted by, too, and are listed but once.
      const expected = choices(field).filter(
        (value) => field.name !== "sort" || !COLUMN_KEYS.includes(value as "hashrate"),
      );
      expect([field.name, values]).toEqual([field.name, expected.sort()]);
    }
  });
});

it.each([
  ["bitaxe-miner-card", MINER],
  ["bitaxe-efficiency-card", EFFICIENCY],
])("%s has the values first that options have which are left out", (type, defaults) => {
  const options = documented(type);
  for (const [name, value] of Object.entries(defaults)) {
    expect([name, options.get(name)?.[0]]).toEqual([name, String(value)]);
  }
});

it("the swarm card, too", () => {
  const { layout, span, totals, rowAction } = readConfig({
    type: "custom:bitaxe-swarm-card",
  });
  const options = documented("bitaxe-swarm-card");
  expect(
    ["layout", "span", "totals", "row_action"].map((name) => options.get(name)?.[0]),
  ).toEqual([layout, span, String(totals), rowAction]);
});
