/** How a search or a soak test goes. */

import { html, nothing } from "lit";
import { formatDuration, join, percent } from "../../../lib/format";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import { pointName } from "../../../lib/operating-point";
import type { TuningMiner, TuningRunning, TuningSoakTest } from "../../../lib/tuning";
import {
  circumstances,
  gainWords,
  limitWords,
  renderWalls,
  trialFigures,
} from "./result";
import type { TuningWords } from "./words";

/** How far it is, what is done now, and for how long it goes on. */
export const renderBar = (
  hass: HomeAssistant,
  words: TuningWords,
  miner: TuningMiner,
  { progress_percent, seconds_left }: TuningRunning | TuningSoakTest,
) => {
  const progress = join(percent(hass, progress_percent));
  const status = [words.state(miner.state), words.reason(miner.reason)].filter(Boolean);
  return html`<div>
    <div
      class="bar"
      role="progressbar"
      aria-label=${localize(hass, "tuning.progress")}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${progress_percent}
    >
      <i style="width:${progress_percent}%"></i>
    </div>
    <div class="status secondary">
      <span>${status.join(": ")}</span>
      <span
        >${progress} ·
        ${localize(hass, "tuning.left", {
          duration: formatDuration(hass, Math.max(60, seconds_left)),
        })}</span
      >
    </div>
  </div>`;
};

/** What a search has found so far. */
export const renderFacts = (hass: HomeAssistant, run: TuningRunning) => {
  const { best, now } = run;
  const limits = limitWords(hass, run.limits);
  return html`<div class="facts">
    <dl>
      <dt>${localize(hass, "tuning.now")}</dt>
      <dd>
        ${
          now === null
            ? "–"
            : html`<b>${pointName(hass, now)}</b>${
                  now.passing
                    ? html` <span class="secondary"
                        >${localize(hass, "tuning.passing")}</span
                      >`
                    : nothing
                }`
        }
      </dd>
      <dt>${localize(hass, "tuning.best_so_far")}</dt>
      <dd>
        ${
          best === null
            ? localize(hass, "tuning.no_best")
            : html`<b>${pointName(hass, best)}</b>
                <div>${trialFigures(hass, best)}</div>
                <div class="secondary">${gainWords(hass, run)}</div>`
        }
      </dd>
      <dt>${localize(hass, "tuning.before")}</dt>
      <dd>${pointName(hass, run.original)}</dd>
      <dt>${localize(hass, "tuning.limits_short")}</dt>
      <dd>${limits.join(" · ") || "–"}</dd>
      ${renderWalls(hass, run.trials)}
    </dl>
    <div class="secondary">${circumstances(hass, run).join(" · ")}</div>
  </div>`;
};
