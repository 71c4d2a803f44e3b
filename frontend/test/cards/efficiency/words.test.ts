import { describe, expect, it } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import {
  applyQuestion,
  bottleneckWords,
  changeWords,
  savingWords,
  verdictWords,
  withError,
} from "../../../src/cards/efficiency/words";
import { GOALS } from "../../../src/lib/tuning";
import { fetchConfigurations } from "../../../src/lib/history";
import { flatten } from "../../../src/lib/i18n";
import type { Change } from "../../../src/lib/model";
import de from "../../../src/translations/de/efficiency.json";
import en from "../../../src/translations/en/efficiency.json";

const { hass } = new FakeHome({ miners: 1 });
const german = new FakeHome({ miners: 1, language: "de" }).hass;
const CHANGE: Change = {
  hashrate_ghs: -120,
  hashrate_percent: -9.8,
  power_w: -4.04,
  efficiency_j_th: -1.62,
  efficiency_percent: -10,
  energy_kwh_per_month: -2.95,
  cost_per_month: -0.885,
};

describe("what a change would bring", () => {
  it("is shown with signs and units", () => {
    expect(changeWords(hass, CHANGE)).toEqual([
      "−1.6\u00a0J/TH",
      "−9.8\u00a0% hashrate",
      "−4.0\u00a0W power",
    ]);
  });

  it("leaves out what comes to nothing", () => {
    expect(
      changeWords(hass, { ...CHANGE, efficiency_j_th: 0.04, power_w: null }),
    ).toEqual(["−9.8\u00a0% hashrate"]);
  });

  it("counts money where there is a price, in the user's language", () => {
    expect(savingWords(hass, CHANGE, "EUR")).toMatch(
      /^saves €0\.8[89] a month \(3\.0\skWh\)$/,
    );
    expect(savingWords(german, CHANGE, "EUR")).toMatch(
      /^spart 0,8[89]\s€ im Monat \(3,0\skWh\)$/,
    );
    expect(savingWords(hass, { ...CHANGE, cost_per_month: null }, "EUR")).toBe(
      "saves 3.0\u00a0kWh a month",
    );
    expect(
      savingWords(
        hass,
        { ...CHANGE, energy_kwh_per_month: 15, cost_per_month: 4.5 },
        "EUR",
      ),
    ).toBe("costs €4.50 more a month (15\u00a0kWh)");
    expect(
      savingWords(hass, { ...CHANGE, energy_kwh_per_month: 0 }, "EUR"),
    ).toBeUndefined();
  });
});

/** Those of `analysis/advice.py`. */
const VERDICTS = [
  "change",
  "keep",
  "uncertain",
  "present_unknown",
  "nothing_measured",
  "wait",
];

describe("verdicts", () => {
  it.each([en, de])("have a name and a meaning in every language", (language) => {
    const texts = flatten({ efficiency: language });
    for (const verdict of VERDICTS) {
      expect(texts.has(`efficiency.verdict.${verdict}`)).toBe(true);
      expect(texts.has(`efficiency.advice.${verdict}`)).toBe(verdict !== "change");
    }
    for (const goal of GOALS) {
      expect(texts.has(`efficiency.goal.${goal}`)).toBe(true);
    }
  });

  it("say nothing of one that is not known", () => {
    expect(verdictWords(hass, { verdict: "later", best: null, change: null })).toBe("");
  });
});

describe("bottlenecks", () => {
  it("are described with figures, the critical first", () => {
    expect(
      bottleneckWords(hass, [
        { kind: "errors", critical: false, value: 1.44, limit: 1 },
        { kind: "supply", critical: true, value: 4.71, limit: 4.8 },
        { kind: "gravity", critical: false, value: 1, limit: 2 },
      ]),
    ).toEqual([
      "weak supply 4.71\u00a0V (limit 4.80\u00a0V)",
      "hardware errors 1.4\u00a0% (limit 1.0\u00a0%)",
      "gravity",
    ]);
  });
});

describe("the question before a setting is applied", async () => {
  const result = (await fetchConfigurations(hass)).miners[0];
  const [wanted, present] = result?.configurations ?? [];
  if (wanted === undefined || present === undefined)
    throw new Error("no configuration");
  const ask = (changes: object, now = [present]) =>
    applyQuestion(
      hass,
      "office",
      { ...wanted, ...changes },
      now[0],
      now[0] ?? null,
      CHANGE,
      "EUR",
    );

  it("names the setting, what it brings, and the hours behind that", () => {
    const { title, text } = ask({ hours: 44.2, measured_enough: true });
    expect(title).toContain("office");
    expect(title).toContain("MHz");
    expect(text).toContain("Hashrate: ");
    expect(text).toMatch(/Efficiency: .*\sJ\/TH → .*\sJ\/TH/);
    expect(text).toContain("Saves €0.");
    expect(text).toContain("Measured for 44\u00a0h at that setting, and");
    expect(text).not.toContain("too short");
  });

  it("warns of what is measured too briefly or not advisable", () => {
    const { text } = ask({
      measured_enough: false,
      bottlenecks: [{ kind: "heat", critical: true, value: 72, limit: 70 }],
    });
    expect(text).toContain("too short to rely on");
    expect(text).toContain("Not advisable: ASIC heat 72\u00a0°C (limit 70\u00a0°C).");
  });

  it("knows when nothing is known of the present setting", () => {
    const { text } = ask({}, []);
    expect(text).not.toContain("→");
    expect(text).toContain("Hashrate: 1.01");
    expect(text).not.toContain("Now:");
  });
});

it("a value has its error beside it", () => {
  expect(withError(hass, 15.24, 0.12, "J/TH", 1)).toBe("15.2 ± 0.1\u00a0J/TH");
  expect(withError(hass, 15.24, null, "J/TH", 1)).toBe("15.2\u00a0J/TH");
});
