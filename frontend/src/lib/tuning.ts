/** What the tuner of a miner does and found, and what can be asked of it. */

import { callBitaxe } from "./actions";
import type { HomeAssistant } from "./hass";
import type {
  TuningMiner,
  TuningRange,
  TuningReport,
  TuningRunning,
  TuningSoakReport,
  TuningSoakTest,
  TuningTrial,
} from "./live-types";
import type { OperatingPoint } from "./model";
import { Subscription } from "./subscription";

export type {
  TuningMiner,
  TuningReport,
  TuningRunning,
  TuningSoakReport,
  TuningSoakTest,
  TuningTrial,
};
export type Goal = TuningRunning["goal"];

export const GOALS: readonly Goal[] = ["efficiency", "balanced", "hashrate"];

/** Messages of `bitaxe/tuning`. */
type TuningMessage =
  | {
      type: "full";
      ranges: Partial<Record<string, TuningRange>>;
      miners: Partial<Record<string, TuningMiner>>;
    }
  | { type: "diff"; miners: Partial<Record<string, Partial<TuningMiner> | null>> };

/** What is known of the tuner of one miner. */
export interface TuningData {
  readonly ranges: Partial<Record<string, TuningRange>>;
  /** Undefined while the miner is not set up. */
  readonly miner: TuningMiner | undefined;
}

/** Applies a message to what is known of a miner; nothing is changed in place. */
export function mergeTuning(
  data: TuningData | undefined,
  message: TuningMessage,
  device: string,
): TuningData | undefined {
  if (message.type === "full") {
    return { ranges: message.ranges, miner: message.miners[device] };
  }
  const change = message.miners[device];
  if (data === undefined || change === undefined) {
    return data;
  }
  return {
    ...data,
    miner: change === null ? undefined : ({ ...data.miner, ...change } as TuningMiner),
  };
}

/** Follows the tuner of one miner until it is stopped, also over a lost connection. */
export class TuningFeed {
  private data: TuningData | undefined;
  private readonly subscription: Subscription<TuningMessage>;

  constructor(
    hass: HomeAssistant,
    readonly device: string,
    listener: (data: TuningData | undefined) => void,
  ) {
    this.subscription = new Subscription<TuningMessage>(
      hass.connection,
      () => ({ type: "bitaxe/tuning", device_id: [device] }),
      {
        onMessage: (message) => {
          this.data = mergeTuning(this.data, message, device);
          listener(this.data);
        },
      },
    );
  }

  start(): void {
    this.subscription.start();
  }

  stop(): void {
    this.subscription.stop();
  }
}

/** Begins a run; limits are named as in the action, `time_limit` is in s. */
export const startTuning = (
  hass: HomeAssistant,
  devices: readonly string[],
  goal: Goal,
  limits: Partial<Record<string, number>>,
): Promise<unknown> =>
  callBitaxe(hass, "start_tuning", {
    device_id: devices,
    goal,
    ...limits,
    ...(limits.time_limit === undefined
      ? {}
      : { time_limit: { seconds: Math.round(limits.time_limit) } }),
  });

/** Ends the run of a miner that began then (Unix time in s), and no other. */
export const stopTuning = (
  hass: HomeAssistant,
  device: string,
  keep: "best" | "original",
  started: number,
): Promise<unknown> =>
  callBitaxe(hass, "stop_tuning", {
    device_id: [device],
    keep,
    expected_started: started,
  });

/** When what goes on began (Unix time in s), as its id. */
export const startOf = (miner: TuningMiner | undefined): number | undefined =>
  (miner?.run ?? miner?.soak_test)?.started;

/** Begins to test a profile of a miner for hours of hashing. */
export const startSoakTest = (
  hass: HomeAssistant,
  device: string,
  profile: string,
  hours: number,
): Promise<unknown> =>
  callBitaxe(hass, "start_soak_test", { device_id: [device], profile, hours });

/** Keeps the setting of a miner under a name, if it still is the one that was shown. */
export const saveProfile = (
  hass: HomeAssistant,
  device: string,
  name: string,
  shown: OperatingPoint,
): Promise<unknown> =>
  callBitaxe(hass, "save_profile", {
    device_id: [device],
    name,
    expected_frequency: shown.frequency_mhz,
    expected_core_voltage: shown.core_voltage_mv,
  });
