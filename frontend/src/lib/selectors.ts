/** Fields of forms that several of them have. */

/** Chooses miners: of our devices, those that have events. The swarm has none. */
export const MINERS = {
  device: {
    multiple: true,
    filter: [{ integration: "bitaxe" }],
    entity: [{ domain: "event" }],
  },
};
