import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeHome } from "../../../dev/fake/home";
import { deviceId } from "../../../dev/fake/miners";
import "../../../src/cards/summary";
import { SummaryCard } from "../../../src/cards/summary/card";
import { KINDS, sortRows } from "../../../src/cards/summary/columns";
import type { SummaryCardConfig } from "../../../src/cards/summary/config";
import { fetchSummary } from "../../../src/lib/history";

let home: FakeHome;
let card: SummaryCard;

async function show(config: Partial<SummaryCardConfig> = {}): Promise<void> {
  card = document.createElement("bitaxe-summary-card") as SummaryCard;
  card.setConfig({ type: "custom:bitaxe-summary-card", ...config });
  card.hass = home.hass;
  document.body.append(card);
  await settle();
}

const settle = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve));
  await card.updateComplete;
};
const all = (selector: string): Element[] => [
  ...(card.shadowRoot?.querySelectorAll(selector) ?? []),
];
const rows = (): string[] =>
  all("tbody th").map((cell) => cell.textContent?.trim() ?? "");
const press = async (text: string): Promise<void> => {
  const found = all("button").find((button) => button.textContent?.trim() === text);
  (found as HTMLButtonElement).click();
  await settle();
};

beforeEach(() => {
  home = new FakeHome({ miners: 3 });
});

afterEach(() => {
  card.remove();
});

describe("the summary card", () => {
  it("has a row per miner and a total", async () => {
    await show();
    expect(rows()).toEqual(["bitaxe-attic", "bitaxe-bedroom", "bitaxe-office"]);
    expect(all("tfoot td.energy")[0]?.textContent).toContain("kWh");
  });

  it("says what a power supply took from the wall, where a plug measures that", async () => {
    await show();
    expect(all(".wall")).toHaveLength(0);
    card.remove();
    home = new FakeHome({ miners: 5 });
    await show();
    const lines = all(".wall li").map((line) => line.textContent);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^Shelf, at the wall: [\d.]+.W · [\d.]+.J\/TH · [\d.]+.kWh · €[\d.]+ · [\d.]+.W \(10\.0.?%\) lost in the power supply$/,
    );
  });

  it("says for how long a plug was known that was put there later", async () => {
    home = new FakeHome({ miners: 5 });
    await show({ span: "30d" });
    expect(all(".wall li")[0]?.textContent).toMatch(/ · measured for 168\.0.h$/);
  });

  it("says since when a miner was watched, and what was used idle", async () => {
    home = new FakeHome({ miners: 5 });
    await show({ span: "24h" });
    const late = all("tbody td.availability")
      .map((cell) => cell.textContent.trim())
      .filter((text) => text.includes("since"));
    expect(late).toHaveLength(1);
    expect(late[0]).toMatch(/% since 2.h 24.min$/);
    const energy = all("tbody td.energy").map((cell) => cell.textContent);
    expect(energy.filter((text) => text.includes("idle"))).toHaveLength(1);
    expect(all("tfoot td.energy")[0]?.textContent).toContain("idle");
  });

  it("calls miners by the names they have by now", async () => {
    await show();
    home.change({ [deviceId(1)]: { name: "Under the roof" } });
    await settle();
    expect(rows()).toEqual(["bitaxe-bedroom", "bitaxe-office", "Under the roof"]);
  });

  it("does not draw the table anew with every reading", async () => {
    await show();
    const texts = vi.spyOn(KINDS.hashrate, "text");
    home.live(10, 1);
    await settle();
    expect(texts).not.toHaveBeenCalled();
  });

  it("shows another span when asked to", async () => {
    await show();
    await press("7 days");
    expect(home.commands.at(-1)).toMatchObject({ type: "bitaxe/summary", span: "7d" });
    expect(
      all('[aria-pressed="true"]').map((button) => button.textContent?.trim()),
    ).toEqual(["7 days"]);
  });

  it("sorts by a column, and back", async () => {
    await show();
    await press("Hashrate");
    expect(all("th.hashrate")[0]?.getAttribute("aria-sort")).toBe("descending");
    const descending = rows();
    await press("Hashrate");
    expect(rows()).toEqual(descending.reverse());
  });

  it("asks for the chosen miners only", async () => {
    await show({ miners: [deviceId(1)], span: "30d" });
    expect(rows()).toEqual(["bitaxe-attic"]);
    expect(all("tfoot")).toHaveLength(0);
    expect(home.commands.at(-1)).toMatchObject({
      span: "30d",
      device_id: [deviceId(1)],
    });
  });

  it("says why there is nothing", async () => {
    home.failures["bitaxe/summary"] = {
      code: "home_assistant_error",
      message: "no recorder",
    };
    await show();
    expect(all('[role="alert"]')[0]?.textContent).toContain("no recorder");
  });

  it("asks again once Home Assistant is there", async () => {
    const failure = { code: "unknown_command", message: "Unknown command." };
    home.failures["bitaxe/summary"] = failure;
    home.failures["bitaxe/subscribe"] = failure;
    await show();
    home.disconnect();
    for (const command of Object.keys(home.failures)) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete home.failures[command];
    }
    home.reconnect();
    await vi.waitFor(() => expect(rows()).toHaveLength(3));
    expect(all('[role="alert"]')).toEqual([]);
  });

  it("asks again for miners that come online later", async () => {
    vi.useFakeTimers();
    try {
      const shown = show();
      await vi.advanceTimersByTimeAsync(1_000);
      await shown;
      // Home Assistant restarts, and the miners are set up one after another.
      home.disconnect();
      home.failures["bitaxe/summary"] = { message: "No miner is set up at the moment" };
      home.change({
        [deviceId(0)]: { online: false },
        [deviceId(1)]: { online: false },
      });
      await vi.advanceTimersByTimeAsync(300_000);
      home.reconnect();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(all('[role="alert"]')).toHaveLength(1);
      delete home.failures["bitaxe/summary"];
      home.change({ [deviceId(0)]: { online: true } });
      await vi.advanceTimersByTimeAsync(1_000);
      home.change({ [deviceId(1)]: { online: true } });
      await vi.advanceTimersByTimeAsync(4_000);
      expect(rows()).toHaveLength(3);
      const asked = () => home.commands.filter(({ type }) => type === "bitaxe/summary");
      const before = asked().length;
      home.change({ [deviceId(1)]: { online: false } });
      await vi.advanceTimersByTimeAsync(1_000);
      home.change({ [deviceId(1)]: { online: true } });
      await vi.advanceTimersByTimeAsync(4_000);
      expect(asked()).toHaveLength(before);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is about all miners where the list of them is left empty", async () => {
    await show({ miners: null });
    expect(rows()).toHaveLength(3);
  });

  it("refuses what it does not understand", () => {
    card = document.createElement("bitaxe-summary-card") as SummaryCard;
    const type = "custom:bitaxe-summary-card";
    expect(() => card.setConfig({ type, span: "1y" as never })).toThrow("24h, 7d, 30d");
    expect(() => card.setConfig({ type, miners: "all" as never })).toThrow(
      "“miners” must be a list",
    );
  });
});

describe("sorting", () => {
  it("puts what is unknown last, either way", async () => {
    const { miners } = await fetchSummary(home.hass, "24h");
    const [first, ...others] = miners;
    const items = [{ ...(first as (typeof miners)[number]), cost: null }, ...others];
    for (const descending of [true, false]) {
      expect(sortRows(items, "cost", descending, "en").at(-1)?.cost).toBeNull();
    }
  });
});
