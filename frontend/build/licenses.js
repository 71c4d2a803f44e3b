/** Puts the licence of what the bundle includes beside it, as that licence asks. */

import { readFileSync } from "node:fs";

export const keepLicenses = (...packages) => ({
  name: "keep-licenses",
  apply: "build",
  generateBundle() {
    const source = packages
      .map((name) => {
        const folder = new URL(`../node_modules/${name}/`, import.meta.url);
        const text = readFileSync(new URL("LICENSE", folder), "utf8");
        return `${name}\n\n${text}`;
      })
      .join("\n");
    this.emitFile({ type: "asset", fileName: "licenses.txt", source });
  },
});
