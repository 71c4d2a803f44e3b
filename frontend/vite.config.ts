import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const output = fileURLToPath(
  new URL("../custom_components/bitaxe/frontend", import.meta.url),
);

// File names bear no hash: the integration serves the folder below an address that
// does, so that modules find each other and nobody keeps an old one.
export default defineConfig({
  build: {
    target: "es2022",
    outDir: process.env.BITAXE_FRONTEND_OUTPUT ?? output,
    // Python lives in the same folder.
    emptyOutDir: false,
    reportCompressedSize: false,
    modulePreload: false,
    rolldownOptions: {
      input: { "bitaxe-cards": "src/main.ts" },
      preserveEntrySignatures: false,
      output: {
        format: "es",
        entryFileNames: "[name].js",
        chunkFileNames: "bitaxe-[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.ts"],
  },
});
