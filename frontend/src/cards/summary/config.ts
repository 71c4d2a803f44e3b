/** What can be said about the summary card. */

import type { CardConfig } from "../../lib/hass";
import { type Key, localize } from "../../lib/i18n";

export const SPANS = ["24h", "7d", "30d"] as const;

export type Span = (typeof SPANS)[number];

export interface SummaryCardConfig extends CardConfig {
  /** Device ids; all miners unless given. */
  miners?: string[] | null;
  /** What is shown at first; `24h` unless given. */
  span?: Span;
}

export function readConfig(config: SummaryCardConfig): SummaryCardConfig {
  const wrong = (key: Key, values: Record<string, string> = {}): Error =>
    new Error(localize(undefined, key, values));
  if (config.span !== undefined && !SPANS.includes(config.span)) {
    throw wrong("summary.error.span", { spans: SPANS.join(", ") });
  }
  if (config.miners != null && !Array.isArray(config.miners)) {
    throw wrong("summary.error.miners");
  }
  return config;
}
