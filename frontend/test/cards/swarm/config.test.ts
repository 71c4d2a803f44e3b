import { describe, expect, it } from "vitest";

import { DEFAULT_COLUMNS, readConfig } from "../../../src/cards/swarm/config";

function read(config: object = {}): ReturnType<typeof readConfig> {
  return readConfig({
    type: "custom:bitaxe-swarm-card",
    ...config,
  });
}

describe("the configuration", () => {
  it("needs nothing but the type", () => {
    expect(read()).toEqual({
      layout: "full",
      title: undefined,
      miners: undefined,
      columns: DEFAULT_COLUMNS.full,
      sort: { key: "name", direction: "ascending" },
      span: "1h",
      totals: true,
      tools: true,
      groupBy: undefined,
      rowAction: "more-info",
      navigationPath: undefined,
    });
  });

  it("puts what is wrong first in the dense list", () => {
    const { columns, sort } = read({ layout: "lite" });
    expect(sort).toEqual({ key: "state", direction: "ascending" });
    expect(columns).toEqual(["hashrate", "asic_temperature", "efficiency"]);
  });

  it("sorts first by what people look for", () => {
    expect(read({ sort: "hashrate" }).sort.direction).toBe("descending");
    expect(read({ sort: "efficiency" }).sort.direction).toBe("ascending");
    expect(read({ sort: "hashrate", sort_order: "ascending" }).sort.direction).toBe(
      "ascending",
    );
  });

  it("takes empty lists and texts, as the editor leaves them, for none", () => {
    const { columns, miners, title, rowAction } = read({
      columns: [],
      miners: [],
      title: "",
      navigation_path: "",
    });
    expect(columns).toBe(DEFAULT_COLUMNS.full);
    expect(miners).toBeUndefined();
    expect(title).toBeUndefined();
    expect(rowAction).toBe("more-info");
  });

  it("goes to a view if one is named", () => {
    expect(read({ navigation_path: "miner-{device_id}" }).rowAction).toBe("navigate");
  });

  it("shows a column once", () => {
    expect(read({ columns: ["power", "power", "fan"] }).columns).toEqual([
      "power",
      "fan",
    ]);
  });

  it.each([
    [{ layout: "wide" }, /“layout” must be one of full, lite/],
    [{ columns: ["heat"] }, /“columns” must be one of/],
    [{ columns: "power" }, /“columns” must be a list/],
    [{ miners: "abc" }, /“miners” must be a list/],
    [{ sort: "history" }, /“sort” must be one of/],
    [{ sort_order: "up" }, /“sort_order” must be one of/],
    [{ span: "7d" }, /“span” must be one of 1h, 24h/],
    [{ row_action: "explode" }, /“row_action” must be one of/],
  ])("says what is wrong with %o", (config, message) => {
    expect(() => read(config)).toThrow(message);
  });
});
