import { beforeEach, describe, expect, it, vi } from "vitest";

const load = () => import("../../src/lib/unmeasured");

describe("miners without a history to compare", () => {
  beforeEach(() => {
    localStorage.clear();
    vi.resetModules();
  });

  it("are known once a card has said so", async () => {
    const { follow, isUnmeasured, report, wasUnmeasured } = await load();
    const listener = vi.fn();
    const leave = follow(listener);
    report("one", false);
    report("one", false);
    report("two", true);
    expect([isUnmeasured("one"), isUnmeasured("two")]).toEqual([true, false]);
    expect(wasUnmeasured("one")).toBe(true);
    expect(listener).toHaveBeenCalledTimes(2);
    leave();
    report("one", true);
    expect(isUnmeasured("one")).toBe(false);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it("have their room on the next page before a card has said anything", async () => {
    (await load()).report("one", false);
    vi.resetModules();
    const { isUnmeasured, report, wasUnmeasured } = await load();
    expect(wasUnmeasured("one")).toBe(true);
    // A card that hid itself for it would not be there to say that this has changed.
    expect(isUnmeasured("one")).toBe(false);
    report("two", true);
    expect(wasUnmeasured("one")).toBe(true);
    report("one", true);
    expect(wasUnmeasured("one")).toBe(false);
    vi.resetModules();
    expect((await load()).wasUnmeasured("one")).toBe(false);
  });

  it("are found without a storage, too", async () => {
    localStorage.setItem("bitaxe-unmeasured", "{");
    const { report, wasUnmeasured } = await load();
    expect(wasUnmeasured("one")).toBe(false);
    report("one", false);
    expect(wasUnmeasured("one")).toBe(true);
  });
});
