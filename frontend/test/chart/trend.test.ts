import { afterEach, expect, it } from "vitest";
import { TrendChart } from "../../src/chart/trend";
import { one, settled, text } from "../cards/dom";

const DAY = 86_400;

afterEach(() => document.body.replaceChildren());

it("of changes that are close, names the one that is pointed at", async () => {
  const chart = new TrendChart();
  const times = Array.from({ length: 7 * 48 }, (_, index) => (index * DAY) / 48);
  const marks = [100, 101, 102].map((index) => ({
    time: times[index] as number,
    label: `change ${index}`,
  }));
  chart.clock = { language: "en", timeZone: "UTC" };
  chart.trend = {
    start: 0,
    end: 7 * DAY,
    times,
    marks,
    panels: [
      {
        title: "Power",
        lines: [{ label: "", color: "red", values: times.map(() => 1) }],
        write: String,
        tick: String,
      },
    ],
  };
  document.body.append(chart);
  await settled(chart);
  const plot = one(chart, ".plot");
  const press = async (key: string): Promise<void> => {
    plot.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
    await settled(chart);
  };
  await press("Home");
  for (let index = 0; index < 102; index++) await press("ArrowRight");
  expect(text(one(chart, ".note"))).toContain("change 102");
  await press("ArrowLeft");
  expect(text(one(chart, ".note"))).toContain("change 101");
  expect(plot.getAttribute("aria-valuetext")).toContain("change 101");
});
