/** A unit behind its value, in smaller text. */

import { html, nothing, type TemplateResult } from "lit";

const SPACE = "\u00a0";

/** Draw a unit with the space before it, which is also read out. */
export function unitOf(unit: string): TemplateResult | typeof nothing {
  return unit === "" ? nothing : html`<span class="unit">${SPACE}${unit}</span>`;
}
