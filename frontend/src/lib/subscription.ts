/** Subscriptions to Home Assistant that outlive a lost connection. */

import type { Connection, Unsubscribe } from "./hass";

/** ms until a refused subscription is tried again, the first and the longest time. */
const FIRST_RETRY = 2_000;
const LONGEST_RETRY = 60_000;

interface Listener<Message> {
  onMessage(message: Message): void;
  /** The subscription was refused; it is tried again by itself. */
  onRefused?(error: unknown): void;
  /** The connection is lost; the subscription begins anew with the next one. */
  onDisconnected?(): void;
}

export class Subscription<Message> {
  /** Goes up with each attempt, so that late answers to an older one are known. */
  private generation = 0;
  private end: Unsubscribe | undefined;
  private retry = FIRST_RETRY;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `request` is asked for the message that subscribes, each time anew. */
  constructor(
    private readonly connection: Connection,
    private readonly request: () => { type: string } & Record<string, unknown>,
    private readonly listener: Listener<Message>,
  ) {}

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

  /** Begins anew, as the request has changed. */
  renew(): void {
    if (this.connection.connected) void this.open();
  }

  private async open(): Promise<void> {
    this.close();
    const generation = ++this.generation;
    try {
      const end = await this.connection.subscribeMessage<Message>(
        (message) => {
          if (generation === this.generation) this.listener.onMessage(message);
        },
        this.request(),
        // A failed resubscription would go unnoticed: this does it itself.
        { resubscribe: false },
      );
      if (generation === this.generation) {
        this.end = end;
        this.retry = FIRST_RETRY;
      } else {
        await end();
      }
    } catch (error) {
      if (generation !== this.generation) return;
      this.timer = setTimeout(() => void this.open(), this.retry);
      this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
      this.listener.onRefused?.(error);
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
    // The server forgot the subscription with the old connection.
    this.end = undefined;
    this.retry = FIRST_RETRY;
    void this.open();
  };

  private readonly onDisconnected = (): void => {
    this.end = undefined;
    this.listener.onDisconnected?.();
  };
}
