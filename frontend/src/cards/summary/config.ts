/** Options of the summary card. */

import type { CardConfig } from "../../lib/hass";
import { listOf, oneOf } from "../../lib/options";

export const SPANS = ["24h", "7d", "30d"] as const;

export type Span = (typeof SPANS)[number];

export interface SummaryCardConfig extends CardConfig {
  /** Device ids; all miners unless given. */
  miners?: string[] | null;
  /** What is shown at first; `24h` unless given. */
  span?: Span;
}

/**
 * Checks what the dashboard says.
 *
 * @throws Error in words: Home Assistant shows it in place of the card.
 */
export function readConfig(config: SummaryCardConfig): SummaryCardConfig {
  if (config.span !== undefined) oneOf("span", SPANS, config.span);
  listOf("miners", config.miners);
  return config;
}
