import { afterEach, describe, expect, it } from "vitest";

import { FakeHome } from "../dev/fake/home";
import { deviceId } from "../dev/fake/miners";
import { BACKUPS_DIALOG } from "../src/dialogs/backups";
import { BULK_DIALOG } from "../src/dialogs/bulk";
import { COPY_DIALOG } from "../src/dialogs/copy";
import { openModal } from "../src/dialogs/modal";
import { NOTES_DIALOG } from "../src/dialogs/notes";
import { POOL_DIALOG } from "../src/dialogs/pool";
import type { Miner } from "../src/lib/model";

afterEach(() => document.body.replaceChildren());

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn++)
    await new Promise((resolve) => setTimeout(resolve));
};

async function open(
  home: FakeHome,
  tag: string,
  properties: object,
): Promise<ShadowRoot> {
  const root = openModal(tag, { hass: home.hass, ...properties }).shadowRoot;
  await settle();
  return root as ShadowRoot;
}

function fill(root: ShadowRoot, id: string, value: string): void {
  const field = root.querySelector<HTMLInputElement>(`#${id}`);
  if (!field) throw new Error(`There is no ${id}`);
  field.value = value;
  field.dispatchEvent(new Event("input"));
  field.dispatchEvent(new Event("change"));
}

function press(root: ShadowRoot, text: string): void {
  const found = [...root.querySelectorAll("button")].find((button) =>
    button.textContent?.includes(text),
  );
  if (!found) throw new Error(`There is no button ${text}`);
  found.click();
}

const some = (home: FakeHome, count: number): [string, Miner][] =>
  Object.entries(home.miners).slice(0, count);

it("offers profiles by the names of their select, and not that there is none", async () => {
  const home = new FakeHome({ miners: 2 });
  home.texts["component.bitaxe.entity.select.profile.state.eco"] = "Eco";
  const miners = some(home, 1);
  const [id, miner] = miners[0] as [string, Miner];
  const named = {
    ...miner,
    entities: { ...miner.entities, profile: "select.profile" },
  };
  home.hass.states["select.profile"] = {
    entity_id: "select.profile",
    state: "eco",
    attributes: { options: ["no_profile", "eco", "Quiet"] },
  } as never;
  const root = await open(home, BULK_DIALOG, {
    action: "apply_profile",
    miners: [[id, named]],
  });
  const options = [...root.querySelectorAll("#profile option")];
  expect(options.map((option) => option.textContent?.trim())).toEqual(["Eco", "Quiet"]);
});

describe("the dialog of pools", () => {
  it("shows what changes where before anything is sent", async () => {
    const home = new FakeHome({ miners: 3 });
    const root = await open(home, POOL_DIALOG, { miners: some(home, 2) });
    // What all of them have is there to begin with.
    expect(root.querySelector<HTMLInputElement>("#url")?.value).toBe(
      "solo.example.org",
    );
    fill(root, "url", "pool.example.net");
    fill(root, "port", "3335");
    fill(root, "user", "bc1q.{worker}");
    fill(root, "password", "secret");
    fill(root, "tls", "on");
    press(root, "Show what changes");
    await settle();
    const data = {
      device_id: [deviceId(0), deviceId(1)],
      pool: "primary",
      url: "pool.example.net",
      port: 3335,
      user: "bc1q.{worker}",
      password: "secret",
      tls: true,
    };
    expect(home.calls).toEqual([["bitaxe", "set_pool", { ...data, preview: true }]]);
    expect(root.querySelectorAll("li")).toHaveLength(2);
    expect(root.textContent).toContain("pool.example.net:3335");
    expect(root.textContent).toContain("new password");
    expect(root.textContent).not.toContain("secret");
    press(root, "Apply (2)");
    await settle();
    // With what was shown, so that nothing else is done.
    const changed = ["solo.example.org:3333", "pool.example.net:3335"];
    expect(home.calls.at(-1)).toEqual([
      "bitaxe",
      "set_pool",
      {
        ...data,
        expected_changes: {
          [deviceId(0)]: expect.objectContaining({ primary_pool: changed }) as unknown,
          [deviceId(1)]: expect.objectContaining({ primary_pool: changed }) as unknown,
        },
      },
    ]);
    expect(root.textContent).toContain("2 done");
  });

  it("wants an address and a port, and sends nothing that was not entered", async () => {
    const home = new FakeHome({ miners: 1 });
    const root = await open(home, POOL_DIALOG, { miners: some(home, 1) });
    fill(root, "port", "70000");
    press(root, "Show what changes");
    await settle();
    expect(root.querySelector("[role=alert]")?.textContent).toContain("a port from 1");
    expect(home.calls).toEqual([]);
    fill(root, "port", "3333");
    press(root, "Show what changes");
    await settle();
    expect(home.calls[0]?.[2]).toEqual({
      device_id: [deviceId(0)],
      pool: "primary",
      url: "solo.example.org",
      port: 3333,
      preview: true,
    });
    press(root, "Back");
    await settle();
    expect(root.querySelector("form")).not.toBeNull();
  });
});

