import { describe, expect, it } from "vitest";

import { levelOf, stabilityLevel } from "../../src/lib/levels";
import { miner } from "../cards/swarm/miners";

describe("levels", () => {
  it("are those of the integration", () => {
    const judged = miner({ levels: { vr_temperature: "warning", power: "critical" } });
    expect(levelOf(judged, "vr_temperature")).toBe("warning");
    expect(levelOf(judged, "power")).toBe("critical");
  });

  it("take what is unknown for neither good nor bad", () => {
    expect(levelOf(miner({ levels: {} }), "power")).toBeUndefined();
    const older = miner();
    delete older.levels;
    expect(levelOf(older, "power")).toBeUndefined();
  });

  it.each([
    ["excellent", "good"],
    ["stable", "good"],
    ["variable", "warning"],
    ["unstable", "critical"],
    ["unknown", undefined],
    [null, undefined],
  ])("take a hashrate that is %s for %s", (label, level) => {
    expect(stabilityLevel(label)).toBe(level);
  });
});
