/** What Home Assistant sends to the cards: live data, timeline, and analysis. */

import type {
  LiveMiner,
  LivePoint,
  LivePowerTarget,
  LiveSwarm,
  LiveWarning,
} from "./live-types";

export type { Judged, Level } from "./live-types";

/** Of a summary also unknown. */
export type StabilityLabel = NonNullable<LiveMiner["stability"]> | "unknown";

/** What older integrations do not send. */
type Newer<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

export type MinerState = LiveMiner["state"];
export type OperatingPoint = LivePoint;
export type PowerTarget = LivePowerTarget;

/** A condition that was raised and not yet cleared. */
export type Warning = Newer<
  LiveWarning,
  | "severity"
  | "icon"
  | "unit"
  | "precision"
  | "low"
  | "strain"
  | "unread_since"
  | "reason"
>;

/** How an alert is shown, and in what its figures are written. */
export type AlertLook = Pick<LiveWarning, "severity" | "icon" | "unit" | "precision">;

/** One miner as of its last reading. */
export type Miner = Newer<
  Omit<LiveMiner, "warnings" | "best" | "stability">,
  | "missed_polls"
  | "restarting_since"
  | "levels"
  | "tuning"
  | "power_target"
  | "labels"
  | "pool_port"
  | "pool_worker"
  | "primary_pool"
  | "fallback_pool"
  | "at_pool"
> & {
  stability: StabilityLabel | null;
  warnings: Warning[];
  best:
    | (OperatingPoint & { verdict: Verdict; efficiency_change_j_th: number | null })
    | null;
};

/** All miners together; all of it is null for those who may not see all of them. */
export type Swarm = Newer<LiveSwarm, "power_target">;

/** One item of the timeline: an alert from beginning to end, or what just happened. */
export interface TimelineItem {
  device_id: string | null;
  name: string;
  /** A kind of alert, or of an activity such as `settings_changed`. */
  kind: string;
  /** Null for what is no alert. */
  alert?: AlertLook | null;
  phase: "ongoing" | "over" | "once";
  /** Unix s. */
  start: number;
  /** Also unknown where nobody saw the end. */
  end: number | null;
  seconds: number | null;
  value: number | null;
  limit: number | null;
  unit: string | null;
  difficulty: number | null;
  previous: number | null;
  block_height: number | null;
  blocks_found: number | null;
  swarm_record: boolean | null;
  reason: string | null;
  /** Of a note, by which it is deleted. */
  note_id?: string | null;
  /** Which profile a soak test is of. */
  profile?: string | null;
  /** What the guard did. */
  action?: string | null;
  description: string | null;
  /** Whether a restart was asked for. */
  asked_for: boolean | null;
  /** `home_assistant`, or anybody else. */
  by: string | null;
  /** What of Home Assistant it was: person, discord, guard, tuner … */
  origin: string | null;
  user: string | null;
  unmeasured: boolean | null;
  /** Settings by name, with what they were and what they are. */
  changes: Record<string, [unknown, unknown]>;
}

export interface Timeline {
  items: TimelineItem[];
  /** There is more than was asked for. */
  truncated: boolean;
}

export type Verdict = string;

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

/** The time series of a miner, column by column; `time` is the beginning of each step. */
export interface MinerSeries {
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
  miners: MinerSeries[];
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
  /** By a plug that feeds this miner alone. */
  wall_power_w: number | null;
  wall_efficiency_j_th: number | null;
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

/** A day of a miner, in hours that add up to it as far as it has come. */
export interface DayUptime {
  /** Unix s. */
  start: number;
  hashing_hours: number;
  stopped_hours: number;
  offline_hours: number;
  unknown_hours: number;
}

export interface Uptime {
  miners: { device_id: string; name: string; days: DayUptime[] }[];
}

export interface MinerSummary {
  device_id: string;
  name: string;
  /** Mean while hashing. */
  hashrate_ghs: number | null;
  /** Mean over the observed time. */
  mean_hashrate_ghs: number | null;
  hashrate_min_ghs: number | null;
  hashrate_max_ghs: number | null;
  power_w: number | null;
  power_max_w: number | null;
  efficiency_j_th: number | null;
  work_th: number | null;
  energy_kwh: number | null;
  /** Of which while nothing was hashed. */
  idle_energy_kwh: number | null;
  cost: number | null;
  observed_hours: number | null;
  /** s before the end of the span from which on it was watched; `null` for all of it. */
  watched_seconds: number | null;
  hashing_hours: number | null;
  availability_percent: number | null;
  restarts: number | null;
  total_uptime_hours: number | null;
  lifetime_uptime_hours: number | null;
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
    observed_hours: number | null;
    watched_seconds: number | null;
    hashrate_ghs: number | null;
    power_w: number | null;
    efficiency_j_th: number | null;
    work_th: number | null;
    energy_kwh: number | null;
    idle_energy_kwh: number | null;
    cost: number | null;
    wall: WallSummary[];
  };
  miners: MinerSummary[];
}

/** What a power supply with a plug that measures took from the wall. */
export interface WallSummary {
  name: string;
  miners: string[];
  observed_hours: number | null;
  /** Whether the plug was known for only a part of the time in which miners were. */
  is_part: boolean;
  power_w: number | null;
  efficiency_j_th: number | null;
  energy_kwh: number | null;
  cost: number | null;
  loss_w: number | null;
  loss_percent: number | null;
}
