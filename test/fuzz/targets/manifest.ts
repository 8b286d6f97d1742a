import { deepStrictEqual } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { MANIFEST_FILE, ManifestSchema } from "../../../src/package/manifest.js";
import { PACKAGE_ERROR_CODES, PackageError } from "../../../src/package/package-error.js";
import { readManifest } from "../../../src/package/read-manifest.js";
import { orNamedLater } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { scratch } from "../scratch.js";
import { fuzzTarget } from "../target.js";

const SAMPLES = join(import.meta.dirname, "../../../integrations");

function manifests(): Buffer[] {
  const paths = readdirSync(SAMPLES).map((name) => join(SAMPLES, name, MANIFEST_FILE));
  return paths.filter((path) => existsSync(path)).map((path) => readFileSync(path));
}

export const manifest = fuzzTarget({
  name: "manifest",
  rule: "any bytes of a manifest are what its JSON says, in the manifest's form, or a PackageError",
  testRuns: 200,
  inputs: mutated(manifests()),
  kept: [],
  holds: async (bytes) => {
    const folder = scratch();
    writeFileSync(join(folder, MANIFEST_FILE), bytes);
    const read = await orNamedLater({ type: PackageError, codes: PACKAGE_ERROR_CODES }, () => readManifest(folder));
    if (read === null) return;
    const text = bytes.toString().replace(/^\ufeff/, "");
    deepStrictEqual(read, v.parse(ManifestSchema, JSON.parse(text)));
  },
});