describe("the dialog that copies settings", () => {
  it("asks what to copy from which miner, and never offers clock and voltage", async () => {
    const home = new FakeHome({ miners: 3 });
    const [first, second, third] = some(home, 3);
    const root = await open(home, COPY_DIALOG, {
      miners: [first],
      sources: [second, third],
    });
    expect(root.querySelectorAll("input")).toHaveLength(3);
    press(root, "Show what changes");
    await settle();
    expect(root.querySelector("[role=alert]")?.textContent).toContain("what to copy");
    fill(root, "source", deviceId(2));
    root.querySelectorAll("input")[1]?.click();
    root.querySelectorAll("input")[1]?.dispatchEvent(new Event("change"));
    await settle();
    const boxes = [...root.querySelectorAll("input")].filter(({ checked }) => checked);
    expect(boxes.length).toBeLessThan(3);
    root.querySelectorAll("input")[0]?.dispatchEvent(new Event("change"));
    press(root, "Show what changes");
    await settle();
    const [, action, data] = home.calls[0] as [string, string, Record<string, unknown>];
    expect(action).toBe("copy_settings");
    expect(data).toMatchObject({
      device_id: [deviceId(0)],
      source: deviceId(2),
      preview: true,
    });
    expect(data.settings).toContain("fan");
  });

  it("leaves out the miner that is copied from", async () => {
    const home = new FakeHome({ miners: 3 });
    const chosen = some(home, 3);
    const root = await open(home, COPY_DIALOG, { miners: chosen, sources: chosen });
    const targets = () => root.querySelector("#targets")?.textContent;
    const names = chosen.map(([, { name }]) => name);
    expect(targets()).toBe(`${names[1]}, ${names[2]}`);
    fill(root, "source", deviceId(2));
    await settle();
    expect(targets()).toBe(`${names[0]}, ${names[1]}`);
    root.querySelectorAll("input")[0]?.click();
    await settle();
    press(root, "Show what changes");
    await settle();
    const [, , data] = home.calls[0] as [string, string, Record<string, unknown>];
    expect(data).toMatchObject({
      device_id: [deviceId(0), deviceId(1)],
      source: deviceId(2),
    });
  });
});

describe("the dialog of notes", () => {
  it("adds and deletes, and shows what there is", async () => {
    const home = new FakeHome({ miners: 1 });
    const root = await open(home, NOTES_DIALOG, { device: deviceId(0), name: "rig" });
    expect(home.commands.at(-1)).toMatchObject({ kinds: ["note"], span: "all" });
    fill(root, "text", " New paste ");
    root.querySelector("form")?.dispatchEvent(new Event("submit"));
    await settle();
    expect(home.calls).toEqual([
      ["bitaxe", "add_note", { device_id: [deviceId(0)], text: "New paste" }],
    ]);
    expect(root.textContent).toContain("Old fan");
    root.querySelector<HTMLElement>("li button")?.click();
    await settle();
    expect(home.calls.at(-1)).toEqual([
      "bitaxe",
      "delete_note",
      { device_id: [deviceId(0)], note_id: "note-0" },
    ]);
  });
});

