/** Options of the efficiency card. */

import type { CardConfig } from "../../lib/hass";

export const SPANS = ["7d", "30d", "1y", "all"] as const;
export type NamedSpan = (typeof SPANS)[number];

export interface EfficiencyCardConfig extends CardConfig {
  /** The miner's device. */
  device_id?: string;
  /** Shown instead of the miner's name. */
  title?: string;
  /** How much of the history counts: `30d`, or `all`. */
  span?: string;
  /** Whether the advice, the map and the table are shown. */
  advice?: boolean;
  map?: boolean;
  table?: boolean;
  /** Whether nothing is shown of a miner that was not measured yet. */
  hide_unmeasured?: boolean;
  /** Whether people who may control the miner can apply a configuration. */
  apply?: boolean;
}

export const DEFAULTS = {
  span: "all",
  advice: true,
  map: true,
  table: true,
  hide_unmeasured: false,
  apply: true,
} as const;
