/** One subscription to live data per page, shared by all cards. */

import type { Connection, HomeAssistant } from "./hass";
import type { LiveMessage, Miner, Swarm } from "./model";
import { Subscription } from "./subscription";

/** What cards draw. A miner that did not change is the same object as before. */
export interface LiveData {
  /** By device id. */
  readonly miners: Readonly<Record<string, Miner>>;
  readonly swarm: Swarm;
  /** False while the connection to Home Assistant is down: the data is old. */
  readonly connected: boolean;
}

/** Why there is no data. */
export interface LiveError {
  readonly code: string;
  readonly message: string;
}

type LiveListener = (data: LiveData | undefined, error: LiveError | undefined) => void;

/** s between two pushes at least, while the page can be seen. */
const INTERVAL = 0.5;
/** The same while it cannot. */
const HIDDEN_INTERVAL = 30;
/** ms a page may be hidden before it is sent less. */
const HIDDEN_DELAY = 10_000;
/** Applies a message to what is known; nothing is changed in place. */
export function merge(
  data: LiveData | undefined,
  message: LiveMessage,
): LiveData | undefined {
  if (message.type === "full") {
    return { miners: message.miners, swarm: message.swarm, connected: true };
  }
  if (data === undefined) {
    return undefined;
  }
  let miners = data.miners;
  if (message.miners !== undefined) {
    const merged: Record<string, Miner> = { ...miners };
    for (const [id, change] of Object.entries(message.miners)) {
      if (change === null) {
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
        delete merged[id];
      } else {
        merged[id] = { ...merged[id], ...change } as Miner;
      }
    }
    miners = merged;
  }
  const swarm =
    message.swarm === undefined ? data.swarm : { ...data.swarm, ...message.swarm };
  return { miners, swarm, connected: true };
}

/** The live data of one connection to Home Assistant. */
class LiveStore {
  private readonly subscription: Subscription<LiveMessage>;
  private readonly listeners = new Set<LiveListener>();
  private data: LiveData | undefined;
  private error: LiveError | undefined;
  private interval = INTERVAL;
  private hiddenTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection) {
    this.subscription = new Subscription(
      connection,
      () => ({ type: "bitaxe/subscribe", interval: this.interval }),
      {
        onMessage: (message) => this.receive(message),
        onRefused: (error) => this.fail(error),
        onDisconnected: () => this.growOld(),
      },
    );
  }

  /** Calls back now, if anything is known, and with every change until unsubscribed. */
  subscribe(listener: LiveListener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) {
      this.start();
    } else if (this.data !== undefined || this.error !== undefined) {
      listener(this.data, this.error);
    }
    return () => {
      if (this.listeners.delete(listener) && this.listeners.size === 0) {
        this.stop();
      }
    };
  }

  private start(): void {
    document.addEventListener("visibilitychange", this.onVisibility);
    this.interval = document.visibilityState === "hidden" ? HIDDEN_INTERVAL : INTERVAL;
    this.subscription.start();
  }

  private stop(): void {
    document.removeEventListener("visibilitychange", this.onVisibility);
    clearTimeout(this.hiddenTimer);
    this.subscription.stop();
    this.data = undefined;
    this.error = undefined;
  }

  private fail(error: unknown): void {
    const { code = "unknown_error", message = String(error) } = (error ??
      {}) as Partial<LiveError>;
    this.error = { code, message };
    this.notify();
  }

  private receive(message: LiveMessage): void {
    this.data = merge(this.data, message);
    this.error = undefined;
    this.notify();
  }

  private notify(): void {
    for (const listener of [...this.listeners]) {
      listener(this.data, this.error);
    }
  }

  private growOld(): void {
    if (this.data !== undefined) {
      this.data = { ...this.data, connected: false };
      this.notify();
    }
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.hiddenTimer);
    if (document.visibilityState === "hidden") {
      this.hiddenTimer = setTimeout(() => this.choose(HIDDEN_INTERVAL), HIDDEN_DELAY);
    } else {
      this.choose(INTERVAL);
    }
  };

  private choose(interval: number): void {
    if (interval !== this.interval) {
      this.interval = interval;
      this.subscription.renew();
    }
  }
}

const stores = new WeakMap<Connection, LiveStore>();

/** Subscribes to the live data of the page; returns what ends it. */
export function subscribe(hass: HomeAssistant, listener: LiveListener): () => void {
  let store = stores.get(hass.connection);
  if (store === undefined) {
    store = new LiveStore(hass.connection);
    stores.set(hass.connection, store);
  }
  return store.subscribe(listener);
}

/** ms to wait for the first data: a page without them is better than none. */
const PATIENCE = 3_000;

/** The live data once they are there; undefined where none come in time. */
export function firstLive(hass: HomeAssistant): Promise<LiveData | undefined> {
  return new Promise((resolve) => {
    const answer = (live: LiveData | undefined): void => {
      clearTimeout(timer);
      resolve(live);
      // What is known already is reported before there is something to end.
      queueMicrotask(() => unsubscribe());
    };
    const timer = setTimeout(() => answer(undefined), PATIENCE);
    const unsubscribe = subscribe(hass, (live) => {
      if (live !== undefined) answer(live);
    });
  });
}
