/** What people do with a miner. Home Assistant checks whether they may. */

import { showToast } from "./events";
import type { HomeAssistant } from "./hass";
import { localize } from "./i18n";
import type { OperatingPoint } from "./model";
import { explain } from "./reasons";

/**
 * Does something, and shows the user if it fails.
 *
 * @returns whether it was done.
 */
export async function attempt(
  node: HTMLElement,
  hass: HomeAssistant,
  action: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    const message = await explain(hass, error);
    showToast(node, localize(hass, "common.error.failed", { message }));
    return false;
  }
}

/** Calls an action whose failure is shown where it was asked for, and only there. */
const call = (
  hass: HomeAssistant,
  domain: string,
  action: string,
  data: Record<string, unknown>,
  target?: { entity_id: string },
): Promise<unknown> => hass.callService(domain, action, data, target, false);

export const setNumber = (
  hass: HomeAssistant,
  entityId: string,
  value: number,
): Promise<unknown> =>
  call(hass, "number", "set_value", { value }, { entity_id: entityId });

export const setSwitch = (
  hass: HomeAssistant,
  entityId: string,
  on: boolean,
): Promise<unknown> =>
  call(hass, "switch", on ? "turn_on" : "turn_off", {}, { entity_id: entityId });

export const pressButton = (hass: HomeAssistant, entityId: string): Promise<unknown> =>
  call(hass, "button", "press", {}, { entity_id: entityId });

/** Calls an action of ours in the same way. */
export const callBitaxe = (
  hass: HomeAssistant,
  action: string,
  data: Record<string, unknown>,
): Promise<unknown> => call(hass, "bitaxe", action, data);

type Point = { [K in keyof OperatingPoint]?: number | null | undefined };

/**
 * Sets frequency and core voltage of a miner in one go; what is left out stays.
 * Nothing is sent if the miner is not set as was shown by then.
 */
export const applyConfiguration = (
  hass: HomeAssistant,
  deviceId: string,
  point: Point,
  shown: Point,
): Promise<unknown> =>
  callBitaxe(hass, "apply_configuration", {
    device_id: [deviceId],
    frequency: point.frequency_mhz,
    core_voltage: point.core_voltage_mv,
    expected_frequency: shown.frequency_mhz ?? undefined,
    expected_core_voltage: shown.core_voltage_mv ?? undefined,
  });

/**
 * Sets the fan: automatic, or a fixed speed in %; the last one if it is left out.
 * Nothing is sent if the fan is not in the mode that was shown by then.
 */
export const setFan = (
  hass: HomeAssistant,
  deviceId: string,
  fan: { mode: "auto" } | { mode: "manual"; speed: number | undefined },
  shown: boolean | null,
): Promise<unknown> =>
  callBitaxe(hass, "set_fan", {
    device_id: [deviceId],
    ...fan,
    expected_mode: shown === null ? undefined : shown ? "auto" : "manual",
  });
