/** Buttons side by side, of which one is chosen; `sharedStyles` say how they look. */

import { html, type TemplateResult } from "lit";

/** Draws a button for each value; `label` says what is chosen. */
export const renderSegments = <T extends string>(
  label: string,
  values: readonly T[],
  chosen: T,
  nameOf: (value: T) => string,
  choose: (value: T) => void,
): TemplateResult =>
  html`<div class="segments" role="group" aria-label=${label}>
    ${values.map(
      (value) =>
        html`<button
          aria-pressed=${value === chosen ? "true" : "false"}
          @click=${() => choose(value)}
        >
          ${nameOf(value)}
        </button>`,
    )}
  </div>`;
