/**
 * What the integration's websocket commands send. Every key ends with its unit;
 * `null` is unknown. Times are Unix seconds.
 */

export type MinerState =
  "mining" | "starting" | "paused" | "overheated" | "fault" | "idle" | "offline";

export type AlertKind =
  | "offline"
  | "overheating"
  | "vr_heat"
  | "low_hashrate"
  | "frozen_hashrate"
  | "error_rate"
  | "reject_rate"
  | "low_input_voltage"
  | "pool_fallback"
  | "power_fault"
  | "hardware_fault"
  | "detuned"
  | "restarted"
  | "new_best_difficulty"
  | "block_found";

/** A condition that was raised and not yet cleared. */
export interface Warning {
  kind: AlertKind;
  value: number | null;
  limit: number | null;
  since: number;
}

/** In the words of the pool. */
export interface RejectReason {
  message: string;
  count: number;
}

export interface OperatingPoint {
  frequency_mhz: number;
  core_voltage_mv: number;
}

export type StabilityLabel =
  "excellent" | "stable" | "acceptable" | "variable" | "unstable" | "unknown";

export type Verdict = string;

/** Entities of a miner that exist and are enabled, by their key. */
export type MinerEntities = Partial<Record<string, string>>;

/** One miner as of its last reading. */
export interface Miner {
  name: string;
  model: string | null;
  area: string | null;
  firmware: string | null;
  url: string | null;
  online: boolean;
  state: MinerState;
  last_seen: number | null;
  /** Readings in a row that failed; the miner is offline after three. */
  missed_polls?: number;
  hashrate_ghs: number | null;
  expected_hashrate_ghs: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  asic_temperature_c: number | null;
  vr_temperature_c: number | null;
  asic_limit_c: number | null;
  vr_limit_c: number | null;
  fan_speed_percent: number | null;
  fan_rpm: number | null;
  auto_fan: boolean | null;
  target_temperature_c: number | null;
  frequency_mhz: number | null;
  core_voltage_mv: number | null;
  core_voltage_actual_mv: number | null;
  input_voltage_v: number | null;
  nominal_voltage_v: number | null;
  power_limit_w: number | null;
  boot_time: number | null;
  shares_accepted: number | null;
  shares_rejected: number | null;
  reject_rate_percent: number | null;
  /** Why the pool refused shares, the most frequent first. */
  reject_reasons: RejectReason[];
  error_rate_percent: number | null;
  best_difficulty: number | null;
  best_session_difficulty: number | null;
  pool: string | null;
  using_fallback: boolean | null;
  pool_difficulty: number | null;
  response_time_ms: number | null;
  wifi_rssi_dbm: number | null;
  blocks_found: number | null;
  variation_24h_percent: number | null;
  stability: StabilityLabel | null;
  warnings: Warning[];
  /** What somebody chose, where the miner lowered it by itself. */
  detuned: OperatingPoint | null;
  frequency_min_mhz: number | null;
  frequency_max_mhz: number | null;
  core_voltage_min_mv: number | null;
  core_voltage_max_mv: number | null;
  best:
    | (OperatingPoint & { verdict: Verdict; efficiency_change_j_th: number | null })
    | null;
  entities: MinerEntities;
  /** Whether the user may change this miner. */
  can_control: boolean;
}

/** All miners together; all of it is null for those who may not see all of them. */
export interface Swarm {
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
  years_to_block: number | null;
  energy_kwh: number | null;
  entities: Partial<Record<string, string>>;
  /** Whether the user may change the swarm. */
  can_control: boolean;
}

/** Messages of `bitaxe/subscribe`. */
export type LiveMessage =
  | { type: "full"; miners: Record<string, Miner>; swarm: Swarm }
  | {
      type: "diff";
      miners?: Record<string, Partial<Miner> | null>;
      swarm?: Partial<Swarm>;
    };

export interface Span {
  name: string;
  start: string | null;
  end: string;
}

