/** Made-up backups of a made-up miner. */

/** What restoring would change. */
export const DIFFERENCES = {
  frequency: [525, 500],
  auto_fan: [false, true],
  primary_pool: ["solo.example.org:3333", "pool.example.net:3333"],
  primary_pool_user: ["bc1q.rig", "bc1q.old"],
};

const BOARD = { board_version: "602", device_model: "Gamma", asic_model: "BM1370" };
const POOL = { url: "pool.example.net", port: 3333, user: "bc1q.old", tls: false };

/** The newest first: one that differs from now, one that does not, one of other firmware. */
export function makeBackups(now: number): unknown[] {
  const settings = { frequency: 500, auto_fan: true, primary_pool: POOL };
  const backup = {
    hardware: BOARD,
    firmware: "v2.12.2",
    settings,
    differences: {},
    left_out: [],
  };
  return [
    {
      ...backup,
      id: "one",
      time: now - 3600,
      reason: "change",
      differences: DIFFERENCES,
    },
    { ...backup, id: "two", time: now - 90_000, reason: "automatic" },
    {
      ...backup,
      id: "three",
      time: now - 400_000,
      reason: "firmware",
      firmware: "v2.11.0",
      differences: { frequency: [525, 500] },
      left_out: ["prefer_fallback"],
    },
  ];
}
