import { describe, expect, it } from "vitest";

import {
  clickedHead,
  clickedSort,
  type Entry,
  Order,
  type Sort,
  sortEntries,
} from "../../../src/cards/swarm/order";
import { makeWarning } from "../../../dev/fake/alerts";
import type { Miner } from "../../../src/lib/model";
import { miner } from "./miners";

function entries(...changes: Partial<Miner>[]): Entry[] {
  return changes.map((change) => [change.name ?? "", miner(change)]);
}

function names(sorted: Entry[]): string[] {
  return sorted.map(([, { name }]) => name);
}

describe("sorting", () => {
  const three = entries(
    { name: "rig 10", hashrate_ghs: 500 },
    { name: "Rig 2", hashrate_ghs: null },
    { name: "rig 1", hashrate_ghs: 1200 },
  );

  it("counts in names as people do", () => {
    expect(
      names(sortEntries(three, { key: "name", direction: "ascending" }, "en")),
    ).toEqual(["rig 1", "Rig 2", "rig 10"]);
  });

  it("puts the unknown last either way", () => {
    const by = (direction: "ascending" | "descending"): string[] =>
      names(sortEntries(three, { key: "hashrate", direction }, "en"));
    expect(by("ascending")).toEqual(["rig 10", "rig 1", "Rig 2"]);
    expect(by("descending")).toEqual(["rig 1", "rig 10", "Rig 2"]);
  });

  it("counts the uptime, not the moment of the start", () => {
    const both = entries(
      { name: "started just now", boot_time: 2_000 },
      { name: "has run for long", boot_time: 1_000 },
    );
    expect(
      names(sortEntries(both, { key: "uptime", direction: "descending" }, "en")),
    ).toEqual(["has run for long", "started just now"]);
  });

  it("puts equals in the order of their names", () => {
    const same = entries({ name: "b" }, { name: "c" }, { name: "a" });
    expect(
      names(sortEntries(same, { key: "power", direction: "descending" }, "en")),
    ).toEqual(["a", "b", "c"]);
  });

  it("puts what needs somebody first", () => {
    const warning = makeWarning("reject_rate", { value: 4, limit: 3 });
    const mixed = entries(
      { name: "fine" },
      { name: "paused", state: "paused" },
      { name: "rejecting", warnings: [warning] },
      { name: "twice", warnings: [warning, makeWarning("vr_heat")] },
      { name: "hot", state: "overheated" },
      { name: "gone", state: "offline", online: false },
      { name: "idle", state: "idle" },
    );
    expect(
      names(sortEntries(mixed, { key: "state", direction: "ascending" }, "en")),
    ).toEqual(["gone", "hot", "idle", "twice", "rejecting", "paused", "fine"]);
  });

  it("leaves what it was given as it was", () => {
    const given = entries({ name: "b" }, { name: "a" });
    sortEntries(given, { key: "name", direction: "ascending" }, "en");
    expect(names(given)).toEqual(["b", "a"]);
  });
});

describe("a click on a header", () => {
  it("begins with what people look for, and turns it round", () => {
    const first = clickedSort({ key: "name", direction: "ascending" }, "hashrate");
    expect(first).toEqual({ key: "hashrate", direction: "descending" });
    expect(clickedSort(first, "hashrate").direction).toBe("ascending");
  });
});

describe("the head of the names", () => {
  it("goes round by way of what is urgent", () => {
    const round = [{ key: "name", direction: "ascending" } as Sort];
    for (let click = 0; click < 3; click++) {
      const last = round.at(-1) as Sort;
      round.push(clickedHead(last, last.key));
    }
    expect(round.map(({ key, direction }) => `${key} ${direction}`)).toEqual([
      "name ascending",
      "name descending",
      "state ascending",
      "name ascending",
    ]);
  });
});

describe("an order", () => {
  const sort = { key: "hashrate", direction: "descending" } as const;
  const before = entries(
    { name: "a", hashrate_ghs: 1000 },
    { name: "b", hashrate_ghs: 900 },
  );
  const after = entries(
    { name: "a", hashrate_ghs: 1000 },
    { name: "b", hashrate_ghs: 1100 },
  );

  function arranged(
    changed: Entry[],
    change: Partial<{ now: number; held: boolean; language: string }> = {},
    newSort: typeof sort | { key: "name"; direction: "ascending" } = sort,
  ): string[] {
    const order = new Order();
    order.arrange(before, sort, { language: "en", now: 0, held: false });
    const found = order.arrange(changed, newSort, {
      language: "en",
      now: 500,
      held: false,
      ...change,
    });
    for (const [id, value] of found)
      expect(value).toBe(changed.find(([name]) => name === id)?.[1]);
    return names(found);
  }

  it("stands for some seconds although figures move", () => {
    expect(arranged(after)).toEqual(["a", "b"]);
    expect(arranged(after, { now: 5000 })).toEqual(["b", "a"]);
  });

  it("stands for as long as somebody points at it", () => {
    expect(arranged(after, { now: 60_000, held: true })).toEqual(["a", "b"]);
  });

  it("changes at once with the sort, even in somebody's hand", () => {
    expect(
      arranged(after, { held: true }, { key: "name", direction: "ascending" }),
    ).toEqual(["a", "b"]);
    expect(arranged(after, { language: "de", held: true })).toEqual(["b", "a"]);
  });

  it("changes at once with a state", () => {
    const stopped = entries(
      { name: "a", hashrate_ghs: 0, state: "overheated" },
      { name: "b", hashrate_ghs: 900 },
    );
    expect(arranged(stopped)).toEqual(["b", "a"]);
  });

  it("takes in and lets go at once", () => {
    const more = [...after, ...entries({ name: "c", hashrate_ghs: 2000 })];
    expect(arranged(more, { held: true })).toEqual(["c", "b", "a"]);
    expect(arranged(after.slice(1))).toEqual(["b"]);
    const other = entries(
      { name: "a", hashrate_ghs: 1000 },
      { name: "d", hashrate_ghs: 1100 },
    );
    expect(arranged(other)).toEqual(["d", "a"]);
  });
});
