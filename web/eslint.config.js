import js from "@eslint/js";
import lit from "eslint-plugin-lit";
import wc from "eslint-plugin-wc";
import { defineConfig } from "eslint/config";
import ts from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist", "elements/lib", "node_modules"] },
  js.configs.recommended,
  {
    files: ["src/**/*.ts"],
    extends: [
      ts.configs.strictTypeChecked,
      ts.configs.stylisticTypeChecked,
      lit.configs["flat/recommended"],
      wc.configs["flat/recommended"],
    ],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      complexity: ["error", 8],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["gallery/*.js", "public/**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        ["Response", "URLSearchParams", "document", "fetch", "location", "navigator", "window"].map(
          (name) => [name, "readonly"],
        ),
      ),
    },
  },
  {
    files: ["*.js"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
  },
);
