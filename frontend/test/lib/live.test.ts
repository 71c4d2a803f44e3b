import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeHome } from "../../dev/fake/home";
import { deviceId } from "../../dev/fake/miners";
import { type LiveData, type LiveError, merge, subscribe } from "../../src/lib/live";

const FIRST = deviceId(0);
const SECOND = deviceId(1);

let home: FakeHome;
let seen: [LiveData | undefined, LiveError | undefined][];
const last = (): LiveData => seen.at(-1)?.[0] as LiveData;
const listen = (): (() => void) =>
  subscribe(home.hass, (...update) => {
    seen.push(update);
  });
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function show(visibility: "visible" | "hidden"): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  home = new FakeHome({ miners: 3 });
  seen = [];
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("merging", () => {
  it("leaves the objects of miners alone that did not change", async () => {
    listen();
    await settle();
    const before = last();
    home.change({ [FIRST]: { hashrate_ghs: 1 } });
    const after = last();
    expect(after.miners[FIRST]).toMatchObject({
      hashrate_ghs: 1,
      name: "bitaxe-office",
    });
    expect(after.miners[SECOND]).toBe(before.miners[SECOND]);
    expect(before.miners[FIRST]?.hashrate_ghs).not.toBe(1);
  });

  it("forgets a miner that is gone, and takes one that came", async () => {
    listen();
    await settle();
    home.change({ [FIRST]: null, new: { name: "new" } });
    expect(last().miners[FIRST]).toBeUndefined();
    expect(last().miners.new?.name).toBe("new");
  });

  it("begins anew with a full message", async () => {
    listen();
    await settle();
    home.send({ type: "full", miners: {}, swarm: last().swarm });
    expect(last().miners).toEqual({});
  });

  it("ignores a difference to nothing", () => {
    expect(merge(undefined, { type: "diff", miners: {} })).toBeUndefined();
  });
});

describe("subscribing", () => {
  it("is done once for all cards of a page", async () => {
    listen();
    listen();
    await settle();
    expect(home.commands).toEqual([{ type: "bitaxe/subscribe", interval: 0.5 }]);
    expect(seen).toHaveLength(2);
  });

  it("gives what is known to who comes later", async () => {
    listen();
    await settle();
    seen = [];
    listen();
    expect(seen).toHaveLength(1);
    expect(Object.keys(last().miners)).toHaveLength(3);
  });

  it("ends with the last card", async () => {
    const first = listen();
    const second = listen();
    await settle();
    first();
    expect(home.subscriptions).toBe(1);
    second();
    await settle();
    expect(home.subscriptions).toBe(0);
  });

  it("leaves nothing behind if all cards go before it is answered", async () => {
    listen()();
    await settle();
    expect(home.subscriptions).toBe(0);
    expect(seen).toEqual([]);
  });

  it("is tried again, less and less often, and says why it failed", async () => {
    home.failures["bitaxe/subscribe"] = { code: "unknown_command", message: "Unknown" };
    listen();
    await settle();
    expect(seen.at(-1)).toEqual([
      undefined,
      { code: "unknown_command", message: "Unknown" },
    ]);
    await vi.advanceTimersByTimeAsync(2_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(home.commands).toHaveLength(2);
    delete home.failures["bitaxe/subscribe"];
    await vi.advanceTimersByTimeAsync(2_000);
    expect(seen.at(-1)?.[1]).toBeUndefined();
    expect(Object.keys(last().miners)).toHaveLength(3);
  });
});

describe("a lost connection", () => {
  it("shows: the data is marked as old", async () => {
    listen();
    await settle();
    home.disconnect();
    expect(last().connected).toBe(false);
    expect(Object.keys(last().miners)).toHaveLength(3);
  });

  it("is followed by a new subscription, not by two", async () => {
    listen();
    await settle();
    home.disconnect();
    home.reconnect();
    await settle();
    expect(home.subscriptions).toBe(1);
    expect(last().connected).toBe(true);
    home.change({ [FIRST]: { hashrate_ghs: 2 } });
    expect(last().miners[FIRST]?.hashrate_ghs).toBe(2);
  });

  it("comes back after a restart, however long the integration takes to start", async () => {
    listen();
    await settle();
    home.disconnect();
    home.failures["bitaxe/subscribe"] = { code: "unknown_command", message: "Unknown" };
    home.reconnect();
    await settle();
    // The connection is there before the integration is: what was known stays, as old.
    await vi.advanceTimersByTimeAsync(120_000);
    expect(last().connected).toBe(false);
    expect(Object.keys(last().miners)).toHaveLength(3);
    delete home.failures["bitaxe/subscribe"];
    await vi.advanceTimersByTimeAsync(60_000);
    expect(home.subscriptions).toBe(1);
    expect(seen.at(-1)?.[1]).toBeUndefined();
    expect(last().connected).toBe(true);
  });
});

describe("a page that nobody sees", () => {
  it("asks for less after a while, and for all of it when it is seen again", async () => {
    listen();
    await settle();
    show("hidden");
    await vi.advanceTimersByTimeAsync(9_000);
    expect(home.commands).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(home.commands.at(-1)).toMatchObject({ interval: 30 });
    expect(home.subscriptions).toBe(1);
    show("visible");
    await settle();
    expect(home.commands.at(-1)).toMatchObject({ interval: 0.5 });
    expect(home.subscriptions).toBe(1);
  });

  it("stays as it is if it is hidden for a moment only", async () => {
    listen();
    await settle();
    show("hidden");
    await vi.advanceTimersByTimeAsync(5_000);
    show("visible");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(home.commands).toHaveLength(1);
  });
});
