/** Asks again for what an element shows, for as long as the element is on a page. */

import type { ReactiveController, ReactiveElement } from "lit";

export class Reload implements ReactiveController {
  private timers: ReturnType<typeof setTimeout>[] = [];
  private begun = false;

  /** `load` asks, and says by `after` when to ask again. */
  constructor(
    private readonly host: ReactiveElement,
    private readonly load: () => unknown,
  ) {
    host.addController(this);
  }

  /** Home Assistant keeps views that are left: much may have happened meanwhile. */
  hostConnected(): void {
    if (this.begun) this.load();
  }

  hostDisconnected(): void {
    this.timers.forEach(clearTimeout);
  }

  /** Asks after so many ms, or several times, instead of when it was due before. */
  after(ms: number | readonly number[], load = this.load): void {
    this.begun = true;
    this.timers.forEach(clearTimeout);
    const times = typeof ms === "number" ? [ms] : ms;
    this.timers = this.host.isConnected
      ? times.map((time) => setTimeout(load, time))
      : [];
  }
}
