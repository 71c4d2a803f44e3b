/** Made-up tuners: one that looks for the best setting, and what one found. */

import type { Miner } from "../../src/lib/model";
import type {
  TuningMiner,
  TuningReport,
  TuningRunning,
  TuningTrial,
} from "../../src/lib/tuning";

export const RANGES = {
  maximum_power: { low: 1, high: 1000 },
  maximum_temperature: { low: 40, high: 90 },
  maximum_vr_temperature: { low: 40, high: 110 },
  maximum_fan_speed: { low: 20, high: 100 },
  minimum_hashrate: { low: 1, high: 100_000 },
  time_limit: { low: 600, high: 172_800 },
  hours: { low: 6, high: 48 },
};

function trial(
  frequency: number,
  voltage: number,
  share: number,
  more: Partial<TuningTrial> = {},
): TuningTrial {
  const expected = frequency * 2.04;
  const hashrate = expected * share;
  const power = 2.2 + frequency * voltage * voltage * 1.95e-8;
  return {
    frequency_mhz: frequency,
    core_voltage_mv: voltage,
    outcome: "measured",
    limit: null,
    seconds: 420,
    expected_hashrate_ghs: expected,
    hashrate_ghs: hashrate,
    hashrate_error_ghs: hashrate * 0.008,
    power_w: power,
    efficiency_j_th: (power / hashrate) * 1000,
    efficiency_error_j_th: (power / hashrate) * 8,
    asic_temperature_c: 47 + power * 0.7,
    vr_temperature_c: 52 + power * 0.6,
    fan_speed_percent: 30 + power,
    error_rate_percent: 0.3,
    ...more,
  };
}

const ORIGINAL = trial(600, 1150, 0.992);
const BEST = trial(542, 1045, 0.988);
const AT_LIMIT = {
  outcome: "limit",
  limit: "temperature",
  seconds: 60,
  hashrate_ghs: null,
  hashrate_error_ghs: null,
  efficiency_j_th: null,
  efficiency_error_j_th: null,
} as const;
const TRIALS: TuningTrial[] = [
  ORIGINAL,
  trial(565, 1085, 0.991),
  BEST,
  trial(520, 1015, 0.86, { outcome: "dark", seconds: 90, error_rate_percent: null }),
  trial(625, 1200, 1, AT_LIMIT),
];
const LIMITS = {
  power_w: 40,
  asic_temperature_c: 68,
  vr_temperature_c: 90,
  fan_speed_percent: 60,
  hashrate_ghs: null,
  seconds: null,
};

/** What runs of before found, and one of a person's own. */
export const PROFILES = [
  { name: "eco", frequency_mhz: 490, core_voltage_mv: 1000 },
  { name: "balanced", frequency_mhz: 542, core_voltage_mv: 1045 },
  { name: "Night", frequency_mhz: 400, core_voltage_mv: 1000 },
];

/** A run in its sixth trial. */
export const RUNNING: TuningRunning = {
  goal: "efficiency",
  limits: LIMITS,
  original: ORIGINAL,
  started: 0,
  progress_percent: 71,
  seconds_left: 840,
  trials: TRIALS,
  now: { ...trial(548, 1055, 0.991), seconds: 180, passing: false },
  best: BEST,
  gain_percent: 6.4,
  gain_error_percent: 0.8,
  room_temperature_c: 21.5,
};

/** What a run found, at a time (Unix s). */
export const report = (ended: number): TuningReport => ({
  state: "finished",
  reason: "found",
  goal: "efficiency",
  limits: LIMITS,
  original: ORIGINAL,
  ended,
  seconds: 3260,
  room_temperature_c: 21.5,
  trials: TRIALS,
  before: ORIGINAL,
  best: BEST,
  gain_percent: 6.4,
  gain_error_percent: 0.8,
  limiting: "chip",
});

/** The tuners of some miners, with what is different of them. */
export const makeTuners = (
  miners: readonly [string, Miner][],
  changes: Record<string, Partial<TuningMiner>>,
): Record<string, TuningMiner> =>
  Object.fromEntries(
    miners.map(([id, miner]) => [
      id,
      {
        state: "idle",
        reason: null,
        obstacle: miner.online ? null : "tuning_offline",
        soak_test: null,
        soak_report: null,
        run: null,
        reports: [],
        profiles: [],
        can_control: miner.can_control,
        ...changes[id],
      },
    ]),
  );
