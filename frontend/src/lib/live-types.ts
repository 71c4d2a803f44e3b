/** Made by `python -m scripts.live_types`; do not edit. */

/** What makes one operating point better than another. */
export type Goal = "efficiency" | "hashrate" | "balanced";

/** The figures of a reading that have a level. */
export type Judged = "hashrate" | "asic_temperature" | "vr_temperature" | "power" | "input_voltage" | "reject_rate" | "error_rate" | "wifi_rssi";

/** How good a figure is. */
export type Level = "good" | "warning" | "critical";

/** What kept a run from finding an even better setting. */
export type Limiting = "power" | "temperature" | "vr_temperature" | "fan_speed" | "minimum_hashrate" | "frequency_range" | "voltage_range" | "chip" | "time" | "nothing";

/** What the pool sees of a miner, for those who have a pool account. */
export interface LiveAtPool {
  account: string;
  worker: string;
  hashrate_ghs: number | null;
  error_percent: number | null;
  last_share: number | null;
  miners: number;
}

/** The setting that hashes best per joule, by the history. */
export interface LiveBest {
  frequency_mhz: number;
  core_voltage_mv: number;
  verdict: Verdict;
  efficiency_change_j_th: number | null;
}

/** One miner as of its last reading; every key is always there. */
export interface LiveMiner {
  name: string;
  model: string | null;
  area: string | null;
  labels: string[];
  firmware: string | null;
  url: string | null;
  online: boolean;
  state: MiningState | "offline";
  last_seen: number | null;
  missed_polls: number;
  restarting_since: number | null;
  boot_time: number | null;
  hashrate_ghs: number | null;
  expected_hashrate_ghs: number | null;
  expected_ratio_percent: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  asic_temperature_c: number | null;
  vr_temperature_c: number | null;
  fan_speed_percent: number | null;
  fan_rpm: number | null;
  auto_fan: boolean | null;
  target_temperature_c: number | null;
  frequency_mhz: number | null;
  core_voltage_mv: number | null;
  core_voltage_actual_mv: number | null;
  input_voltage_v: number | null;
  shares_accepted: number | null;
  shares_rejected: number | null;
  reject_rate_percent: number | null;
  error_rate_percent: number | null;
  best_session_difficulty: number | null;
  pool: string | null;
  pool_port: number | null;
  pool_worker: string | null;
  primary_pool: string | null;
  fallback_pool: string | null;
  using_fallback: boolean | null;
  pool_difficulty: number | null;
  response_time_ms: number | null;
  at_pool: LiveAtPool | null;
  wifi_rssi_dbm: number | null;
  asic_limit_c: number | null;
  vr_limit_c: number | null;
  nominal_voltage_v: number | null;
  power_limit_w: number | null;
  best_difficulty: number | null;
  blocks_found: number | null;
  reject_reasons: LiveRejectReason[];
  levels: Partial<Record<Judged, Level>>;
  frequency_min_mhz: number | null;
  frequency_max_mhz: number | null;
  core_voltage_min_mv: number | null;
  core_voltage_max_mv: number | null;
  variation_24h_percent: number | null;
  stability: StabilityLabel | null;
  best: LiveBest | null;
  warnings: LiveWarning[];
  detuned: LivePoint | null;
  tuning: LiveTuning | null;
  power_target: LivePowerTarget | null;
  entities: Partial<Record<string, string>>;
  can_control: boolean;
}

/** An operating point. */
export interface LivePoint {
  frequency_mhz: number;
  core_voltage_mv: number;
}

/** The power that is to be kept to, in W, and what came of it. */
export interface LivePowerTarget {
  chosen_w: number | null;
  target_w: number | null;
  set_by: SetBy | null;
  reached_w: number | null;
  most_w: number | null;
  following: boolean;
  with_swarm: boolean;
  reason: string | null;
}

/** Why the pool refused shares, in its own words. */
export interface LiveRejectReason {
  message: string;
  count: number;
}

/** All miners together; unknown to those who may not see all of them. */
export interface LiveSwarm {
  name: string | null;
  device_id: string | null;
  hashrate_ghs: number | null;
  expected_hashrate_ghs: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  miners: number | null;
  miners_online: number | null;
  miners_mining: number | null;
  best_difficulty: number | null;
  best_miner: string | null;
  cost_per_day: number | null;
  currency: string | null;
  network_difficulty: number | null;
  block_height: number | null;
  years_to_block: number | null;
  income_sats_per_day: number | null;
  income_per_day: number | null;
  margin_per_day: number | null;
  break_even_price: number | null;
  sats_per_kwh: number | null;
  energy_kwh: number | null;
  has_price: boolean | null;
  has_notifications: boolean | null;
  power_target: LivePowerTarget | null;
  entities: Partial<Record<string, string>>;
  can_control: boolean;
}

