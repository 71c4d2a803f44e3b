/** Imports of the sources: no circle, and from a room only to those below it. */

/// <reference types="vite/client" />

import { describe, expect, it } from "vitest";
import more from "../src/translations/en-parts";

const FILES = import.meta.glob<string>(["../{src,dev,test,build}/**/*.{ts,js,json}"], {
  query: "?raw",
  import: "default",
  eager: true,
});

/** From the lowest room to the highest. */
const ROOMS = ["translations", "lib", "chart", "dialogs", "cards", "strategy"];
/** Loads on demand what lies above it. */
const LOADER = "../src/lib/parts.ts";

/** The file that an import of another one means; undefined for packages. */
function resolve(from: string, wanted: string): string | undefined {
  const { pathname } = new URL(wanted, new URL(from, "file:///frontend/test/"));
  const path = pathname.replace("/frontend/test/", "./").replace("/frontend/", "../");
  return [path, `${path}.ts`, `${path}/index.ts`].find((name) => name in FILES);
}

/** Every import: of values and of types, at once and on demand. */
const IMPORTS = new Map(
  Object.entries(FILES).map(([file, text]) => [
    file,
    [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)].flatMap(
      ([, wanted = ""]) => resolve(file, wanted) ?? [],
    ),
  ]),
);

/** The first circle that a walk along the imports finds, as the files on it. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const finished = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return [];
    for (const next of imports.get(file) ?? []) {
      const found = walk(next, [...path, file]);
      if (found.length > 0) return found;
    }
    finished.add(file);
    return [];
  };
  for (const file of imports.keys()) {
    const found = walk(file, []);
    if (found.length > 0) return found;
  }
  return [];
}

const roomOf = (file: string): number =>
  ROOMS.indexOf(/^\.\.\/src\/([^/]+)\//.exec(file)?.[1] ?? "");

describe("imports", () => {
  it("are found", () => {
    expect(IMPORTS.get(LOADER)).toContain("../src/parts.ts");
    expect(IMPORTS.get("../src/lib/format.ts")).toContain("../src/lib/hass.ts");
    expect(IMPORTS.get("../src/lib/i18n.ts")).toContain("../src/translations/en.ts");
    expect(IMPORTS.get("./setup.ts")).toContain("../src/lib/i18n.ts");
  });

  it("of the first module need no texts that come later", () => {
    const first = new Set(["../src/main.ts"]);
    for (const file of first) {
      const text = FILES[file] ?? "";
      for (const [, wanted = ""] of text.matchAll(
        /^(?:import|export)\s+(?!type\b)(?:[^;]*?\sfrom\s+)?"(\.[^"]+)"/gm,
      )) {
        const other = resolve(file, wanted);
        if (other?.endsWith(".ts")) first.add(other);
      }
    }
    expect(first).toContain("../src/cards/swarm/card.ts");
    expect(first).not.toContain("../src/dialogs/pool.ts");
    const late = new RegExp(`["\`](?:${Object.keys(more).join("|")})\\.[a-z_]+["\`]`);
    expect([...first].filter((file) => late.test(FILES[file] ?? ""))).toEqual([]);
  });

  it("form no circle", () => {
    const circle = new Map([
      ["a", ["b"]],
      ["b", ["c", "d"]],
      ["d", ["b"]],
    ]);
    expect(circleIn(circle)).toEqual(["b", "d", "b"]);
    expect(circleIn(IMPORTS)).toEqual([]);
  });

  it("never lead to a higher room", () => {
    const wrong = [...IMPORTS].flatMap(([file, imported]) =>
      imported
        .filter(
          (other) =>
            file !== LOADER &&
            roomOf(file) >= 0 &&
            (roomOf(other) < 0 || roomOf(other) > roomOf(file)),
        )
        .map((other) => `${file} → ${other}`),
    );
    expect(wrong).toEqual([]);
  });
});
