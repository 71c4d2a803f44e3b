import { describe, expect, it } from "vitest";

import { makeWarning } from "../../../dev/fake/alerts";
import {
  EVERYTHING,
  groupsOf,
  isFiltered,
  matches,
} from "../../../src/cards/swarm/filter";
import { miner as makeMiner } from "./miners";

const miner = makeMiner({
  name: "gamma-garage",
  model: "Gamma 601",
  area: "Garage",
  labels: ["Cold", "Solar"],
});

describe("the filter", () => {
  it.each([
    ["garage", true],
    ["GAMMA sol", true],
    ["601", true],
    ["attic", false],
    ["gamma attic", false],
    ["  ", true],
  ])("finds %s: %s", (text, found) => {
    expect(matches(miner, { ...EVERYTHING, text })).toBe(found);
  });

  it("shows groups, and what needs attention", () => {
    expect(matches(miner, { ...EVERYTHING, area: "Garage", label: "Solar" })).toBe(
      true,
    );
    expect(matches(miner, { ...EVERYTHING, area: "Attic" })).toBe(false);
    expect(matches(miner, { ...EVERYTHING, label: "Hot" })).toBe(false);
    expect(matches(miner, { ...EVERYTHING, attention: true })).toBe(false);
    const warned = {
      ...miner,
      warnings: [makeWarning("vr_heat", { value: 90, limit: 80, since: 1 })],
    };
    expect(matches(warned, { ...EVERYTHING, attention: true })).toBe(true);
  });

  it("knows miners without groups, and of older integrations", () => {
    expect(groupsOf(miner, "label")).toEqual(["Cold", "Solar"]);
    expect(groupsOf({ ...miner, area: null }, "area")).toEqual([]);
    const older: Partial<typeof miner> = { ...miner };
    delete older.labels;
    expect(groupsOf(older as typeof miner, "label")).toEqual([]);
    expect(isFiltered(EVERYTHING)).toBe(false);
    expect(isFiltered({ ...EVERYTHING, model: "Gamma 601" })).toBe(true);
  });
});
