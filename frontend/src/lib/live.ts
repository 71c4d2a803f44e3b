/** One subscription to live data per page, shared by all cards. */

import type { Connection, HomeAssistant, Unsubscribe } from "./hass";
import type { LiveMessage, Miner, Swarm } from "./model";

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

export type LiveListener = (
  data: LiveData | undefined,
  error: LiveError | undefined,
) => void;

/** s between two pushes at least, while the page can be seen. */
const INTERVAL = 0.5;
/** The same while it cannot. */
const HIDDEN_INTERVAL = 30;
/** ms a page may be hidden before it is sent less. */
const HIDDEN_DELAY = 10_000;
/** ms until a refused subscription is tried again, the first and the longest time. */
const FIRST_RETRY = 2_000;
const LONGEST_RETRY = 60_000;

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
export class LiveStore {
  private readonly connection: Connection;
  private readonly listeners = new Set<LiveListener>();
  private data: LiveData | undefined;
  private error: LiveError | undefined;
  private interval = INTERVAL;
  /** Goes up with each subscription, so that late answers of an older one are known. */
  private generation = 0;
  private end: Unsubscribe | undefined;
  private retry = FIRST_RETRY;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private hiddenTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
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
    this.connection.addEventListener("ready", this.onReady);
    this.connection.addEventListener("disconnected", this.onDisconnected);
    document.addEventListener("visibilitychange", this.onVisibility);
    this.interval = document.visibilityState === "hidden" ? HIDDEN_INTERVAL : INTERVAL;
    void this.open();
  }

  private stop(): void {
    this.connection.removeEventListener("ready", this.onReady);
    this.connection.removeEventListener("disconnected", this.onDisconnected);
    document.removeEventListener("visibilitychange", this.onVisibility);
    clearTimeout(this.hiddenTimer);
    this.close();
    this.data = undefined;
    this.error = undefined;
  }

  private async open(): Promise<void> {
    this.close();
    const generation = ++this.generation;
    try {
      const end = await this.connection.subscribeMessage<LiveMessage>(
        (message) => {
          if (generation === this.generation) {
            this.receive(message);
          }
        },
        { type: "bitaxe/subscribe", interval: this.interval } as { type: string },
        // A failed resubscription would go unnoticed: this store does it itself.
        { resubscribe: false },
      );
      if (generation === this.generation) {
        this.end = end;
        this.retry = FIRST_RETRY;
      } else {
        await end();
      }
    } catch (error) {
      if (generation === this.generation) {
        this.fail(error);
      }
    }
  }

  private close(): void {
    this.generation++;
    clearTimeout(this.retryTimer);
    const end = this.end;
    this.end = undefined;
    // With the connection gone, the subscription is, too.
    end?.().catch(() => undefined);
  }

  private fail(error: unknown): void {
    const { code = "unknown_error", message = String(error) } = (error ??
      {}) as Partial<LiveError>;
    this.error = { code, message };
    this.retryTimer = setTimeout(() => void this.open(), this.retry);
    this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
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

  private readonly onReady = (): void => {
    // The server forgot the subscription with the old connection.
    this.end = undefined;
    this.retry = FIRST_RETRY;
    void this.open();
  };

  private readonly onDisconnected = (): void => {
    this.end = undefined;
    if (this.data !== undefined) {
      this.data = { ...this.data, connected: false };
      this.notify();
    }
  };

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
      if (this.connection.connected) {
        void this.open();
      }
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
