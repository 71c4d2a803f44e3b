/** Notices when another page of Home Assistant is shown. */

import type { ReactiveElement } from "lit";

/** What happens on the window then. */
const EVENTS = ["popstate", "location-changed"];

/** Calls back when the page is left while an element is on it. */
export function onLeaving(element: ReactiveElement, leave: () => void): void {
  element.addController({
    hostConnected() {
      for (const event of EVENTS) window.addEventListener(event, leave);
    },
    hostDisconnected() {
      for (const event of EVENTS) window.removeEventListener(event, leave);
    },
  });
}
