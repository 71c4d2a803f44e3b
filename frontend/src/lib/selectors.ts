/** Fields of forms that several of them have. */

/** Of our devices, those with temperatures of their own: miners. */
const OF_MINERS = {
  filter: [{ integration: "bitaxe" }],
  entity: [{ domain: "sensor", device_class: "temperature" }],
};

/** Chooses a miner. */
export const MINER = { device: OF_MINERS };

/** Chooses miners. */
export const MINERS = { device: { multiple: true, ...OF_MINERS } };
