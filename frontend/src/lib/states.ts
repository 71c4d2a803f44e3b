/** What a miner is up to, as icon, colour and rank. */

import { join, percent } from "./format";
import type { HomeAssistant } from "./hass";
import { localize } from "./i18n";
import type { Miner, MinerState } from "./model";

interface StateLook {
  icon: string;
  /** A colour of the theme. */
  color: string;
  /** The lower, the more urgent. */
  rank: number;
}

const LOOKS: Record<MinerState, StateLook> = {
  offline: { icon: "mdi:lan-disconnect", color: "var(--error-color)", rank: 0 },
  overheated: { icon: "mdi:thermometer-alert", color: "var(--error-color)", rank: 1 },
  fault: { icon: "mdi:alert-octagon", color: "var(--error-color)", rank: 2 },
  idle: { icon: "mdi:sleep", color: "var(--warning-color)", rank: 3 },
  starting: { icon: "mdi:progress-clock", color: "var(--info-color)", rank: 4 },
  paused: { icon: "mdi:pause-circle", color: "var(--disabled-text-color)", rank: 5 },
  mining: { icon: "mdi:pickaxe", color: "var(--success-color)", rank: 7 },
};

const UNKNOWN: StateLook = {
  icon: "mdi:help-circle",
  color: "var(--disabled-text-color)",
  rank: 6,
};

/** How a state looks; also one that a newer integration may know. */
function lookOf(state: MinerState | null): StateLook {
  return (state && LOOKS[state]) ?? UNKNOWN;
}

/** Rank of a miner by how much it needs somebody; warnings outrank a healthy state. */
export function urgency(miner: Miner): number {
  const { rank } = lookOf(isRestarting(miner) ? "starting" : miner.state);
  return miner.warnings.length
    ? Math.min(rank, 3.5) - miner.warnings.length / 100
    : rank;
}

/** Whether a miner missed a reading, so that it may be about to be offline. */
export const missesReadings = ({ online, missed_polls: missed }: Miner): boolean =>
  online && !!missed;

/** Whether a miner was asked to restart, and is not back yet. */
export const isRestarting = ({ restarting_since: since }: Miner): boolean =>
  since !== null && since !== undefined;

/** Whether the tuner looks for the best setting of a miner that mines meanwhile. */
const isTuning = ({ state, tuning }: Miner): boolean => state === "mining" && !!tuning;

/** Whether a miner is one that can be tuned, at some time. */
export const canTune = ({ tuning, frequency_min_mhz: low }: Miner): boolean =>
  tuning !== undefined && (tuning !== null || low !== null);

/** How a miner looks. */
export const lookOfMiner = (miner: Miner): Pick<StateLook, "icon" | "color"> =>
  isRestarting(miner)
    ? { icon: "mdi:restart", color: "var(--info-color)" }
    : missesReadings(miner)
      ? { icon: "mdi:lan-pending", color: "var(--warning-color)" }
      : isTuning(miner)
        ? { icon: "mdi:tune-variant", color: lookOf(miner.state).color }
        : lookOf(miner.state);

/** The state of a miner in words. */
export const stateName = (hass: HomeAssistant, miner: Miner): string =>
  localize(
    hass,
    isRestarting(miner)
      ? "common.restarting"
      : missesReadings(miner)
        ? "common.no_answer"
        : isTuning(miner)
          ? "common.tuning"
          : `common.state.${miner.state}`,
    { percent: join(percent(hass, miner.tuning?.progress_percent)) },
  );