describe("the dialog of backups", () => {
  const openBackups = (home: FakeHome): Promise<ShadowRoot> => {
    const [[device, miner], ...sources] = some(home, 3) as [
      [string, Miner],
      ...[string, Miner][],
    ];
    return open(home, BACKUPS_DIALOG, { device, miner, sources });
  };
  const rows = (root: ShadowRoot) => [
    ...root.querySelectorAll<HTMLButtonElement>("button.backup"),
  ];
  const boxes = (root: ShadowRoot) => [
    ...root.querySelectorAll<HTMLInputElement>("[type=checkbox]"),
  ];

  it("shows what a backup would change, and restores what is chosen", async () => {
    const home = new FakeHome({ miners: 3 });
    const root = await openBackups(home);
    expect(rows(root).map((row) => row.textContent)).toEqual([
      expect.stringContaining("before a change · differences: 3"),
      expect.stringContaining("as it is now"),
      expect.stringContaining("before new firmware · differences: 1"),
    ]);
    expect(home.calls).toEqual([]);
    rows(root)[0]?.click();
    await settle();
    const data = { device_id: [deviceId(0)], backup_id: "one" };
    expect(home.calls).toEqual([
      ["bitaxe", "restore_backup", { ...data, preview: true }],
    ]);
    expect(root.textContent).toMatch(/Frequency 525\sMHz → 500\sMHz/);
    // Address and user of a pool are one setting.
    expect(boxes(root)).toHaveLength(3);
    expect(root.textContent).toContain("keep the password");
    for (const box of boxes(root).slice(1)) box.click();
    await settle();
    press(root, "Restore");
    await settle();
    expect(home.calls.at(-1)).toEqual([
      "bitaxe",
      "restore_backup",
      {
        ...data,
        settings: ["frequency"],
        expected_changes: {
          [deviceId(0)]: expect.objectContaining({ frequency: [525, 500] }) as unknown,
        },
      },
    ]);
    expect(root.querySelectorAll(".outcomes li")).toHaveLength(1);
    expect(root.textContent).toContain("done");
    press(root, "Back");
    await settle();
    expect(rows(root)).toHaveLength(3);
  });

  it("restores nothing where nothing is chosen", async () => {
    const home = new FakeHome({ miners: 1 });
    const root = await openBackups(home);
    expect(root.querySelector("#source")).toBeNull();
    rows(root)[0]?.click();
    await settle();
    for (const box of boxes(root)) box.click();
    await settle();
    const [restore] = [...root.querySelectorAll<HTMLButtonElement>("button.filled")];
    expect(restore?.disabled).toBe(true);
  });

  it("gives a new board the settings of the old one", async () => {
    const home = new FakeHome({ miners: 3 });
    const root = await openBackups(home);
    fill(root, "source", deviceId(2));
    await settle();
    expect(home.commands.at(-1)).toMatchObject({
      type: "bitaxe/backups",
      device_id: deviceId(2),
    });
    // How the old one differs from its backups says nothing about the new one.
    expect(root.textContent).not.toContain("differences");
    rows(root)[0]?.click();
    await settle();
    expect(home.calls.at(-1)?.[2]).toEqual({
      device_id: [deviceId(0)],
      backup_id: "one",
      source: deviceId(2),
      preview: true,
    });
    expect(root.textContent).toContain("another kind keeps its frequency");
  });

  it("imports a file that was exported, and says when that fails", async () => {
    const home = new FakeHome({ miners: 1 });
    const root = await openBackups(home);
    const file = root.querySelector<HTMLInputElement>("#file");
    const give = async (content: string): Promise<void> => {
      Object.defineProperty(file, "files", {
        configurable: true,
        value: [new File([content], "backup.json")],
      });
      file?.dispatchEvent(new Event("change"));
      await settle();
    };
    await give('{"settings": {}}');
    expect(home.calls).toEqual([
      [
        "bitaxe",
        "import_backup",
        { device_id: [deviceId(0)], backup: '{"settings": {}}' },
      ],
    ]);
    expect(root.querySelector("[role=status]")?.textContent).toContain("Imported");
    home.hass.callService = () => Promise.reject(new Error("no backup"));
    await give("nonsense");
    expect(root.querySelector("[role=alert]")?.textContent).toContain("no backup");
  });
});
