import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import {
  formatDifficulty,
  formatDuration,
  formatEfficiency,
  formatHashrate,
  formatEstimate,
  formatMoney,
  formatNumber,
  formatPower,
  formatTime,
  localizeCount,
  signed,
} from "../../src/lib/format";
import type { HomeAssistant, Locale } from "../../src/lib/hass";
import { loadLanguage } from "../../src/lib/i18n";

const english = new FakeHome({ miners: 1 }).hass;
const german = new FakeHome({ miners: 1, language: "de" }).hass;
const written = (format: Locale["number_format"]): HomeAssistant => ({
  ...english,
  locale: { ...english.locale, number_format: format },
});
/** Spaces and quotes as they are typed; which ones are used depends on the machine. */
const plain = (text: string): string =>
  text.replace(/[\u00a0\u202f]/g, " ").replace("’", "'");

describe("counts", () => {
  it.each([
    ["en", ["one in 1.0 years", "one in 2 years", "1 trial", "5 trials"]],
    ["de", ["einer in 1,0 Jahren", "einer in 2 Jahren", "1 Versuch", "5 Versuche"]],
    ["fr", ["un en 1,0 an", "un en 2 ans", "1 essai", "5 essais"]],
    ["pl", ["jeden na 1,0 roku", "jeden na 2 lata", "1 próba", "5 prób"]],
    // Without texts of its own, and without plural forms.
    ["ja", ["one in 1.0 years", "one in 2 years", "1 trials", "5 trials"]],
  ])("choose the plural form: %s", async (language, texts) => {
    await loadLanguage(language);
    const { hass } = new FakeHome({ miners: 1, language });
    expect([
      localizeCount(hass, "swarm.total.years", 1, 1),
      localizeCount(hass, "swarm.total.years", 2),
      localizeCount(hass, "tuning.tried", 1),
      localizeCount(hass, "tuning.tried", 5),
    ]).toEqual(texts);
    if (language !== "pl") return;
    const years = [12, 22, 25, 101, 102];
    expect(
      years.map((count) => plain(localizeCount(hass, "swarm.total.years", count))),
    ).toEqual([
      "jeden na 12 lat",
      "jeden na 22 lata",
      "jeden na 25 lat",
      "jeden na 101 lat",
      "jeden na 102 lata",
    ]);
  });
});

describe("numbers", () => {
  it.each([
    ["language", "1,234.5"],
    ["comma_decimal", "1,234.5"],
    ["decimal_comma", "1.234,5"],
    ["space_comma", "1 234,5"],
    ["quote_decimal", "1'234.5"],
    ["none", "1234.5"],
  ] as const)("are written as the profile says: %s", (format, text) => {
    expect(plain(formatNumber(written(format), 1234.5, 1))).toBe(text);
  });

  it("without a format are the same in every language", () => {
    const hass = { ...german, locale: { ...german.locale, number_format: "none" } };
    expect(formatNumber(hass as HomeAssistant, 1234.5, 1)).toBe("1234.5");
    expect(plain(formatMoney(hass as HomeAssistant, 1234.5, "EUR"))).toBe("€1234.50");
  });

  it.each([null, undefined, NaN, Infinity])("are a dash if unknown: %s", (value) => {
    expect(formatNumber(english, value, 1)).toBe("–");
    expect(formatHashrate(english, value)).toBe("–");
    expect(formatDifficulty(english, value)).toBe("–");
  });
});

describe("hashrates", () => {
  it.each([
    [0, "0 GH/s"],
    [499.6, "500 GH/s"],
    [999.4, "999 GH/s"],
    [999.6, "1.00 TH/s"],
    [99_996, "100.0 TH/s"],
    [999_960, "1.00 PH/s"],
    [1230, "1.23 TH/s"],
    [123_456, "123.5 TH/s"],
    [2_500_000, "2.50 PH/s"],
  ])("of %d GH/s have the unit that reads best", (value, text) => {
    expect(plain(formatHashrate(english, value))).toBe(text);
  });
});

describe("differences", () => {
  it.each([
    [1.24, "+1.2"],
    [-1.24, "−1.2"],
    [-0.04, "0.0"],
    [0.04, "0.0"],
    [0.06, "+0.1"],
  ])("of %d have a sign unless they are next to nothing", (value, text) => {
    expect(signed(english, value, 1)).toBe(text);
  });
});

describe("difficulties", () => {
  it.each([
    [0, "0"],
    [512, "512"],
    [999.6, "1.00 k"],
    [4_290_000, "4.29 M"],
    [68_300_000_000, "68.3 G"],
    [999_950_000, "1.00 G"],
    [1.4e14, "140 T"],
  ])("of %d have three digits", (value, text) => {
    expect(plain(formatDifficulty(english, value))).toBe(text);
  });
});

describe("durations", () => {
  it.each([
    [0, "0 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [3_661, "1 h 1 min"],
    [90_000, "1 d 1 h"],
    [86_400 * 12 + 59, "12 d"],
    [-5, "0 s"],
  ])("of %d s have two units at most", (value, text) => {
    expect(plain(formatDuration(english, value))).toBe(text);
  });

  it("have symbols for which there is room in columns, in every language", () => {
    expect(plain(formatDuration(german, 90_000))).toBe("1 d 1 h");
  });
});

describe("units", () => {
  it("stay with their number", () => {
    expect(formatEfficiency(german, 15.64)).toBe("15,6\u00a0J/TH");
    expect(formatPower(english, 18.84)).toBe("18.8\u00a0W");
    expect(formatPower(english, 1234)).toBe("1,234\u00a0W");
  });

  it("of money are those of the currency", () => {
    expect(formatMoney(english, 1.5, "EUR")).toBe("€1.50");
    expect(plain(formatMoney(german, 1.5, "EUR"))).toBe("1,50 €");
    expect(formatMoney(english, 1.5, null)).toBe("–");
    expect(plain(formatMoney(english, 1.5, "no currency"))).toBe("1.50 no currency");
  });

  it("of money that is expected are as many as it means", () => {
    const shown = [0.004, -1.0678, 9.996, 10.4, 402.11, -1234.5, null].map((value) =>
      plain(formatEstimate(english, value, "EUR")),
    );
    expect(shown).toEqual(["€0.00", "-€1.07", "€10", "€10", "€402", "-€1,230", "–"]);
    expect(plain(formatEstimate(german, 402.11, "EUR"))).toBe("402 €");
    expect(plain(formatEstimate(english, 15234, "JPY"))).toBe("¥15,200");
  });
});

describe("times", () => {
  const NOW = "2026-11-24T22:30:00Z";
  const local = (change: Partial<Locale>): HomeAssistant => ({
    ...english,
    locale: { ...english.locale, time_zone: "server", ...change },
    config: { ...english.config, time_zone: "Asia/Tokyo" },
  });
  const written = (time: string, change: Partial<Locale> = {}): string =>
    plain(formatTime(local(change), Date.parse(time) / 1000));

  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(NOW);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("are those of the home, for who chose that", () => {
    expect(written("2026-11-24T22:05:00Z")).toBe("7:05 AM");
    expect(written("2026-11-24T14:05:00Z")).toBe("Nov 24, 11:05 PM");
  });

  it("count hours as the profile says, also at midnight", () => {
    const midnight = "2026-11-24T15:05:00Z";
    expect(written(midnight, { time_format: "24" })).toBe("00:05");
    expect(written(midnight, { time_format: "12" })).toBe("12:05 AM");
  });
});
