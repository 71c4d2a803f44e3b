/** Removes the modules of the build before; other files live in the same folder. */

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

export const removeOldModules = () => {
  let folder = "";
  return {
    name: "remove-old-modules",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    renderStart() {
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        if (name.endsWith(".js")) {
          rmSync(join(folder, name));
        }
      }
    },
  };
};
