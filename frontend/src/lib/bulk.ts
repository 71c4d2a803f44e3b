/** The same for several miners: what would become of each, and what became of it. */

import type { HomeAssistant } from "./hass";
import { explain } from "./reasons";

export type BulkAction =
  | "restart"
  | "pause"
  | "resume"
  | "apply_profile"
  | "start_maintenance"
  | "end_maintenance";

export interface Order {
  action: BulkAction;
  profile?: string;
  /** How long maintenance lasts, in s. */
  duration?: number;
  /** The changes that were shown; others are not made. */
  expected_changes?: ExpectedChanges;
}

/** What would become, or became, of one miner. */
export interface Outcome {
  device_id: string | null;
  name: string;
  result: "planned" | "done" | "unchanged" | "refused";
  reason: unknown;
  /** Settings by name, with what they are and what they become. */
  changes?: Record<string, [unknown, unknown]>;
  /** Whether a pool gets another password, which is never shown. */
  password?: boolean;
  /** Whether it restarts for the change. */
  restart?: boolean;
  /** Why it is refused, in the user's language. */
  why?: string;
}

/** Changes that were shown, by device. */
type ExpectedChanges = Record<string, NonNullable<Outcome["changes"]>>;

/** What was shown of those miners for which something is planned. */
export function expectedChanges(outcomes: readonly Outcome[]): ExpectedChanges {
  return Object.fromEntries(
    outcomes
      .filter(({ result, device_id: id }) => result === "planned" && id !== null)
      .map(({ device_id: id, changes }) => [id, changes ?? {}]),
  ) as ExpectedChanges;
}

type Event =
  | { type: "begun"; work: string }
  | ({ type: "outcome" } & Outcome)
  | { type: "end"; stopped: boolean };

/** An outcome with its reason in the user's language. */
export async function inWords(hass: HomeAssistant, outcome: Outcome): Promise<Outcome> {
  return outcome.result === "refused"
    ? { ...outcome, why: await explain(hass, outcome.reason) }
    : outcome;
}

const message = (order: Order, deviceIds: readonly string[]) => ({
  type: "bitaxe/bulk_work",
  device_id: deviceIds,
  ...order,
});

/** What would become of each miner; nothing is sent to any of them. */
export async function previewBulk(
  hass: HomeAssistant,
  order: Order,
  deviceIds: readonly string[],
): Promise<Outcome[]> {
  const { miners } = await hass.connection.sendMessagePromise<{ miners: Outcome[] }>({
    ...message(order, deviceIds),
    preview: true,
  } as { type: string });
  return Promise.all(miners.map((outcome) => inWords(hass, outcome)));
}

/** Work that goes on, also when the page is closed. */
export interface Work {
  /** Leaves those alone whose turn has not come. */
  stop: () => Promise<unknown>;
}

/** Begins; calls `onOutcome` with the outcome of each miner, and `onEnd` after the last. */
export async function beginBulk(
  hass: HomeAssistant,
  order: Order,
  deviceIds: readonly string[],
  onOutcome: (outcome: Outcome) => void,
  onEnd: (stopped: boolean) => void,
): Promise<Work> {
  const { connection } = hass;
  let work = "";
  const reported: Promise<void>[] = [];
  const leave = await connection.subscribeMessage<Event>(
    (event) => {
      if (event.type === "begun") work = event.work;
      else if (event.type === "outcome")
        reported.push(inWords(hass, event).then(onOutcome));
      else {
        // After the reasons of those before, which are looked up first.
        void Promise.all(reported).then(() => onEnd(event.stopped));
        void leave();
      }
    },
    message(order, deviceIds),
    // It would begin anew with a new connection.
    { resubscribe: false },
  );
  return {
    stop: () =>
      connection.sendMessagePromise({
        type: "bitaxe/stop_bulk_work",
        work,
      } as { type: string }),
  };
}
