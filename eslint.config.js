import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Layers of docs/architecture.md: a layer may import only the layers named beside it (and itself). */
const LAYERS = {
  "src/base": [],
  "src/protocol": ["src/base"],
  runtimes: ["src/base", "src/protocol"],
  "src/package": ["src/base", "src/protocol"],
  "src/declare": ["src/base", "src/protocol", "src/package"],
  "src/install": ["src/base", "src/protocol", "src/package", "src/declare"],
  "src/broker": ["src/base", "src/protocol", "src/package"],
  "src/sandbox": ["src/base", "src/protocol", "runtimes", "src/package", "src/declare"],
  "src/runtime": [
    "src/base",
    "src/protocol",
    "runtimes",
    "src/package",
    "src/declare",
    "src/install",
    "src/broker",
    "src/sandbox",
  ],
  "src/hosts": [
    "src/base",
    "src/protocol",
    "runtimes",
    "src/package",
    "src/declare",
    "src/install",
    "src/broker",
    "src/sandbox",
    "src/runtime",
  ],
  "src/report": [
    "src/base",
    "src/protocol",
    "runtimes",
    "src/package",
    "src/declare",
    "src/install",
    "src/broker",
    "src/sandbox",
    "src/runtime",
    "src/hosts",
  ],
  "src/attest": [
    "src/base",
    "src/protocol",
    "runtimes",
    "src/package",
    "src/declare",
    "src/install",
    "src/sandbox",
    "src/runtime",
    "src/hosts",
    "src/report",
  ],
  "src/trial": [
    "src/base",
    "src/protocol",
    "runtimes",
    "src/package",
    "src/declare",
    "src/sandbox",
    "src/runtime",
    "src/hosts",
    "src/report",
  ],
};
const ALL = [...Object.keys(LAYERS), "src/cli"];

/** `import x from "../../src/runtime/…"` and `"../runtime/…"` both name the layer `src/runtime`. */
function forbid(layer) {
  const others = ALL.filter((other) => other !== layer && !LAYERS[layer].includes(other));
  return others.flatMap((other) => {
    const folder = other.replace(/^src\//, "");
    return [`../**/${folder}/**`, `../${folder}/**`, `../../${folder}/**`, `**/src/${folder}/**`];
  });
}

const layerRules = Object.keys(LAYERS).map((layer) => ({
  files: [`${layer}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: forbid(layer), message: `layers only point down: ${layer} must not import this` }] },
    ],
  },
}));

export default defineConfig(
  { ignores: ["**/dist/**", "**/assembly/**", "coverage/**", "integrations/**/*.js", "test/fixtures/**"] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/prefer-literal-enum-member": "off",
    },
  },
  {
    files: ["test/**/*.ts", "integrations/*/test/**/*.ts", "guest-sdk/*/test/**/*.ts", "bench/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  { files: ["**/*.{js,mjs}"], extends: [tseslint.configs.disableTypeChecked] },
  ...layerRules,
);
