/** Frequency and core voltage of a miner. */

import { formatNumber, withUnit } from "./format";
import type { HomeAssistant } from "./hass";
import type { Miner, OperatingPoint } from "./model";

/** Digits a frequency needs: some boards have settings between two MHz. */
export function decimals(frequency: number | null): number {
  return frequency === null || Number.isInteger(frequency) ? 0 : 2;
}

/** Name of a setting: 525 MHz · 1,150 mV. */
export function pointName(hass: HomeAssistant, point: OperatingPoint): string {
  const frequency = formatNumber(
    hass,
    point.frequency_mhz,
    decimals(point.frequency_mhz),
  );
  return `${frequency}\u00a0MHz\u00a0· ${withUnit(hass, point.core_voltage_mv, "mV")}`;
}

/** Short name of a setting where MHz and mV are understood: 525/1150. */
export function shortName(
  hass: HomeAssistant,
  point: OperatingPoint,
  between = "/",
): string {
  return [
    formatNumber(hass, point.frequency_mhz, decimals(point.frequency_mhz)),
    // Four digits need no separator here.
    String(Math.round(point.core_voltage_mv)),
  ].join(between);
}

/** What a miner is set to; null where it does not say so. */
export const operatingPointOf = ({
  frequency_mhz: frequency,
  core_voltage_mv: voltage,
}: Miner): OperatingPoint | null =>
  frequency == null || voltage == null
    ? null
    : { frequency_mhz: frequency, core_voltage_mv: voltage };

/** Whether both are one setting. */
export const isSamePoint = (
  a: OperatingPoint | null | undefined,
  b: OperatingPoint | null | undefined,
): boolean =>
  !!a &&
  !!b &&
  a.frequency_mhz === b.frequency_mhz &&
  a.core_voltage_mv === b.core_voltage_mv;
