/** The advice for one goal. */

import { html, nothing, type TemplateResult } from "lit";
import { formatHashrate, formatNumber } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize, localizeDynamic } from "../../lib/i18n";
import type { OperatingPoint, Recommendation } from "../../lib/model";
import { pointName } from "../miner/readings";
import { isSame } from "./points";
import { changeWords, savingWords, verdictWords, type Goal } from "./words";

const GOAL_ICONS: Record<Goal, string> = {
  efficiency: "mdi:leaf",
  balanced: "mdi:scale-balance",
  hashrate: "mdi:speedometer",
};

export interface AdviceContext {
  /** What the miner runs at by now. */
  present: OperatingPoint | null;
  currency: string;
  onChoose(point: OperatingPoint): void;
  /** The button that applies a setting, for those who may. */
  button(point: OperatingPoint): unknown;
}

export function renderAdvice(
  hass: HomeAssistant,
  goal: Goal,
  recommendation: Recommendation,
  { present, currency, onChoose, button }: AdviceContext,
): TemplateResult {
  const { verdict, best, change } = recommendation;
  const words = verdictWords(hass, recommendation);
  const settled = isSame(best, present);
  return html`
    <section class="goal ${verdict}">
      <div class="goal-name">
        <ha-icon .icon=${GOAL_ICONS[goal]}></ha-icon>
        <h3>${localize(hass, `efficiency.goal.${goal}`)}</h3>
        <span class="verdict"
          >${localizeDynamic(hass, `efficiency.verdict.${verdict}`, verdict)}</span
        >
      </div>
      ${
        best === null
          ? nothing
          : html`<button class="setting" @click=${() => onChoose(best)}>
                ${pointName(hass, best)}
              </button>
              <div class="secondary">
                ${formatHashrate(hass, best.hashrate_ghs)} ·
                ${formatNumber(hass, best.efficiency_j_th, 1)} J/TH ·
                ${localize(hass, "efficiency.advice.behind", {
                  hours: formatNumber(hass, best.hours),
                })}
              </div>`
      }
      ${
        change === null || settled
          ? nothing
          : html`<div class="change-words">
                ${changeWords(hass, change).join(" · ")}
              </div>
              <div>${savingWords(hass, change, currency)}</div>`
      }
      ${words ? html`<p>${words}</p>` : nothing}
      ${best === null || settled ? nothing : button(best)}
    </section>
  `;
}
