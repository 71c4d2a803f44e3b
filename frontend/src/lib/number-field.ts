/** What a person types into a field before it is sent. */

import { formatNumber } from "./format";
import type { HomeAssistant } from "./hass";

type Fault = "not_a_number" | "out_of_range";

export interface Field {
  /** What is wanted; undefined while what is typed is no number. */
  value: number | undefined;
  fault: Fault | undefined;
  /** Whether it differs from what the miner has. */
  changed: boolean;
}

/** Thousands set apart as they are in one language or another. */
const GROUPED = /^\d{1,3}[.,'’\s]\d{3}$/;

/**
 * Judges what is typed; `undefined` means that nothing was, so the present value stands.
 * Bounds that are unknown bind nobody: Home Assistant checks again.
 */
export function judge(
  typed: string | undefined,
  present: number | null,
  low: number | null,
  high: number | null,
): Field {
  if (typed === undefined) {
    return { value: present ?? undefined, fault: undefined, changed: false };
  }
  const within = (value: number): boolean =>
    (low === null || value >= low) && (high === null || value <= high);
  const text = typed.trim();
  const plain = text === "" ? NaN : Number(text.replace(",", "."));
  // 1,150 is what the bounds look like in one language, and 1.5 or so in another.
  const grouped = GROUPED.test(text) ? Number(text.replace(/\D/g, "")) : NaN;
  const value = within(plain) || Number.isNaN(grouped) ? plain : grouped;
  if (!Number.isFinite(value)) {
    return { value: undefined, fault: "not_a_number", changed: true };
  }
  return {
    value,
    fault: within(value) ? undefined : "out_of_range",
    changed: value !== present,
  };
}

/** A number as a person would type it: with their decimal sign, thousands not set apart. */
export function asTyped(hass: HomeAssistant, value: number | undefined): string {
  const [sign = "."] = /\D/.exec(formatNumber(hass, 0.5, 1)) ?? [];
  return value === undefined ? "" : String(value).replace(".", sign);
}

/** The next multiple of a step in a direction, within the bounds. */
export function stepped(
  value: number | undefined,
  step: number,
  direction: 1 | -1,
  low: number | null,
  high: number | null,
): number {
  const from = value ?? low ?? 0;
  const next =
    direction > 0
      ? Math.floor(from / step + 1e-9) * step + step
      : Math.ceil(from / step - 1e-9) * step - step;
  return Math.min(Math.max(next, low ?? -Infinity), high ?? Infinity);
}
