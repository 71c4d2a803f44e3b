/** Fields of forms that several of them have. */

/** Of our devices, those that have events: miners. The swarm has none. */
const OF_MINERS = {
  filter: [{ integration: "bitaxe" }],
  entity: [{ domain: "event" }],
};

/** Chooses a miner. */
export const MINER = { device: OF_MINERS };

/** Chooses miners. */
export const MINERS = { device: { multiple: true, ...OF_MINERS } };
