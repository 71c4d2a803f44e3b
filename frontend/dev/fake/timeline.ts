/** Made-up timelines of made-up miners. */

import type { Miner, Timeline, TimelineItem } from "../../src/lib/model";
import { alertLook } from "./alerts";

const NOTHING: Omit<TimelineItem, "device_id" | "name" | "kind" | "phase" | "start"> = {
  end: null,
  seconds: null,
  value: null,
  limit: null,
  unit: null,
  difficulty: null,
  previous: null,
  block_height: null,
  blocks_found: null,
  swarm_record: null,
  reason: null,
  description: null,
  asked_for: null,
  by: null,
  origin: null,
  user: null,
  unmeasured: null,
  changes: {},
};

export function makeTimeline(
  miners: readonly [string, Miner][],
  kinds: readonly string[] | undefined,
  now: number,
): Timeline {
  const items = miners.flatMap(([id, miner], index): TimelineItem[] => {
    const item = (
      kind: string,
      phase: TimelineItem["phase"],
      hoursAgo: number,
      more: Partial<TimelineItem> = {},
    ): TimelineItem => ({
      ...NOTHING,
      device_id: id,
      name: miner.name,
      kind,
      alert: alertLook(kind),
      phase,
      start: now - hoursAgo * 3600,
      ...more,
    });
    return [
      ...miner.warnings.map(({ kind, value, limit, since }) =>
        item(kind, "ongoing", 0, { start: since, value, limit }),
      ),
      item("settings_changed", "once", 3 + index, {
        by: index % 3 === 2 ? "other" : "home_assistant",
        origin: index % 3 === 1 ? "discord" : "person",
        user: index % 3 === 2 ? null : "Anna",
        changes: { frequency: [575, 600], core_voltage: [1130, 1150] },
      }),
      item("overheating", "over", 20 + index, {
        end: now - (19 + index) * 3600,
        seconds: 3600,
        value: 58.2,
        limit: 65,
      }),
      item("restarted", "once", 30 + index, { asked_for: index % 2 === 0 }),
      item("new_best_difficulty", "once", 45 + index, {
        value: miner.best_difficulty,
        previous: 1.2e8,
      }),
      ...(kinds?.includes("note")
        ? [
            item("note", "once", 50, {
              description: "Old fan, replaced by a quieter one",
              user: "Anna",
              note_id: `note-${index}`,
            }),
          ]
        : []),
      ...((miner.blocks_found ?? 0) > 0
        ? [item("block_found", "once", 2, { block_height: 921_340, blocks_found: 1 })]
        : []),
    ];
  });
  const latest = (item: TimelineItem): number =>
    item.phase === "ongoing" ? Infinity : (item.end ?? item.start);
  return {
    items: items
      .filter(({ kind }) => kinds?.includes(kind) ?? true)
      .sort((a, b) => latest(b) - latest(a)),
    truncated: false,
  };
}
