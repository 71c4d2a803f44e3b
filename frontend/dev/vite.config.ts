import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Icons and fonts are those of the Home Assistant that the demo runs.
export default defineConfig({
  root: here("."),
  publicDir: here(
    "../../.venvs/demo/lib/python3.14/site-packages/hass_frontend/static",
  ),
  cacheDir: here("../node_modules/.vite-dev"),
  build: { target: "es2022", copyPublicDir: false, emptyOutDir: true },
  server: {
    host: "127.0.0.1",
    fs: { allow: [here(".."), here("../../custom_components")] },
    hmr: false,
  },
  optimizeDeps: { include: ["lit", "lit/decorators.js"] },
  oxc: { decorator: { legacy: true }, assumptions: { setPublicClassFields: true } },
});
