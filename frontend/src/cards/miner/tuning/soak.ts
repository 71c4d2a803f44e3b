/** What a soak test sees, and what it found. */

import { html } from "lit";
import { formatDuration, formatPower, formatTime, withUnit } from "../../../lib/format";
import type { HomeAssistant } from "../../../lib/hass";
import { localize } from "../../../lib/i18n";
import { pointName } from "../../../lib/operating-point";
import type { TuningSoakReport, TuningSoakTest } from "../../../lib/tuning";
import type { TuningWords } from "./words";

/** What a soak test sees of the miner. */
export const renderSoakFacts = (hass: HomeAssistant, test: TuningSoakTest) => {
  const share = test.hashrate_share_percent;
  return html`<dl>
    <dt>${localize(hass, "tuning.soak_share")}</dt>
    <dd>${share === null ? "–" : withUnit(hass, share, "%", 1)}</dd>
    <dt>${localize(hass, "miner.reading.power")}</dt>
    <dd>${formatPower(hass, test.power_w)}</dd>
    <dt>${localize(hass, "tuning.soak_errors")}</dt>
    <dd>${withUnit(hass, test.error_rate_percent, "%", 1)}</dd>
    <dt>${localize(hass, "tuning.before")}</dt>
    <dd>${pointName(hass, test.original)}</dd>
  </dl>`;
};

/** What the last soak test found. */
export const renderSoakVerdict = (
  hass: HomeAssistant,
  words: TuningWords,
  report: TuningSoakReport,
) => {
  return html`<div class="soak secondary">
    <ha-icon
      class=${report.state}
      icon=${
        report.state === "finished"
          ? "mdi:check-circle-outline"
          : report.state === "failed"
            ? "mdi:alert-outline"
            : "mdi:stop-circle-outline"
      }
    ></ha-icon>
    <span
      >${words.soakTest(report.profile)} ·
      ${[
        words.reason(report.reason),
        formatDuration(hass, report.seconds),
        formatTime(hass, report.ended),
      ]
        .filter(Boolean)
        .join(" · ")}</span
    >
  </div>`;
};
