import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { makeWarning } from "../../../dev/fake/alerts";
import { FakeHome } from "../../../dev/fake/home";
import { deviceId } from "../../../dev/fake/miners";
import "../../../src/cards/swarm";
import type { SwarmCardConfig } from "../../../src/cards/swarm/config";
import { SwarmRow } from "../../../src/cards/swarm/row";
import type { SwarmCard } from "../../../src/cards/swarm/card";

let width: number;
let card: SwarmCard;

beforeEach(() => {
  width = 1600;
  // Nothing has a size here.
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockImplementation(() => width);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(private callback: () => void) {}
      observe(): void {
        this.callback();
      }
      disconnect(): void {
        this.callback = () => undefined;
      }
    },
  );
});

afterEach(() => {
  card.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function show(
  home: FakeHome,
  config: Partial<SwarmCardConfig> = {},
): Promise<ShadowRoot> {
  card = document.createElement("bitaxe-swarm-card") as SwarmCard;
  card.setConfig({ type: "custom:bitaxe-swarm-card", ...config });
  card.hass = home.hass;
  document.body.append(card);
  await settle();
  return card.shadowRoot as ShadowRoot;
}

async function settle(): Promise<void> {
  await vi.waitFor(() => {
    if (!card.shadowRoot?.querySelector("ha-card")) throw new Error("not drawn");
  });
  await card.updateComplete;
  await Promise.all(rows().map((row) => row.updateComplete));
}

const rows = (): SwarmRow[] => [
  ...(card.shadowRoot?.querySelectorAll<SwarmRow>("bitaxe-swarm-row") ?? []),
];
const names = (): string[] => rows().map((row) => row.miner.name);
const text = (node: Element | null | undefined): string =>
  (node?.textContent ?? "").replace(/\s+/g, " ").trim();

describe("the swarm card", () => {
  it("has a row per miner, in the order of their names", async () => {
    const home = new FakeHome({ miners: 6 });
    await show(home);
    expect(names()).toEqual(
      Object.values(home.miners)
        .map(({ name }) => name)
        .sort(),
    );
    expect(rows()[0]?.getAttribute("role")).toBe("row");
  });

  it.each([
    ["bitaxe-guest-room", ["bitaxe-guest-", "room"]],
    // Not through the middle of a character.
    ["cellar 👩‍🚀bc", ["cellar", " 👩‍🚀bc"]],
    ["cellar 🔥abcd", ["cellar 🔥", "abcd"]],
    ["cellar 🔥abc", ["cellar ", "🔥abc"]],
    ["rig", ["", "rig"]],
    // In two parts, the end would be read first.
    ["מכרה במשרד", ["מכרה במשרד", ""]],
    ["منجم المكتب", ["منجم المكتب", ""]],
  ])("cuts no name where it cannot be cut: %s", async (name, parts) => {
    const home = new FakeHome({ miners: 1 });
    home.change({ [deviceId(0)]: { name } });
    await show(home);
    const spans = [...(rows()[0]?.querySelectorAll(".open span") ?? [])];
    expect(spans.map((span) => span.textContent)).toEqual(parts);
  });

  it("draws nothing but the miner that changed", async () => {
    const home = new FakeHome({ miners: 40 });
    await show(home);
    const drawn = vi.spyOn(
      SwarmRow.prototype as unknown as { render(): unknown },
      "render",
    );
    home.change({ [deviceId(7)]: { power_w: 99 } });
    await settle();
    expect(drawn.mock.contexts.map((row) => (row as SwarmRow).deviceId)).toEqual([
      deviceId(7),
    ]);
  });

  it("is sorted by a click on a head, and says so", async () => {
    const home = new FakeHome({ miners: 6 });
    const root = await show(home);
    const head = (): HTMLElement =>
      root.querySelectorAll<HTMLElement>("[role=columnheader]")[1] as HTMLElement;
    const figures = (): number[] =>
      rows()
        .map((row) => row.miner.hashrate_ghs)
        .filter((value): value is number => value !== null);
    head().querySelector("button")?.click();
    await settle();
    expect(head().getAttribute("aria-sort")).toBe("descending");
    expect(figures()).toEqual([...figures()].sort((a, b) => b - a));
    head().querySelector("button")?.click();
    await settle();
    expect(head().getAttribute("aria-sort")).toBe("ascending");
    expect(figures()).toEqual([...figures()].sort((a, b) => a - b));
  });

  it("says what is wrong with a miner, and what to do", async () => {
    const home = new FakeHome({ miners: 2 });
    home.change({
      [deviceId(0)]: {
        warnings: [makeWarning("low_hashrate", { value: 61, limit: 80 })],
      },
    });
    await show(home);
    const row = rows().find(({ deviceId: id }) => id === deviceId(0));
    const button = row?.querySelector<HTMLElement>("button.warnings");
    expect(text(button)).toContain("Hashrate too low");
    expect(button?.getAttribute("aria-expanded")).toBe("false");
    button?.click();
    await row?.updateComplete;
    expect(button?.getAttribute("aria-expanded")).toBe("true");
    expect(text(row?.querySelector(".detail"))).toContain("error rate and heat");
  });

  it.each(["full", "lite"] as const)(
    "says that a miner did not answer, whatever else is wrong: %s",
    async (layout) => {
      const home = new FakeHome({ miners: 1 });
      const wrong = makeWarning("reject_rate", { value: 4, limit: 3 });
      home.change({ [deviceId(0)]: { warnings: [wrong], missed_polls: 1 } });
      await show(home, { layout });
      const name = rows()[0]?.querySelector(".name");
      const icon = name?.querySelector("ha-icon") as Element & { icon: string };
      expect(text(name)).toContain("No answer");
      expect(icon.icon).toBe("mdi:lan-pending");
    },
  );

  it("says to those who do not see it that a figure is out of the ordinary", async () => {
    const home = new FakeHome({ miners: 1 });
    const detuned = { frequency_mhz: 600, core_voltage_mv: 1150 };
    // A clock that was lowered is not near any limit.
    home.change({ [deviceId(0)]: { detuned, frequency_mhz: 500 } });
    await show(home, { columns: ["settings"] });
    expect(text(rows()[0]?.querySelector(".cell > div"))).toBe("500 MHz, warning");
  });

  it.each([
    [{}, "hass-more-info"],
    [{ row_action: "device" }, "/config/devices/device/"],
    [{ navigation_path: "miner-{device_id}" }, "/miner-"],
    [{ row_action: "none" }, ""],
  ] as const)(
    "opens from a row what its configuration names: %o",
    async (config, place) => {
      const home = new FakeHome({ miners: 1 });
      const opened: string[] = [];
      const pushed = vi
        .spyOn(history, "pushState")
        .mockImplementation((_, __, path) => opened.push(String(path)));
      await show(home, config);
      card.addEventListener("hass-more-info", (event) => {
        const { entityId } = (event as CustomEvent<{ entityId: string }>).detail;
        opened.push(`hass-more-info ${entityId}`);
      });
      (rows()[0]?.querySelector(".open") as HTMLElement).click();
      expect(pushed.mock.calls.length).toBeLessThanOrEqual(1);
      if (place === "") expect(opened).toEqual([]);
      else expect(opened[0]).toContain(place);
    },
  );

  it("shows the chosen miners only, and their totals", async () => {
    const home = new FakeHome({ miners: 6 });
    const root = await show(home, { miners: [deviceId(0)] });
    expect(rows()).toHaveLength(1);
    expect(text(root.querySelector(".tiles"))).toContain("1 of 1");
  });

  it("says so where there is no miner", async () => {
    const home = new FakeHome({ miners: 1 });
    const root = await show(home, { miners: ["gone"] });
    expect(text(root.querySelector(".empty"))).toContain("None of the chosen miners");
    expect(rows()).toEqual([]);
  });

  it("lets go of a miner that is removed", async () => {
    const home = new FakeHome({ miners: 3 });
    await show(home);
    home.change({ [deviceId(1)]: null });
    await settle();
    expect(rows().map(({ deviceId: id }) => id)).not.toContain(deviceId(1));
    expect(rows()).toHaveLength(2);
  });

  it("says that figures are old once the connection is gone", async () => {
    const home = new FakeHome({ miners: 1 });
    const root = await show(home);
    expect(root.querySelector(".notice")).toBeNull();
    home.disconnect();
    await settle();
    expect(text(root.querySelector(".notice"))).toContain("No connection");
  });

  it("draws curves of the span that is chosen, and asks for no others", async () => {
    const home = new FakeHome({ miners: 2 });
    const root = await show(home);
    await vi.waitFor(() => expect(root.querySelectorAll(".sparkline")).toHaveLength(2));
    const asked = (): string[] =>
      home.commands
        .filter(({ type }) => type === "bitaxe/series")
        .map(({ span, columns, changes, points }) =>
          [span, ...(columns ?? []), String(changes), points].join(" "),
        );
    expect(asked()).toEqual(["1h hashrate_ghs false 60"]);
    root.querySelector<HTMLElement>(".spans [aria-pressed=false]")?.click();
    await vi.waitFor(() =>
      expect(asked()).toEqual([
        "1h hashrate_ghs false 60",
        "24h hashrate_ghs false 60",
      ]),
    );
  });

  it("looks for new curves every minute", async () => {
    vi.useFakeTimers();
    try {
      const home = new FakeHome({ miners: 2 });
      const shown = show(home);
      await vi.advanceTimersByTimeAsync(100);
      await shown;
      const asked = () => home.commands.filter(({ type }) => type === "bitaxe/series");
      for (const times of [2, 3, 4]) {
        await vi.advanceTimersByTimeAsync(60_000);
        expect(asked()).toHaveLength(times);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it("asks for no curves that it does not draw", async () => {
    const home = new FakeHome({ miners: 2 });
    await show(home, { columns: ["power"] });
    expect(home.commands.map(({ type }) => type)).not.toContain("bitaxe/series");
  });

  it("is a list to choose the order of on a narrow card", async () => {
    width = 374;
    const home = new FakeHome({ miners: 6 });
    const root = await show(home);
    expect(root.querySelector("[role=list]")).not.toBeNull();
    expect(rows()[0]?.getAttribute("role")).toBe("listitem");
    const select = root.querySelector("select") as HTMLSelectElement;
    select.value = "state";
    select.dispatchEvent(new Event("change"));
    await settle();
    expect(rows()[0]?.miner.state).toBe("offline");
  });

  it("puts forty dense lines side by side on a wide card", async () => {
    const home = new FakeHome({ miners: 40 });
    const root = await show(home, { layout: "lite" });
    expect(root.querySelectorAll("[role=table]").length).toBeGreaterThan(2);
    expect(rows()).toHaveLength(40);
    expect(rows()[0]?.miner.state).toBe("offline");
  });
});
