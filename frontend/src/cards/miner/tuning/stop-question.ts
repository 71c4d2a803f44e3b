/** What to go back to when a search is stopped. */

import { html, nothing } from "lit";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import type { OperatingPoint } from "../../../lib/model";
import { isSamePoint, pointName } from "../../../lib/operating-point";

interface StopQuestion {
  /** What the miner ran at before. */
  original: OperatingPoint;
  best: OperatingPoint | null;
  bestKey: "tuning.keep_best" | "tuning.keep_profile";
  /** Nothing can be chosen now. */
  disabled: boolean;
  keep: (what: "best" | "original") => void;
  goOn: () => void;
}

/** Asks what the miner is to run at once a search or soak test is stopped. */
export const renderStopQuestion = (
  hass: HomeAssistant,
  { original, best, bestKey, disabled, keep, goOn }: StopQuestion,
) => {
  return html`<div class="ask" role="group" aria-labelledby="question">
    <span id="question">${localize(hass, "tuning.stop_question")}</span>
    <div class="actions">
      ${
        best === null || isSamePoint(best, original)
          ? nothing
          : html`<button
              class="filled"
              ?disabled=${disabled}
              @click=${() => keep("best")}
            >
              ${localize(hass, bestKey, {
                setting: pointName(hass, best),
              })}
            </button>`
      }
      <button class="tonal" ?disabled=${disabled} @click=${() => keep("original")}>
        ${localize(hass, "tuning.keep_original", {
          setting: pointName(hass, original),
        })}
      </button>
      <button class="text" @click=${goOn}>${localize(hass, "tuning.go_on")}</button>
    </div>
  </div>`;
};
