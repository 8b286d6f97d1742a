import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { schemaFiles } from "./schemas.js";

// Run from the project's root:
//   npx esbuild test/tools/write-schemas.ts --bundle --platform=node --format=esm --packages=external | node --input-type=module -
const folder = join("docs", "schemas");
mkdirSync(folder, { recursive: true });
for (const [name, text] of schemaFiles()) {
  writeFileSync(join(folder, name), text);
}
