/** In which order miners stand, without jumping about at every reading. */

import { collatorOf } from "../../lib/collation";
import type { Miner } from "../../lib/model";
import { type Direction, type SortKey, type Sortable, sorting } from "./columns";

export interface Sort {
  key: SortKey;
  direction: Direction;
}

/** From A to Z: where a miner must be found, and figures do not matter. */
export const BY_NAME: Sort = { key: "name", direction: "ascending" };

/** What is sorted: a miner, and the device it is. */
export type Entry = readonly [id: string, miner: Miner];

/** ms for which an order stands, although figures have moved. */
const STANDS = 5000;

/** Returns the entries in order. Unknown comes last either way, equals go by name. */
export function sortEntries(
  entries: readonly Entry[],
  { key, direction }: Sort,
  language: string,
): Entry[] {
  const { sort } = sorting(key);
  const { compare } = collatorOf(language);
  const sign = direction === "ascending" ? 1 : -1;
  const values = new Map<string, Sortable>(
    entries.map(([id, miner]) => [id, sort(miner) ?? null]),
  );
  return [...entries].sort(([idA, a], [idB, b]) => {
    const left = values.get(idA) ?? null;
    const right = values.get(idB) ?? null;
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
    } else {
      const order =
        typeof left === "number" && typeof right === "number"
          ? left - right
          : compare(String(left), String(right));
      if (order) return sign * order;
    }
    return compare(a.name, b.name) || (idA < idB ? -1 : 1);
  });
}

/** Returns the sort after somebody chose what to sort by; the same again turns it. */
export function clickedSort(now: Sort, key: SortKey): Sort {
  if (now.key !== key) return { key, direction: sorting(key).first };
  return {
    key,
    direction: now.direction === "ascending" ? "descending" : "ascending",
  };
}

/**
 * Returns the sort after a click on a head. That of the names stands for the state as
 * well: it goes from A to Z, Z to A, the most urgent first, and round.
 */
export function clickedHead(now: Sort, key: SortKey): Sort {
  if (key === "state") return clickedSort(now, "name");
  if (key === "name" && now.key === "name" && now.direction === "descending")
    return clickedSort(now, "state");
  return clickedSort(now, key);
}

/**
 * Keeps an order that people can click into: it changes at once with the sort, the
 * miners or a state, otherwise every few seconds, and only the first two change it under
 * somebody's hand.
 */
export class Order {
  private ids: string[] = [];
  private sort = "";
  private states = "";
  private until = 0;

  /** Returns the entries in order. `held` says that somebody points at one. */
  arrange(
    entries: readonly Entry[],
    sort: Sort,
    { language, now, held }: { language: string; now: number; held: boolean },
  ): Entry[] {
    const known = new Map(entries);
    const wanted = [language, sort.key, sort.direction].join();
    const states = entries.map(([id, miner]) => id + miner.state).join();
    if (
      wanted === this.sort &&
      this.ids.length === entries.length &&
      this.ids.every((id) => known.has(id)) &&
      (held || (states === this.states && now < this.until))
    )
      return this.ids.map((id) => [id, known.get(id) as Miner]);
    const sorted = sortEntries(entries, sort, language);
    this.ids = sorted.map(([id]) => id);
    this.sort = wanted;
    this.states = states;
    this.until = now + STANDS;
    return sorted;
  }
}
