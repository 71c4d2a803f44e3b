import { describe, expect, it } from "vitest";

import {
  asicLevel,
  hashrateLevel,
  heatLevel,
  powerLevel,
  regulatorLevel,
  rejectLevel,
  stabilityLevel,
  supplyLevel,
  wifiLevel,
} from "../../src/lib/levels";
import type { AlertKind, Miner } from "../../src/lib/model";
import { miner } from "../cards/swarm/miners";

describe("levels", () => {
  it.each([
    [64.9, "good"],
    [65, "warning"],
    [69.9, "warning"],
    [70, "critical"],
  ])("take heat of %f °C of 70 °C for %s", (value, level) => {
    expect(heatLevel(value, 70)).toBe(level);
  });

  it("do not call well what there is an alert of", () => {
    const warned = (kind: AlertKind): Miner =>
      miner({ warnings: [{ kind, value: 66, limit: 62, since: 0 }] });
    expect([asicLevel(miner()), regulatorLevel(miner())]).toEqual(["good", "good"]);
    expect(asicLevel(warned("overheating"))).toBe("warning");
    expect(regulatorLevel(warned("overheating"))).toBe("good");
    expect(regulatorLevel(warned("vr_heat"))).toBe("warning");
    expect(regulatorLevel({ ...warned("vr_heat"), vr_temperature_c: 81 })).toBe(
      "critical",
    );
  });

  it("take what is unknown for neither good nor bad", () => {
    expect(heatLevel(null, 70)).toBeUndefined();
    expect(heatLevel(60, null)).toBeUndefined();
    expect(hashrateLevel(null, 1000)).toBeUndefined();
    expect(hashrateLevel(1000, 0)).toBeUndefined();
    expect(rejectLevel(null)).toBeUndefined();
    expect(stabilityLevel(null)).toBeUndefined();
  });

  it("take a low hashrate for bad", () => {
    expect(hashrateLevel(1100, 1000)).toBe("good");
    expect(hashrateLevel(899, 1000)).toBe("warning");
    expect(hashrateLevel(749, 1000)).toBe("critical");
    expect(hashrateLevel(0, 1000)).toBe("critical");
  });

  it("take a sagging supply for bad on boards of any voltage", () => {
    expect(supplyLevel(4.85, 5)).toBe("warning");
    expect(supplyLevel(12.1, 12)).toBe("good");
    expect(supplyLevel(11.4, 12)).toBe("critical");
  });

  it("know more than the limit of power, rejects and signal", () => {
    expect(powerLevel(36, 40)).toBe("warning");
    expect(powerLevel(40, 40)).toBe("critical");
    expect(rejectLevel(0.99)).toBe("good");
    expect(rejectLevel(3)).toBe("critical");
    expect(wifiLevel(-75)).toBe("warning");
    expect(stabilityLevel("acceptable")).toBeUndefined();
    expect(stabilityLevel("unstable")).toBe("critical");
  });
});
