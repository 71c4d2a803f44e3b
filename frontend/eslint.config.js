import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["**/*.js", "**/vite.config.ts"]),
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers are written into texts and drawings all the time.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true },
      ],
      // The types of Home Assistant's objects promise more than old versions keep.
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true },
      ],
      // Contradicts the rule against `!`.
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
      // `document.createElement` knows nothing of our elements.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // `Connection` is typed as Home Assistant types it.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // Methods of Lit elements are handed over as they are: Lit binds them.
      "@typescript-eslint/unbound-method": "off",
    },
  },
);
