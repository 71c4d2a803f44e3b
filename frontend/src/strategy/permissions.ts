/** Which miners the user may look at only. */

import type { HomeAssistant } from "../lib/hass";
import { subscribe } from "../lib/live";

/** ms to wait for an answer: a dashboard that offers too much is better than none. */
const PATIENCE = 3_000;

/**
 * Device ids of the miners whose controls would refuse the user. The registry does not
 * say so, live data do; without an answer nobody is taken for somebody who may not.
 */
export function readOnlyMiners(hass: HomeAssistant): Promise<ReadonlySet<string>> {
  if (hass.user?.is_admin !== false) {
    return Promise.resolve(new Set());
  }
  return new Promise((resolve) => {
    const answer = (ids: readonly string[]): void => {
      clearTimeout(timer);
      resolve(new Set(ids));
      // What is known already is reported before there is something to end.
      queueMicrotask(() => unsubscribe());
    };
    const timer = setTimeout(() => answer([]), PATIENCE);
    const unsubscribe = subscribe(hass, (live) =>
      answer(
        Object.entries(live?.miners ?? {})
          .filter(([, miner]) => !miner.can_control)
          .map(([id]) => id),
      ),
    );
  });
}
