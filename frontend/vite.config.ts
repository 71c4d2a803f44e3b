import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { removeOldModules } from "./build/clean.js";
import { keepLicenses } from "./build/licenses.js";
import { shortenTemplates } from "./build/templates.js";

const output = fileURLToPath(
  new URL("../custom_components/bitaxe/frontend", import.meta.url),
);

const LANGUAGE = /[\\/]translations[\\/](?!en[\\/])([^\\/]+)[\\/][^\\/]+\.json$/;

// File names bear no hash: the integration serves them below an address that does, so
// that modules find each other and nobody keeps an old one.
export default defineConfig({
  plugins: [removeOldModules(), shortenTemplates(), keepLicenses("lit")],
  build: {
    target: "es2022",
    outDir: process.env.BITAXE_FRONTEND_OUTPUT ?? output,
    // Python lives in the same folder.
    emptyOutDir: false,
    reportCompressedSize: false,
    lib: { entry: { "bitaxe-cards": "src/main.ts" }, formats: ["es"] },
    rolldownOptions: {
      preserveEntrySignatures: false,
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "bitaxe-[name].js",
        // A language is one file, whichever its parts; English belongs to the first module.
        codeSplitting: {
          groups: [
            {
              debugName: "languages",
              test: LANGUAGE,
              name: (id) => LANGUAGE.exec(id)?.[1] ?? null,
            },
          ],
        },
        minify: true,
        comments: false,
      },
    },
  },
  // The tests compare the documentation with the forms.
  server: { fs: { allow: [".", "../docs"] } },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.{ts,js}"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
