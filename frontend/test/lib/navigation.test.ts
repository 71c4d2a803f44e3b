import { expect, it } from "vitest";

import { pathOf } from "../../src/lib/navigation";

it.each([
  ["miner-{device_id}", "/bitaxe/overview", "/bitaxe/miner-abc"],
  ["miner-{device_id}", "/bitaxe", "/bitaxe/miner-abc"],
  ["/other/{device_id}?edit={device_id}", "/bitaxe/overview", "/other/abc?edit=abc"],
  ["/lovelace/mining", "/bitaxe/overview", "/lovelace/mining"],
])("leads from %s on %s to %s", (template, shown, path) => {
  expect(pathOf(template, "abc", shown)).toBe(path);
});
