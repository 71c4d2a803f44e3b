/** Which miners are shown: found by a search, of a group, or in need of attention. */

import type { Miner } from "../../lib/model";
import { warningsOf } from "../../lib/warnings";

/** What Home Assistant groups devices by. */
export const GROUPINGS = ["area", "label", "model"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Empty texts mean all. */
export interface Filter extends Record<Grouping, string> {
  text: string;
  attention: boolean;
}

export const EVERYTHING: Filter = {
  text: "",
  area: "",
  label: "",
  model: "",
  attention: false,
};

/** From so many miners on, there is a search. */
export const MANY = 15;

/** The groups of a miner; it can have several labels, and be in no area. */
export function groupsOf(miner: Miner, grouping: Grouping): readonly string[] {
  if (grouping === "label") return miner.labels ?? [];
  const group = miner[grouping];
  return group === null ? [] : [group];
}

/** Whether a filter hides any miner at all. */
export const isFiltered = (filter: Filter): boolean =>
  filter.attention || Object.values(filter).some((value) => value !== "" && value);

/** Whether a filter shows a miner. Every word of the search has to be found somewhere. */
export function matches(miner: Miner, filter: Filter): boolean {
  if (filter.attention && warningsOf(miner).length === 0) return false;
  for (const grouping of GROUPINGS) {
    const wanted = filter[grouping];
    if (wanted && !groupsOf(miner, grouping).includes(wanted)) return false;
  }
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const { name, model, area, firmware, pool, url, labels = [] } = miner;
  const text = [name, model, area, firmware, pool, url, ...labels]
    .filter(Boolean)
    .join(" ")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
