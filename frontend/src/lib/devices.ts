/** Which devices of Home Assistant are miners. */

import { collatorOf } from "./collation";
import type { DeviceEntry, HomeAssistant } from "./hass";

const DOMAIN = "bitaxe";
const SWARM = "swarm";

export const deviceName = (device: DeviceEntry): string =>
  device.name_by_user ?? device.name ?? device.id;

const isOurs = (device: DeviceEntry): boolean =>
  device.identifiers.some(([domain]) => domain === DOMAIN);

/** The miners that are not disabled, by name; also those that do not answer at present. */
export function minerDevices(hass: HomeAssistant): DeviceEntry[] {
  const order = collatorOf(hass.locale.language);
  return Object.values(hass.devices)
    .filter(
      (device) =>
        isOurs(device) &&
        device.entry_type !== "service" &&
        device.disabled_by === null,
    )
    .sort((a, b) => order.compare(deviceName(a), deviceName(b)));
}

/** The device of the swarm, which there is with the first miner; no Discord channel. */
export const swarmDevice = (hass: HomeAssistant): DeviceEntry | undefined =>
  Object.values(hass.devices).find((device) =>
    device.identifiers.some(([domain, id]) => domain === DOMAIN && id === SWARM),
  );
