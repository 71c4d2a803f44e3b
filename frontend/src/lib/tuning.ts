/** What the tuner of a miner does and found, and what can be asked of it. */

import type { Connection, HomeAssistant, Unsubscribe } from "./hass";
import type {
  TuningMiner,
  TuningRange,
  TuningReport,
  TuningRunning,
  TuningSoakReport,
  TuningSoakTest,
  TuningTrial,
} from "./live-types";

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

/** ms until a refused subscription is tried again, the first and the longest time. */
const FIRST_RETRY = 2_000;
const LONGEST_RETRY = 60_000;

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
  /** Goes up with each subscription, so that late answers of an older one are known. */
  private generation = 0;
  private end: Unsubscribe | undefined;
  private retry = FIRST_RETRY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly connection: Connection;

  constructor(
    hass: HomeAssistant,
    readonly device: string,
    private readonly listener: (data: TuningData | undefined) => void,
  ) {
    this.connection = hass.connection;
  }

  start(): void {
    this.connection.addEventListener("ready", this.onReady);
    this.connection.addEventListener("disconnected", this.onDisconnected);
    void this.open();
  }

  stop(): void {
    this.connection.removeEventListener("ready", this.onReady);
    this.connection.removeEventListener("disconnected", this.onDisconnected);
    this.close();
  }

  private async open(): Promise<void> {
    this.close();
    const generation = ++this.generation;
    const message = { type: "bitaxe/tuning", device_id: [this.device] };
    try {
      const end = await this.connection.subscribeMessage<TuningMessage>(
        (received) => {
          if (generation === this.generation) {
            this.retry = FIRST_RETRY;
            this.data = mergeTuning(this.data, received, this.device);
            this.listener(this.data);
          }
        },
        message,
        // A failed resubscription would go unnoticed.
        { resubscribe: false },
      );
      if (generation === this.generation) {
        this.end = end;
      } else {
        await end();
      }
    } catch {
      if (generation === this.generation) {
        this.timer = setTimeout(() => void this.open(), this.retry);
        this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
      }
    }
  }

  private close(): void {
    this.generation++;
    clearTimeout(this.timer);
    const end = this.end;
    this.end = undefined;
    // With the connection gone, the subscription is, too.
    end?.().catch(() => undefined);
  }

  private readonly onReady = (): void => {
    this.end = undefined;
    this.retry = FIRST_RETRY;
    void this.open();
  };

  private readonly onDisconnected = (): void => {
    this.end = undefined;
  };
}

/** Calls an action whose failure is shown where it was asked for, and only there. */
const call = (
  hass: HomeAssistant,
  action: string,
  data: Record<string, unknown>,
): Promise<unknown> => hass.callService("bitaxe", action, data, undefined, false);

/** Begins a run; limits are named as in the action, `time_limit` is in s. */
export const startTuning = (
  hass: HomeAssistant,
  devices: readonly string[],
  goal: Goal,
  limits: Partial<Record<string, number>>,
): Promise<unknown> =>
  call(hass, "start_tuning", {
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
  call(hass, "stop_tuning", { device_id: [device], keep, expected_started: started });

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
  call(hass, "start_soak_test", { device_id: [device], profile, hours });

/** Keeps the present setting of a miner under a name. */
export const saveProfile = (
  hass: HomeAssistant,
  device: string,
  name: string,
): Promise<unknown> => call(hass, "save_profile", { device_id: [device], name });
