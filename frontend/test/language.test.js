/** What a new language takes: the build itself, with a folder that was not there. */

// @vitest-environment node

import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";

const FRONTEND = fileURLToPath(new URL("..", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "bitaxe-language-"));
const output = join(root, "output");

beforeAll(async () => {
  for (const name of [
    "src",
    "build",
    "vite.config.ts",
    "tsconfig.json",
    "package.json",
  ]) {
    cpSync(join(FRONTEND, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(FRONTEND, "node_modules"), join(root, "node_modules"));
  const translations = join(root, "src", "translations");
  cpSync(join(translations, "de"), join(translations, "sv"), { recursive: true });
  process.env.BITAXE_FRONTEND_OUTPUT = output;
});

afterAll(() => {
  delete process.env.BITAXE_FRONTEND_OUTPUT;
  rmSync(root, { recursive: true });
});

it("is a folder of JSON files and nothing else", async () => {
  await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
  const modules = readdirSync(output).filter((name) => name.endsWith(".js"));
  expect(modules).toEqual(
    expect.arrayContaining(["bitaxe-cards.js", "bitaxe-de.js", "bitaxe-sv.js"]),
  );
  // A file for each language, not one for each of its parts.
  const languages = readdirSync(join(root, "src", "translations")).length - 1;
  expect(modules.length).toBeLessThanOrEqual(languages + 3);
  const first = readFileSync(join(output, "bitaxe-cards.js"), "utf8");
  expect(first).toContain("bitaxe-sv.js");
  expect(first).not.toContain("Abbrechen");
  expect(readFileSync(join(output, "bitaxe-sv.js"), "utf8")).toContain("Abbrechen");
});
