/** A swarm of made-up miners: plausible figures, the same every time. */

import type { Miner, MinerState, Swarm } from "../../src/lib/model";
import { makeWarning } from "./alerts";
import type { Random } from "./random";

interface Board {
  model: string;
  cores: number;
  frequency: number;
  voltage: number;
  /** J/TH at the stock setting. */
  efficiency: number;
  nominal: number;
  limit: number;
  frequencies: [number, number];
  voltages: [number, number];
}

const GAMMA: Board = {
  model: "Gamma 601",
  cores: 2040,
  frequency: 600,
  voltage: 1150,
  efficiency: 15.6,
  nominal: 5,
  limit: 40,
  frequencies: [400, 625],
  voltages: [1000, 1250],
};
const SUPRA: Board = {
  ...GAMMA,
  model: "Supra 401",
  cores: 1276,
  frequency: 525,
  voltage: 1166,
  efficiency: 18.4,
  frequencies: [400, 575],
  voltages: [1100, 1300],
};
const ULTRA: Board = {
  ...SUPRA,
  model: "Ultra 205",
  cores: 894,
  frequency: 485,
  voltage: 1200,
  efficiency: 24.1,
  limit: 25,
};
const QUAD: Board = {
  ...GAMMA,
  model: "NerdQAxe++",
  cores: 8160,
  frequency: 575,
  efficiency: 16.4,
  nominal: 12,
  limit: 110,
};
const HEX: Board = { ...SUPRA, model: "Hex 701", cores: 7656, nominal: 12, limit: 120 };

const BOARDS = [GAMMA, GAMMA, SUPRA, GAMMA, QUAD, ULTRA, GAMMA, HEX] as const;
const PLACES = [
  "office",
  "attic",
  "bedroom",
  "kitchen",
  "garage",
  "cellar",
  "library",
  "workshop",
  "hallway",
  "guest-room",
] as const;
/** What the first miners are up to; all others just mine. */
const STATES: readonly MinerState[] = [
  "mining",
  "mining",
  "paused",
  "mining",
  "mining",
  "offline",
  "mining",
  "mining",
  "starting",
  "overheated",
];

export const deviceId = (index: number): string =>
  `d${String(index).padStart(3, "0")}5f1c0ffee0000000000000000000`.slice(0, 32);

