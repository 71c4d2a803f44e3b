/** Options of the comparison card. */

import type { CardConfig } from "../../lib/hass";
import { oneOf } from "../../lib/options";

export const METRICS = ["hashrate", "efficiency", "asic", "vr", "power"] as const;
export type Metric = (typeof METRICS)[number];
export const SPANS = ["24h", "7d", "30d", "all"] as const;
export type Span = (typeof SPANS)[number];
export const DEFAULT_SPAN: Span = "7d";

export interface ComparisonCardConfig extends CardConfig {
  /** Device ids; all miners without. */
  miners?: string[];
  title?: string;
  metric?: Metric;
  span?: Span;
  /** Whether only all together are shown. */
  total?: boolean;
}

/**
 * Checks what the dashboard says.
 *
 * @throws Error in words: Home Assistant shows it in place of the card.
 */
export function readConfig(config: ComparisonCardConfig): ComparisonCardConfig {
  if (config.metric !== undefined) oneOf("metric", METRICS, config.metric);
  if (config.span !== undefined) oneOf("span", SPANS, config.span);
  return config;
}
