/** A unit behind its value, in smaller text. */

import { html, nothing, type TemplateResult } from "lit";

const SPACE = "\u00a0";

/** Draws a unit with the space before it, which is also read out. */
export function renderUnit(unit: string): TemplateResult | typeof nothing {
  return unit === "" ? nothing : html`<span class="unit">${SPACE}${unit}</span>`;
}
