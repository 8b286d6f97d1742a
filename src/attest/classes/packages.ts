import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { endsIn } from "../attack.js";
import type { Attack, AttackClass, Judge } from "../attack.js";
import { everyPackage, manifest, sparseFile } from "../guests/packages.js";
import type { Form } from "../guests/form.js";

const MIB = 1024 * 1024;
const HUGE = 40 * MIB;
const invalid = endsIn("PACKAGE_MANIFEST_INVALID");

function sparse(name: string) {
  return ({ folder }: { readonly folder: string }): string => {
    sparseFile(join(folder, name), HUGE);
    return join(folder, name);
  };
}

function withManifest(
  name: string,
  text: (form: Form) => string,
  judge: Judge = invalid,
  declared: Attack["declared"] = {},
): Attack {
  return {
    name,
    guests: everyPackage((form, { folder }) => {
      writeFileSync(join(folder, "integration.json"), text(form));
    }),
    declared,
    judge,
  };
}

/** Tries to use memory and time up before anything of it runs. */
export const PACKAGES: AttackClass = {
  name: "huge-packages",
  tries: "files and manifests far over their size, and schemas that take for ever",
  attacks: [
    {
      name: "a file of 40 MiB that takes no room on the disk",
      guests: { js: sparse("guest.mjs"), "plug-in": sparse("guest.wasm"), command: sparse("guest.wasm") },
      judge: endsIn("PACKAGE_TOO_LARGE"),
      control: { plainly: (source) => statSync(source).size === HUGE },
    },
    withManifest("a manifest of 300 KiB", (form) => manifest(form, { description: "x".repeat(300 * 1024) })),
    withManifest("a manifest that nests very deep", (form) =>
      manifest(form, { config_schema: {} }).replace(
        '"config_schema":{}',
        `"config_schema":{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      ),
    ),
    withManifest("a manifest of 60,000 values", (form) =>
      manifest(form, { config_schema: { enum: new Array(60_000).fill(0) } }),
    ),
    withManifest("a manifest with __proto__", (form) =>
      manifest(form).replace("{", '{"__proto__":{"kind":"executable"},'),
    ),
    withManifest(
      "a schema with a pattern that takes for ever",
      (form) => manifest(form, { config_schema: { properties: { text: { pattern: "^(a+)+$" } } } }),
      endsIn("GUEST_TIMEOUT"),
      { config: { text: `${"a".repeat(60)}!` }, initializeTimeoutMs: 1_500 },
    ),
    withManifest(
      "a schema that refers to itself without end",
      (form) => manifest(form, { config_schema: { $ref: "#" } }),
      endsIn("GUEST_CONFIG", "GUEST_MEMORY", "GUEST_TIMEOUT", "GUEST_CRASHED"),
      { initializeTimeoutMs: 5_000 },
    ),
  ],
};