/** The miner of an index, as it is at a time (Unix s). */
export function makeMiner(random: Random, index: number, now: number): Miner {
  const board = BOARDS[index % BOARDS.length] ?? GAMMA;
  const place = PLACES[index % PLACES.length] ?? "shelf";
  const round = Math.floor(index / PLACES.length);
  const prefix = board === QUAD ? "nerdqaxe" : "bitaxe";
  const state = STATES[index] ?? "mining";
  const online = state !== "offline";
  const hashing = state === "mining";
  const frequency = board.frequency - 25 * (index % 3);
  const voltage = board.voltage - 20 * (index % 2);
  const expected = (frequency * board.cores) / 1000;
  const hot = index === 1;
  const slug = `${prefix}_${place.replace("-", "_")}${round > 0 ? `_${round + 1}` : ""}`;
  const hashrate = hashing ? expected * random.between(0.96, 1.01) : 0;
  const watts = hashing ? (hashrate / 1000) * board.efficiency : 4.1;
  const rejected = Math.round(random.between(0, 40));
  const accepted = Math.round(random.between(2000, 60_000));
  const best = 10 ** random.between(8.2, 11.4);
  return {
    name: slug.replaceAll("_", "-"),
    model: board.model,
    area: place.charAt(0).toUpperCase() + place.slice(1),
    labels: [index % 3 === 0 ? "Solar" : "Grid"],
    firmware: board === QUAD ? "v1.0.36" : "v2.12.2",
    url: `http://192.0.2.${index + 10}`,
    online,
    state,
    last_seen: online ? now - 3 : now - 412,
    missed_polls: online ? 0 : 7,
    hashrate_ghs: online ? hashrate : null,
    expected_hashrate_ghs: online ? expected : null,
    expected_ratio_percent: hashing ? (100 * hashrate) / expected : null,
    power_w: online ? watts : null,
    efficiency_j_th: hashing ? board.efficiency : null,
    asic_temperature_c: online ? (hot ? 68.4 : random.between(52, 61)) : null,
    vr_temperature_c: online ? (hot ? 81 : random.between(50, 68)) : null,
    asic_limit_c: 70,
    vr_limit_c: 80,
    fan_speed_percent: online ? Math.round(random.between(35, hot ? 100 : 70)) : null,
    fan_rpm: online ? Math.round(random.between(3200, 6400)) : null,
    auto_fan: online ? index % 4 !== 3 : null,
    target_temperature_c: online ? 60 : null,
    frequency_mhz: online ? frequency : null,
    core_voltage_mv: online ? voltage : null,
    core_voltage_actual_mv: online ? voltage - 8 : null,
    input_voltage_v: online ? board.nominal * random.between(0.99, 1.02) : null,
    nominal_voltage_v: board.nominal,
    power_limit_w: board.limit,
    boot_time: online ? now - random.between(4_000, 900_000) : null,
    shares_accepted: online ? accepted : null,
    shares_rejected: online ? rejected : null,
    reject_rate_percent: online ? (rejected / (accepted + rejected)) * 100 : null,
    reject_reasons:
      online && rejected > 4
        ? [
            { message: "Above target", count: rejected - 3 },
            { message: "Job not found", count: 3 },
          ]
        : [],
    error_rate_percent: online ? random.between(0.1, 1.4) : null,
    best_difficulty: best,
    best_session_difficulty: online ? best / random.between(1, 40) : null,
    pool: online ? "solo.example.org" : null,
    pool_port: online ? 3333 : null,
    pool_worker: online ? slug : null,
    primary_pool: online ? "solo.example.org:3333" : null,
    fallback_pool: online ? "backup.example.org:3334" : null,
    at_pool: online
      ? {
          account: "public-pool bc1qxy…mdq9",
          worker: "attic",
          hashrate_ghs: 1180,
          error_percent: 4.1,
          last_share: Math.round(Date.now() / 1000) - 130,
          miners: 1,
        }
      : null,
    using_fallback: online ? index === 3 : null,
    pool_difficulty: online ? 1000 : null,
    response_time_ms: online ? random.between(12, 60) : null,
    wifi_rssi_dbm: online ? Math.round(random.between(-78, -45)) : null,
    blocks_found: 0,
    variation_24h_percent: hashing ? random.between(2, 9) : null,
    stability: hashing ? "excellent" : null,
    levels: online
      ? {
          hashrate: "good",
          asic_temperature: hot ? "warning" : "good",
          vr_temperature: hot ? "warning" : "good",
          power: "good",
          input_voltage: "good",
          reject_rate: "good",
          error_rate: "good",
        }
      : {},
    warnings: [
      ...(hot
        ? [
            makeWarning("vr_heat", { value: 81, limit: 80, since: now - 780 }),
            makeWarning("detuned", { since: now - 700 }),
          ]
        : []),
      ...(index === 3 ? [makeWarning("pool_fallback", { since: now - 90 })] : []),
      ...(online
        ? []
        : [makeWarning("offline", { value: 412, limit: 60, since: now - 412 })]),
    ],
    tuning: null,
    power_target: {
      chosen_w: index === 0 ? 14 : null,
      target_w: index === 0 ? 14 : null,
      set_by: index === 0 ? "chosen" : null,
      reached_w: index === 0 ? 13.6 : null,
      most_w: board.limit,
      following: index === 0,
      with_swarm: false,
      reason: index === 0 ? "on_target" : null,
    },
    detuned: hot
      ? { frequency_mhz: frequency + 100, core_voltage_mv: voltage + 100 }
      : null,
    frequency_min_mhz: board.frequencies[0],
    frequency_max_mhz: board.frequencies[1],
    core_voltage_min_mv: board.voltages[0],
    core_voltage_max_mv: board.voltages[1],
    best:
      index % 5 === 0
        ? {
            frequency_mhz: frequency - 50,
            core_voltage_mv: voltage - 40,
            verdict: "change",
            efficiency_change_j_th: -1.7,
          }
        : null,
    entities: {
      frequency: `number.${slug}_frequency`,
      core_voltage: `number.${slug}_core_voltage`,
      fan_speed: `number.${slug}_fan_speed`,
      target_temperature: `number.${slug}_target_temperature`,
      auto_fan: `switch.${slug}_automatic_fan`,
      mining: `switch.${slug}_mining`,
      maintenance: `switch.${slug}_maintenance`,
      power_target: `number.${slug}_power_target`,
      follow_power_target: `switch.${slug}_follow_power_target`,
      profile: `select.${slug}_profile`,
      restart: `button.${slug}_restart`,
      restore_settings: `button.${slug}_restore_settings`,
      identify: `button.${slug}_identify`,
      hashrate: `sensor.${slug}_hashrate`,
      power: `sensor.${slug}_power`,
      asic_temperature: `sensor.${slug}_asic_temperature`,
    },
    can_control: true,
  };
}