/** Columns of `bitaxe/series`. */
export type SeriesColumn =
  | "hashrate_ghs"
  | "hashrate_15min_ghs"
  | "hashrate_24h_ghs"
  | "expected_hashrate_ghs"
  | "power_w"
  | "efficiency_j_th"
  | "asic_temperature_c"
  | "vr_temperature_c"
  | "fan_speed_percent";

/** The course of a miner, column by column; `time` is the begin of each step. */
export interface Course {
  device_id: string;
  name: string;
  mean_hashrate_ghs: number | null;
  columns: { time: number[]; seconds: number[] } & Partial<
    Record<SeriesColumn, (number | null)[]>
  >;
  changes: { time: number; before: OperatingPoint; after: OperatingPoint }[];
}

export interface Series {
  span: Span;
  miners: Course[];
}

export interface Bottleneck {
  kind: string;
  critical: boolean;
  value: number | null;
  limit: number | null;
}

/** How a miner did at one operating point; the columns of the CSV export. */
export interface Configuration extends OperatingPoint {
  present: boolean;
  measured_enough: boolean;
  bottlenecks: Bottleneck[];
  hours: number;
  /** ISO 8601. */
  last_seen: string;
  hashrate_ghs: number;
  /** Standard error, as all errors here. */
  hashrate_error_ghs: number | null;
  expected_ratio_percent: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  efficiency_error_j_th: number | null;
  asic_temperature_c: number | null;
  asic_temperature_max_c: number | null;
  vr_temperature_c: number | null;
  vr_temperature_max_c: number | null;
  error_rate_percent: number | null;
  reject_rate_percent: number | null;
  variation_percent: number | null;
  [column: string]: unknown;
}

export interface Change {
  hashrate_ghs: number | null;
  hashrate_percent: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  efficiency_percent: number | null;
  energy_kwh_per_month: number | null;
  cost_per_month: number | null;
}

export interface Recommendation {
  verdict: Verdict;
  best:
    | (OperatingPoint & {
        hashrate_ghs: number | null;
        efficiency_j_th: number | null;
        hours: number | null;
      })
    | null;
  change: Change | null;
}

/** A figure that is unknown; `reason` is the key of an exception of the integration. */
export interface MissingFigure {
  figure: string;
  reason: string;
}

export interface MinerConfigurations {
  device_id: string;
  name: string;
  present: OperatingPoint | null;
  configurations: Configuration[];
  recommendations: Record<string, Recommendation>;
  pareto_front: OperatingPoint[];
  missing_figures: MissingFigure[];
}

export interface Configurations {
  span: Span;
  currency: string;
  miners: MinerConfigurations[];
}

export interface StabilityWindow {
  coverage_percent: number | null;
  mean_ghs: number | null;
  median_ghs: number | null;
  bucket_variance_percent: number | null;
  label: StabilityLabel;
  variation_percent: number | null;
  robust_variation_percent: number | null;
  skewed: boolean;
}

export interface MinerSummary {
  device_id: string;
  name: string;
  hashrate_ghs: number | null;
  hashrate_min_ghs: number | null;
  hashrate_max_ghs: number | null;
  power_w: number | null;
  power_max_w: number | null;
  efficiency_j_th: number | null;
  work_th: number | null;
  energy_kwh: number | null;
  cost: number | null;
  observed_hours: number | null;
  hashing_hours: number | null;
  availability_percent: number | null;
  restarts: number | null;
  total_uptime_hours: number | null;
  asic_temperature_c: number | null;
  asic_temperature_max_c: number | null;
  vr_temperature_c: number | null;
  vr_temperature_max_c: number | null;
  shares_accepted: number | null;
  shares_rejected: number | null;
  reject_rate_percent: number | null;
  stability: Record<string, StabilityWindow>;
}

export interface Summary {
  span: Span;
  currency: string;
  total: {
    miners: number;
    hashrate_ghs: number | null;
    power_w: number | null;
    efficiency_j_th: number | null;
    work_th: number | null;
    energy_kwh: number | null;
    cost: number | null;
  };
  miners: MinerSummary[];
}
