import { describe, expect, it } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import {
  FIRST_SORT,
  makePoints,
  shortened,
  sorted,
  sortedBy,
} from "../../../src/cards/efficiency/points";
import { fetchConfigurations } from "../../../src/lib/history";

const { hass } = new FakeHome({ miners: 1 });
const result = (await fetchConfigurations(hass)).miners[0];
if (result === undefined) throw new Error("no miner");

describe("operating points", () => {
  it("mark the best, the front and what the miner runs at by now", () => {
    const now = result.configurations[3] ?? null;
    const points = makePoints(result, now);
    expect(points.filter(({ present }) => present).map((p) => p.configuration)).toEqual(
      [now],
    );
    expect(points.filter(({ best }) => best)).toHaveLength(1);
    expect(points.filter(({ front }) => front)).toHaveLength(
      result.pareto_front.length,
    );
  });
});

describe("the table", () => {
  const points = makePoints(result, result.present);

  it("puts the thriftiest first, and the slowest last", () => {
    const values = sorted(points, FIRST_SORT).map(
      (p) => p.configuration.efficiency_j_th ?? 0,
    );
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });

  it("turns round with a second click, and begins with the greatest where that counts", () => {
    expect(sortedBy(FIRST_SORT, "efficiency_j_th").descending).toBe(true);
    expect(sortedBy(FIRST_SORT, "hashrate_ghs")).toEqual({
      column: "hashrate_ghs",
      descending: true,
    });
    expect(sortedBy(FIRST_SORT, "asic_temperature_c").descending).toBe(false);
  });

  it.each([true, false])("puts the unknown last (descending: %s)", (descending) => {
    const [first, ...rest] = points;
    if (first === undefined) throw new Error("no point");
    const unknown = {
      ...first,
      configuration: { ...first.configuration, efficiency_j_th: null },
    };
    const all = sorted([unknown, ...rest], { column: "efficiency_j_th", descending });
    expect(all.at(-1)).toBe(unknown);
  });

  it("never hides the best and the present setting", () => {
    const all = sorted(points, { column: "efficiency_j_th", descending: true });
    const shown = shortened(all, 5);
    expect(shown.length).toBeLessThan(8);
    expect(shown.some(({ best }) => best)).toBe(true);
    expect(shown.some(({ present }) => present)).toBe(true);
    expect(shortened(all.slice(0, 6), 5)).toHaveLength(6);
  });
});