/** The totals of miners; unknown is left out, not counted as zero. */
export function makeSwarm(miners: readonly Miner[]): Swarm {
  const sum = (figure: (miner: Miner) => number | null): number =>
    miners.reduce((total, miner) => total + (figure(miner) ?? 0), 0);
  const hashrate = sum((miner) => miner.hashrate_ghs);
  const power = sum((miner) => miner.power_w);
  const [best] = [...miners].sort(
    (a, b) => (b.best_difficulty ?? 0) - (a.best_difficulty ?? 0),
  );
  return {
    name: "Bitaxe swarm",
    device_id: "5warm5f1c0ffee000000000000000000",
    hashrate_ghs: hashrate,
    expected_hashrate_ghs: sum((miner) => miner.expected_hashrate_ghs),
    power_w: power,
    efficiency_j_th: hashrate > 0 ? (power / hashrate) * 1000 : null,
    miners: miners.length,
    miners_online: miners.filter((miner) => miner.online).length,
    miners_mining: miners.filter((miner) => miner.state === "mining").length,
    best_difficulty: best?.best_difficulty ?? null,
    best_miner: best?.name ?? null,
    cost_per_day: (power / 1000) * 24 * 0.3,
    currency: "EUR",
    network_difficulty: 1.4e14,
    has_price: true,
    has_notifications: true,
    power_target: {
      chosen_w: Math.round(power * 1.04),
      target_w: Math.round(power * 1.04),
      set_by: "surplus",
      reached_w: Math.round(power),
      most_w: Math.round(power * 1.3),
      following: true,
      with_swarm: false,
      reason: "on_target",
    },
    block_height: 910_000,
    // 312,500,000 sats a block.
    income_sats_per_day: (3.125e8 * 86_400 * hashrate * 1e9) / (1.4e14 * 2 ** 32),
    income_per_day: (3.125 * 86_400 * hashrate * 1e9 * 90_000) / (1.4e14 * 2 ** 32),
    margin_per_day:
      (3.125 * 86_400 * hashrate * 1e9 * 90_000) / (1.4e14 * 2 ** 32) -
      (power / 1000) * 24 * 0.3,
    break_even_price: null,
    sats_per_kwh: null,
    years_to_block: 1.4e14 / ((hashrate * 1e9) / 2 ** 32) / 31_557_600,
    energy_kwh: 412.7,
    entities: {
      restart_all: "button.bitaxe_swarm_restart_all",
      power_target: "number.bitaxe_swarm_power_target",
      follow_power_target: "switch.bitaxe_swarm_follow_power_target",
      hashrate: "sensor.bitaxe_swarm_hashrate",
      power: "sensor.bitaxe_swarm_power",
      efficiency: "sensor.bitaxe_swarm_efficiency",
    },
    can_control: true,
  };
}
