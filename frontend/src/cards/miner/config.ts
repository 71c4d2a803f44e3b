/** Options of the miner card. */

import type { CardConfig } from "../../lib/hass";

export const SPANS = ["1h", "6h", "24h", "7d", "30d", "all"] as const;
export type TrendSpan = (typeof SPANS)[number];
export const METRICS = ["power", "efficiency"] as const;
export type Metric = (typeof METRICS)[number];

export interface MinerCardConfig extends CardConfig {
  /** The miner's device. */
  device_id?: string;
  /** Shown instead of the miner's name. */
  title?: string;
  /** Whether less important figures are shown. */
  details?: boolean;
  /** Whether the trend is shown. */
  chart?: boolean;
  /** Whether the last 30 days are shown. */
  uptime?: boolean;
  /** Whether people who may control the miner can do so on the card. */
  controls?: boolean;
  /** Where the views of other miners are; `{device_id}` stands for theirs. */
  navigation_path?: string;
  /** Device ids of those miners; all unless given. */
  miners?: string[];
  /** Whether the search for the best setting is shown. */
  tuning?: boolean;
  /** What the trend shows at first. */
  span?: TrendSpan;
  metric?: Metric;
}

export const DEFAULTS = {
  details: true,
  chart: true,
  uptime: true,
  controls: true,
  tuning: true,
  span: "24h",
  metric: "power",
} as const;
