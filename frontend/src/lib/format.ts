/** Figures as people read them, by the number format of the user's profile. */

import { clockOf, timeFormat } from "./clock";
import type { HomeAssistant, Locale } from "./hass";
import { type Key, localize } from "./i18n";

/** Stands for whatever is unknown. */
export const UNKNOWN = "–";

type Value = number | null | undefined;

/** By the digits or the currency they write; making one takes longer than using it. */
const formats = new WeakMap<Locale, Map<number | string, Intl.NumberFormat>>();

function formatOf(
  locale: Locale,
  key: number | string,
  options: () => Intl.NumberFormatOptions,
): Intl.NumberFormat {
  let known = formats.get(locale);
  if (known === undefined) {
    known = new Map();
    formats.set(locale, known);
  }
  let format = known.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(numberLocale(locale), {
      useGrouping: locale.number_format !== "none",
      ...options(),
    });
    known.set(key, format);
  }
  return format;
}

function numberLocale(locale: Locale): string | undefined {
  switch (locale.number_format) {
    case "comma_decimal":
      return "en-US";
    case "decimal_comma":
      return "de";
    case "space_comma":
      return "fr";
    case "quote_decimal":
      return "de-CH";
    case "none":
      // As on Home Assistant's own pages: 1234.5, whatever the language.
      return "en-US";
    case "system":
      return undefined;
    default:
      return locale.language;
  }
}

/** A number with exactly so many digits after the decimal separator. */
export function formatNumber(hass: HomeAssistant, value: Value, digits = 0): string {
  if (!isKnown(value)) {
    return UNKNOWN;
  }
  return formatOf(hass.locale, digits, () => ({
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })).format(value);
}

const PLURALS = ["one", "few", "many"];

/**
 * The text of a key in the plural form of its `{count}`. Forms stand between `|`, in the
 * order of `PLURALS`; the last is for all other counts.
 */