/** That the tuner looks for the best setting; how far it is, is a guess. */
export interface LiveTuning {
  goal: Goal;
  progress_percent: number;
}

/** An alert that is raised; value and limit are in the unit of its kind. */
export interface LiveWarning {
  kind: string;
  severity: Severity;
  icon: string;
  unit: string | null;
  precision: number;
  low: boolean;
  strain: boolean;
  value: number | null;
  limit: number | null;
  since: number;
  unread_since: number | null;
  reason: string | null;
}

/** What the miner is doing, worked out from everything it reports. */
export type MiningState = "mining" | "starting" | "paused" | "overheated" | "fault" | "idle";

/** How a trial ended. */
export type Outcome = "measured" | "worse" | "dark" | "limit" | "overheated" | "latched" | "crashed" | "refused" | "passed";

/** What decides how many W the target in force is. */
export type SetBy = "chosen" | "surplus" | "price";

/** How bad an alert is. */
export type Severity = "critical" | "warning" | "info";

/** What a bucket variance is called; below 30, 50, 70, 90 %, or more. */
export type StabilityLabel = "excellent" | "stable" | "acceptable" | "variable" | "unstable";

/** What the tuner is doing, or did last. */
export type TunerState = "idle" | "waiting" | "settling" | "measuring" | "finished" | "failed" | "stopped";

/** The limits that apply to a run: those that were asked for, and the hardware's. */
export interface TuningLimits {
  power_w: number | null;
  asic_temperature_c: number | null;
  vr_temperature_c: number | null;
  fan_speed_percent: number | null;
  hashrate_ghs: number | null;
  seconds: number | null;
}

/** The tuner of one miner; every key is always there. */
export interface TuningMiner {
  state: TunerState;
  reason: string | null;
  obstacle: string | null;
  soak_test: TuningSoakTest | null;
  soak_report: TuningSoakReport | null;
  run: TuningRunning | null;
  reports: TuningReport[];
  profiles: TuningProfile[];
  can_control: boolean;
}

/** The setting that is being tried, and what was measured there so far. */
export interface TuningNow {
  frequency_mhz: number;
  core_voltage_mv: number;
  seconds: number;
  passing: boolean;
  hashrate_ghs: number | null;
  hashrate_error_ghs: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  efficiency_error_j_th: number | null;
}

/** A setting with a name. */
export interface TuningProfile {
  frequency_mhz: number;
  core_voltage_mv: number;
  name: string;
}

/** What may be asked for. */
export interface TuningRange {
  low: number;
  high: number;
}

/** What a run that is over found. */
export interface TuningReport {
  state: TunerState;
  reason: string;
  goal: Goal;
  limits: TuningLimits;
  original: LivePoint;
  ended: number;
  seconds: number;
  room_temperature_c: number | null;
  trials: TuningTrial[];
  before: TuningTrial | null;
  best: TuningTrial | null;
  gain_percent: number | null;
  gain_error_percent: number | null;
  limiting: Limiting | null;
}

/** The run that goes on. */
export interface TuningRunning {
  goal: Goal;
  limits: TuningLimits;
  original: LivePoint;
  started: number;
  progress_percent: number;
  seconds_left: number;
  trials: TuningTrial[];
  now: TuningNow | null;
  best: TuningTrial | null;
  gain_percent: number | null;
  gain_error_percent: number | null;
  room_temperature_c: number | null;
}

/** What the last test of a profile found. */
export interface TuningSoakReport {
  frequency_mhz: number;
  core_voltage_mv: number;
  profile: string;
  hours: number;
  state: TunerState;
  reason: string;
  original: LivePoint;
  ended: number;
  seconds: number;
}

/** The test of a profile over hours that goes on. */
export interface TuningSoakTest {
  frequency_mhz: number;
  core_voltage_mv: number;
  profile: string;
  hours: number;
  started: number;
  progress_percent: number;
  seconds_left: number;
  original: LivePoint;
  hashrate_share_percent: number | null;
  power_w: number | null;
  error_rate_percent: number | null;
}

/** What was measured at one setting; errors are standard errors. */
export interface TuningTrial {
  frequency_mhz: number;
  core_voltage_mv: number;
  outcome: Outcome;
  limit: string | null;
  seconds: number;
  expected_hashrate_ghs: number;
  hashrate_ghs: number | null;
  hashrate_error_ghs: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  efficiency_error_j_th: number | null;
  asic_temperature_c: number | null;
  vr_temperature_c: number | null;
  fan_speed_percent: number | null;
  error_rate_percent: number | null;
}

/** What can be said about a goal. */
export type Verdict = "change" | "keep" | "uncertain" | "present_unknown" | "nothing_measured" | "wait";
