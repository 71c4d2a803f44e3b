/** Options of the timeline card. */

import type { CardConfig } from "../../lib/hass";
import { oneOf } from "../../lib/options";

export const SPANS = ["24h", "3d", "10d"] as const;
export type Span = (typeof SPANS)[number];

export interface TimelineCardConfig extends CardConfig {
  /** The device of a miner; all miners without. */
  device_id?: string;
  /** Device ids, where a dashboard shows some miners only. */
  miners?: string[];
  title?: string;
  /** What is shown at first. */
  span?: Span;
}

export const DEFAULT_SPAN: Span = "3d";

/**
 * Checks what the dashboard says.
 *
 * @throws Error in words: Home Assistant shows it in place of the card.
 */
export function readConfig(config: TimelineCardConfig): TimelineCardConfig {
  if (config.span !== undefined) oneOf("span", SPANS, config.span);
  return config;
}
