/** The advice for one goal. */

import { html, nothing, type TemplateResult } from "lit";
import { formatHashrate, formatNumber } from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize, localizeDynamic } from "../../lib/i18n";
import type { OperatingPoint, Recommendation } from "../../lib/model";
import { isSamePoint, pointName } from "../../lib/operating-point";
import { type Goal, GOALS } from "../../lib/tuning";
import { changeWords, savingWords, verdictWords } from "./words";

const GOAL_ICONS: Record<Goal, string> = {
  efficiency: "mdi:leaf",
  balanced: "mdi:scale-balance",
  hashrate: "mdi:speedometer",
};

interface AdviceContext {
  /** What the miner runs at by now. */
  present: OperatingPoint | null;
  currency: string;
  /** What is wrong with heat, power or hardware at the moment, in words. */
  problems: readonly string[];
  onChoose(point: OperatingPoint): void;
  /** The button that applies a setting, for those who may. */
  button(point: OperatingPoint): unknown;
}

/** Draws what is advised for a goal, or for several that come to the same. */
export function renderAdvice(
  hass: HomeAssistant,
  goals: readonly Goal[],
  recommendation: Recommendation,
  { present, currency, problems, onChoose, button }: AdviceContext,
): TemplateResult {
  const { best, change } = recommendation;
  const settled = isSamePoint(best, present);
  const hotter = problems.length > 0 && !settled && runsHotter(recommendation, present);
  // The integration may know of an alert before the card does.
  const waits = hotter || recommendation.verdict === "wait";
  const verdict = waits ? "wait" : recommendation.verdict;
  const words = hotter
    ? localize(hass, "efficiency.advice.not_now", { problems: problems.join(", ") })
    : verdictWords(hass, recommendation);
  const [goal = "balanced"] = goals;
  return html`
    <section class="goal ${verdict}">
      <div class="goal-name">
        <ha-icon .icon=${GOAL_ICONS[goal]}></ha-icon>
        <h3>
          ${goals.map((name) => localize(hass, `efficiency.goal.${name}`)).join(" · ")}
        </h3>
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
      ${best === null || settled || waits ? nothing : button(best)}
    </section>
  `;
}

/** Goals by what is advised: those that come to the same are one. */
export function mergeGoals(
  recommendations: Readonly<Record<string, Recommendation>>,
): { goals: Goal[]; recommendation: Recommendation }[] {
  const merged: { goals: Goal[]; recommendation: Recommendation }[] = [];
  for (const goal of GOALS) {
    const recommendation = recommendations[goal];
    if (recommendation === undefined) continue;
    const same = merged.find(
      ({ recommendation: other }) =>
        other.verdict === recommendation.verdict &&
        (isSamePoint(other.best, recommendation.best) ||
          (other.best === null && recommendation.best === null)),
    );
    if (same === undefined) merged.push({ goals: [goal], recommendation });
    else same.goals.push(goal);
  }
  return merged;
}

/** Whether a setting makes more heat than the present one; in doubt it does. */
function runsHotter(
  { best, change }: Recommendation,
  present: OperatingPoint | null,
): boolean {
  if (change?.power_w != null) return change.power_w > 0;
  if (best === null) return false;
  return (
    present === null ||
    best.frequency_mhz * best.core_voltage_mv ** 2 >
      present.frequency_mhz * present.core_voltage_mv ** 2
  );
}
