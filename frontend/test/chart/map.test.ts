import { afterEach, describe, expect, it } from "vitest";
import { MapChart, type MapPoint } from "../../src/chart/map";
import { all, settled } from "../cards/dom";

const point = (x: number, y: number): MapPoint => ({
  label: "600/1200",
  description: "",
  x,
  y,
  xError: 0.0001,
  yError: 0.002,
  weight: 48,
  best: false,
  present: false,
  front: false,
  faint: false,
  critical: false,
  id: { frequency_mhz: 600, core_voltage_mv: 1200 },
});

afterEach(() => document.body.replaceChildren());

/** The values at the ticks of a map of points. */
async function ticks(points: MapPoint[]): Promise<number[]> {
  const chart = new MapChart();
  chart.map = {
    points,
    xTitle: "TH/s",
    yTitle: "J/TH",
    tick: (value) => `tick ${value}`,
  };
  document.body.append(chart);
  await settled(chart);
  return all(chart, "text")
    .map((label) => label.textContent ?? "")
    .filter((label) => label.startsWith("tick "))
    .map((label) => Number(label.slice(5)));
}

it.each([
  ["one point", [point(1.224, 18.072)]],
  ["points that are close", [point(1.224, 18.072), point(1.2242, 18.074)]],
])("the axes of %s do not make noise look like news", async (_, points) => {
  const found = await ticks(points);
  const spread = (values: number[]): number =>
    Math.max(...values) - Math.min(...values);
  // Ticks lie within the axes.
  expect(spread(found.filter((value) => value > 10))).toBeGreaterThan(0.5);
  expect(spread(found.filter((value) => value < 10))).toBeGreaterThan(0.03);
});

it("points that differ fill the map", async () => {
  const found = await ticks([point(1, 15), point(2, 25)]);
  expect(Math.max(...found.filter((value) => value > 10))).toBeLessThan(27);
});

describe("the axes leave room for most of the points", () => {
  const usual = Array.from({ length: 8 }, (_, index) => point(1 + index / 20, 15));
  const yTicks = (found: number[]): number[] => found.filter((value) => value > 2);

  it("if one of them is far slower and thirstier", async () => {
    const found = await ticks([...usual, point(0.1, 65)]);
    expect(Math.max(...found)).toBeLessThan(20);
    expect(Math.min(...found)).toBeGreaterThan(0.8);
    document.body.replaceChildren();
    const present = await ticks([...usual, { ...point(0.1, 65), present: true }]);
    expect(Math.max(...present)).toBeGreaterThan(50);
  });

  it("if little is known of one of them", async () => {
    const found = await ticks([...usual, { ...point(1.1, 15), yError: 60 }]);
    expect(Math.max(...found)).toBeLessThan(20);
    expect(Math.min(...yTicks(found))).toBeGreaterThan(10);
  });
});

it("of points that overlap, the best lies above all others", async () => {
  const chart = new MapChart();
  const tried = { ...point(1.043, 15.1), weight: 1 };
  chart.map = {
    points: [point(1.044, 15.2), { ...point(1.0431, 15.2), best: true }, tried],
    xTitle: "TH/s",
    yTitle: "J/TH",
    tick: String,
  };
  document.body.append(chart);
  await settled(chart);
  expect(all(chart, "[data-index]").map((drawn) => drawn.dataset.index)).toEqual([
    "0",
    "2",
    "1",
  ]);
});

it("of points that overlap, the one that is pressed is chosen", async () => {
  const chart = new MapChart();
  // The small one lies on top, and can be pressed beside its rim.
  chart.map = {
    points: [
      { ...point(1, 15), weight: 1000 },
      { ...point(1.001, 15), weight: 1 },
    ],
    xTitle: "",
    yTitle: "",
    tick: String,
  };
  document.body.append(chart);
  await settled(chart);
  for (const index of [0, 1]) {
    const circle = all(chart, `[data-index="${index}"] .reach`)[0];
    const at = (name: string): number => Number(circle?.getAttribute(name));
    all(chart, '[data-index="1"]')[0]?.dispatchEvent(
      new MouseEvent("click", {
        clientX: at("cx"),
        clientY: at("cy"),
        bubbles: true,
      }),
    );
    await settled(chart);
    expect(chart.selected).toBe(index);
  }
});