export function localizeCount(
  hass: HomeAssistant,
  key: Key,
  count: number,
  digits = 0,
): string {
  const forms = localize(hass, key, {
    count: formatNumber(hass, count, digits),
  }).split("|");
  const rules = new Intl.PluralRules(hass.locale.language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const form = forms[PLURALS.indexOf(rules.select(count))];
  return form ?? forms[forms.length - 1] ?? "";
}

/** A number and its unit, which no line break parts. */
export function withUnit(
  hass: HomeAssistant,
  value: Value,
  unit: string,
  digits = 0,
): string {
  const text = formatNumber(hass, value, digits);
  return text === UNKNOWN ? text : `${text}\u00a0${unit}`;
}

/** A difference, with its sign. */
export function signed(hass: HomeAssistant, value: number, digits: number): string {
  const text = formatNumber(hass, Math.abs(value), digits);
  // What is next to nothing has none.
  if (Math.abs(value) < 0.5 / 10 ** digits) return text;
  return (value < 0 ? "−" : "+") + text;
}

/** Number and unit apart, for those who set them in different sizes. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

const NOTHING: Quantity = { value: UNKNOWN, unit: "" };

const isKnown = (value: Value): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);

/** Number and unit as one text. */
export const join = ({ value, unit }: Quantity): string =>
  unit === "" ? value : `${value}\u00a0${unit}`;

/** A hashrate of so many GH/s, in the unit that reads best. */
export function hashrate(hass: HomeAssistant, ghs: Value): Quantity {
  if (!isKnown(ghs)) {
    return NOTHING;
  }
  // What would read as 1000 of one unit is 1.00 of the next.
  if (ghs >= 999_950) {
    return { value: formatNumber(hass, ghs / 1_000_000, 2), unit: "PH/s" };
  }
  if (ghs >= 999.5) {
    const digits = ghs >= 99_995 ? 1 : 2;
    return { value: formatNumber(hass, ghs / 1000, digits), unit: "TH/s" };
  }
  return { value: formatNumber(hass, ghs), unit: "GH/s" };
}

const SUFFIXES = ["", "k", "M", "G", "T", "P", "E"];

/** A difficulty in three digits; its unit is k, M, G, T, P or E. */
export function difficulty(hass: HomeAssistant, value: Value): Quantity {
  if (!isKnown(value)) {
    return NOTHING;
  }
  let power = 0;
  while (Math.abs(value) >= 999.5 && power < SUFFIXES.length - 1) {
    value /= 1000;
    power++;
  }
  const size = Math.abs(value);
  const digits = power === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return { value: formatNumber(hass, value, digits), unit: SUFFIXES[power] ?? "" };
}

/** A number with so many digits, and its unit apart. */
export function quantity(
  hass: HomeAssistant,
  value: Value,
  unit: string,
  digits = 0,
): Quantity {
  return isKnown(value) ? { value: formatNumber(hass, value, digits), unit } : NOTHING;
}

export const power = (hass: HomeAssistant, watts: Value): Quantity =>
  quantity(hass, watts, "W", isKnown(watts) && watts < 100 ? 1 : 0);

export const efficiency = (hass: HomeAssistant, joulesPerTerahash: Value): Quantity =>
  quantity(hass, joulesPerTerahash, "J/TH", 1);

export const temperature = (hass: HomeAssistant, celsius: Value): Quantity =>
  quantity(hass, celsius, "°C");

export const percent = (hass: HomeAssistant, value: Value, digits = 0): Quantity =>
  quantity(hass, value, "%", digits);

export const formatHashrate = (hass: HomeAssistant, ghs: Value): string =>
  join(hashrate(hass, ghs));

export const formatDifficulty = (hass: HomeAssistant, value: Value): string =>
  join(difficulty(hass, value));

export const formatPower = (hass: HomeAssistant, watts: Value): string =>
  join(power(hass, watts));

export const formatEfficiency = (hass: HomeAssistant, value: Value): string =>
  join(efficiency(hass, value));

export const formatTemperature = (hass: HomeAssistant, celsius: Value): string =>
  join(temperature(hass, celsius));

export const formatPercent = (hass: HomeAssistant, value: Value, digits = 0): string =>
  join(percent(hass, value, digits));

const DAY = 86_400;

/** A duration in s in its two largest units, such as `3 d 4 h`. */
export function formatDuration(hass: HomeAssistant, seconds: Value): string {
  if (!isKnown(seconds)) {
    return UNKNOWN;
  }
  const all = Math.max(0, Math.floor(seconds));
  const parts: [number, "day" | "hour" | "minute" | "second"][] = [
    [Math.floor(all / DAY), "day"],
    [Math.floor((all % DAY) / 3600), "hour"],
    [Math.floor((all % 3600) / 60), "minute"],
    [all % 60, "second"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown
    .filter(([count], index) => index === 0 || count > 0)
    .map(([count, unit]) => `${count}\u00a0${localize(hass, `common.unit.${unit}`)}`)
    .join(" ");
}

/** A span such as `24h`, `7d` or `all`: 24 h. */
export function formatSpan(hass: HomeAssistant, span: string): string {
  if (span === "all") return localize(hass, "miner.trend.all");
  const unit = localize(hass, `common.unit.${span.endsWith("d") ? "day" : "hour"}`);
  return `${span.slice(0, -1)} ${unit}`;
}

/** How long ago something is: of what is minutes ago, nobody counts the seconds. */
export function formatAge(hass: HomeAssistant, seconds: Value): string {
  return formatDuration(
    hass,
    isKnown(seconds) && seconds >= 60 ? Math.floor(seconds / 60) * 60 : seconds,
  );
}

/** An amount of money in a currency such as `EUR`, without decimals if it is `whole`. */
export function formatMoney(
  hass: HomeAssistant,
  value: Value,
  currency: string | null,
  whole = false,
): string {
  if (!isKnown(value) || !currency) {
    return UNKNOWN;
  }
  try {
    return formatOf(hass.locale, `${currency}${whole}`, () => ({
      style: "currency",
      currency,
      ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}),
    })).format(value);
  } catch {
    return `${formatNumber(hass, value, whole ? 0 : 2)}\u00a0${currency}`;
  }
}

/** A figure that is an estimate, with as many digits as it means: three. */
export const threeDigits = (value: number): number => Number(value.toPrecision(3));

/** Money that is expected, not counted: in three digits, from ten on without decimals. */
export function formatEstimate(
  hass: HomeAssistant,
  value: Value,
  currency: string | null,
): string {
  const rounded = isKnown(value) ? threeDigits(value) : null;
  return formatMoney(hass, rounded, currency, Math.abs(rounded ?? 0) >= 10);
}

/** Time of day, or date and time if it is another day, by the clock of the profile. */
export function formatTime(hass: HomeAssistant, unixSeconds: Value): string {
  if (!isKnown(unixSeconds)) {
    return UNKNOWN;
  }
  const { day, time, moment } = timeFormat(clockOf(hass));
  const isToday = day(unixSeconds) === day(Date.now() / 1000);
  return isToday ? time(unixSeconds) : moment(unixSeconds);
}
