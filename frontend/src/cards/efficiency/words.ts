/** What the measurements advise, in words. */

import {
  formatEfficiency,
  formatHashrate,
  formatEstimate,
  formatNumber,
  formatPercent,
  formatPower,
  formatTemperature,
  signed,
  withUnit,
} from "../../lib/format";
import type { HomeAssistant } from "../../lib/hass";
import { localize, localizeDynamic, type Key } from "../../lib/i18n";
import type {
  Bottleneck,
  Change,
  Configuration,
  MissingFigure,
  OperatingPoint,
  Recommendation,
} from "../../lib/model";
import { sensorNames } from "../../lib/reasons";
import { pointName } from "../../lib/operating-point";

/** What a change would bring, part by part. */
export function changeWords(hass: HomeAssistant, change: Change): string[] {
  const parts: string[] = [];
  const add = (
    name: "efficiency" | "hashrate" | "power",
    value: number | null,
    unit: string,
    digits: number,
  ): void => {
    // What rounds to nothing brings nothing.
    if (value !== null && Math.abs(value) >= 0.5 / 10 ** digits) {
      const label = localize(hass, `efficiency.advice.${name}`);
      parts.push(
        name === "efficiency"
          ? `${signed(hass, value, digits)}\u00a0${label}`
          : `${signed(hass, value, digits)}\u00a0${unit} ${label}`,
      );
    }
  };
  add("efficiency", change.efficiency_j_th, "", 1);
  add("hashrate", change.hashrate_percent, "%", 1);
  add("power", change.power_w, "W", 1);
  return parts;
}

/** What a change saves or costs in a month; undefined where that is next to nothing. */
export function savingWords(
  hass: HomeAssistant,
  change: Change,
  currency: string,
): string | undefined {
  const kwh = change.energy_kwh_per_month;
  if (kwh === null || Math.abs(kwh) < 0.005) {
    return undefined;
  }
  const energy = withUnit(hass, Math.abs(kwh), "kWh", Math.abs(kwh) < 10 ? 1 : 0);
  const money = change.cost_per_month;
  return money === null
    ? localize(hass, kwh < 0 ? "efficiency.advice.saves" : "efficiency.advice.costs", {
        energy,
      })
    : localize(
        hass,
        kwh < 0 ? "efficiency.advice.saves_money" : "efficiency.advice.costs_money",
        { energy, money: formatEstimate(hass, Math.abs(money), currency) },
      );
}

/** What a verdict means; a change speaks for itself. */
export function verdictWords(hass: HomeAssistant, { verdict }: Recommendation): string {
  return localizeDynamic(hass, `efficiency.advice.${verdict}`, "");
}

/** What stands in the way of a configuration, most urgent first. */
export function bottleneckWords(
  hass: HomeAssistant,
  bottlenecks: readonly Bottleneck[],
): string[] {
  return [...bottlenecks]
    .sort((a, b) => Number(b.critical) - Number(a.critical))
    .map(({ kind, value, limit }) => {
      const write = UNITS[kind] ?? formatPercentFinely;
      const key = `efficiency.bottleneck.${kind}` as Key;
      const text = localize(hass, key, {
        value: write(hass, value),
        limit: write(hass, limit),
      });
      // A newer integration may know of more.
      return text === key ? kind : text;
    });
}

/** Why figures are unknown: a sentence for each reason, with all it is the reason for. */
export function describeLacks(
  hass: HomeAssistant,
  missing: readonly MissingFigure[],
): Promise<string[]> {
  const reasons = new Map<string, string[]>();
  for (const { figure, reason } of missing) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), figure]);
  }
  return Promise.all(
    [...reasons].map(async ([reason, figures]) => {
      const names = (await sensorNames(hass, figures)).join(", ");
      const key = `efficiency.lacks.${reason}` as Key;
      const text = localize(hass, key, { names });
      // A newer integration may know of more.
      return text === key ? names : text;
    }),
  );
}

const formatPercentFinely = (hass: HomeAssistant, value: number | null): string =>
  formatPercent(hass, value, 1);

const UNITS: Record<string, typeof formatPercentFinely> = {
  heat: formatTemperature,
  vr_heat: formatTemperature,
  supply: (hass, value) => withUnit(hass, value, "V", 2),
  power: formatPower,
};

/** A value with its standard error: 15.2 ± 0.1 J/TH. */
export function withError(
  hass: HomeAssistant,
  value: number | null,
  error: number | null,
  unit: string,
  digits: number,
): string {
  const text = formatNumber(hass, value, digits);
  return error === null
    ? withUnit(hass, value, unit, digits)
    : `${text} ± ${withUnit(hass, error, unit, digits)}`;
}

/** The question before a configuration is applied: what it brings, and how sure that is. */
export function applyQuestion(
  hass: HomeAssistant,
  name: string,
  wanted: Configuration,
  present: Configuration | undefined,
  now: OperatingPoint | null,
  change: Change | null,
  currency: string,
): { title: string; text: string } {
  const lines: string[] = [];
  if (now !== null) {
    lines.push(
      localize(hass, "efficiency.apply.from", { setting: pointName(hass, now) }),
    );
  }
  const figure = (
    name: Key,
    write: (hass: HomeAssistant, value: number | null) => string,
    key: keyof Configuration & string,
  ): void => {
    const before = present?.[key] as number | null | undefined;
    const after = write(hass, wanted[key] as number | null);
    const change = before == null ? after : `${write(hass, before)} → ${after}`;
    lines.push(`${localize(hass, name)}: ${change}`);
  };
  figure("miner.reading.hashrate", formatHashrate, "hashrate_ghs");
  figure("miner.reading.efficiency", formatEfficiency, "efficiency_j_th");
  figure("miner.reading.power", formatPower, "power_w");
  figure("miner.reading.asic", formatTemperature, "asic_temperature_c");
  const saving = change && savingWords(hass, change, currency);
  if (saving) {
    lines.push(saving.charAt(0).toLocaleUpperCase() + saving.slice(1) + ".");
  }
  const hours = formatNumber(hass, wanted.hours);
  const behind = present?.hours
    ? localize(hass, "efficiency.apply.behind_both", {
        hours,
        before: formatNumber(hass, present.hours),
      })
    : localize(hass, "efficiency.apply.behind", { hours });
  lines.push(
    "",
    wanted.measured_enough
      ? behind
      : `${behind} ${localize(hass, "efficiency.apply.brief")}`,
  );
  const reasons = bottleneckWords(
    hass,
    wanted.bottlenecks.filter((item) => item.critical),
  );
  if (reasons.length > 0) {
    lines.push(
      localize(hass, "efficiency.apply.critical", { reasons: reasons.join(", ") }),
    );
  }
  return {
    title: localize(hass, "efficiency.apply.title", {
      name,
      setting: pointName(hass, wanted),
    }),
    text: lines.join("\n"),
  };
}
