import fc from "fast-check";
import { expect, test } from "vitest";
import { HOOKS } from "../../src/protocol/hooks.js";
import { declared } from "./folder.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const word = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((key) => key !== "constructor" && key !== "prototype");
const text = fc.string({ unit: "grapheme", maxLength: 12 });
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.integer({ min: -99_999, max: 99_999 }).map((number) => number / 1000),
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(word, text), tie("value"), { maxKeys: 4 }),
  ),
}));

const body = fc.record(
  {
    source: text.map((name) => `./${name}`),
    config: fc.dictionary(fc.oneof(word, text), json, { maxKeys: 5 }),
    timeout: fc.integer({ min: 1, max: 3_600 }).map((seconds) => `${seconds}s`),
    initialize_timeout: fc.integer({ min: 1, max: 59 }).map((minutes) => `${minutes}m500ms`),
    memory: fc.integer({ min: 1, max: 4096 }).map((size) => `${size}MiB`),
    message_size: fc.integer({ min: 1, max: 1024 }).map((size) => `${size}KiB`),
    on_error: fc.constantFrom("fail", "warn"),
    hooks: fc.subarray([...HOOKS], { minLength: 1 }),
    resources: fc.array(fc.constantFrom("aws_*", "google_storage_bucket"), { minLength: 1, maxLength: 3 }),
    grants: fc.record({ env: fc.array(word), clock: fc.boolean(), random: fc.boolean() }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

/** A string as HCL wants it; the same two templates are escaped as in JSON. */
function hclString(value: string): string {
  const escaped = escapeTemplates(value).replace(/["\\]/g, "\\$&");
  const visible = escaped.replace(
    /[\u0000-\u001f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${visible}"`;
}

function escapeTemplates(value: string): string {
  return value.replace(/([$%])\{/g, "$1$1{");
}

function hcl(value: Json): string {
  if (typeof value === "string") return hclString(value);
  if (Array.isArray(value)) return `[${value.map(hcl).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item], index) => {
    const name = /^[a-z_][a-z0-9_]*$/.test(key) && index % 2 === 0 ? key : hclString(key);
    return `${name} ${index % 3 === 0 ? ":" : "="} ${hcl(item)}`;
  });
  return `{ ${entries.join(", ")} }`;
}

/** JSON in which strings that look like templates are escaped. */
function templated(value: Json): Json {
  if (typeof value === "string") return escapeTemplates(value);
  if (Array.isArray(value)) return value.map(templated);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [escapeTemplates(key), templated(item)]));
}

/** A `$` or `%` right before a template's start is read differently by core's own versions. */
function isAmbiguous(value: unknown): boolean {
  return /\$\$\{|%%\{|__proto__|"constructor"|"prototype"|e[-+]\d/.test(JSON.stringify(value));
}

test("whatever can be declared means the same in all three forms", async () => {
  await fc.assert(
    fc.asyncProperty(word, body, async (name, settings) => {
      fc.pre(!isAmbiguous(settings));
      const lines = Object.entries(settings).map(([key, value]) => `  ${key} = ${hcl(value)}\n`);
      const block = `integration "${name}" {\n${lines.join("")}}\n`;
      const values = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, templated(value)]));
      const forms = [
        { "airlock.hcl": block },
        { "main.tf": `terraform {\n${block}}\n` },
        { "main.tf.json": JSON.stringify({ terraform: { integration: { [name]: values } } }) },
      ];
      for (const files of forms) {
        const [declaration] = await declared(files);
        expect(declaration).toMatchObject({ name, scope: "project", onError: settings.on_error ?? "fail" });
        expect(declaration?.config).toEqual(settings.config ?? {});
        expect(declaration?.source).toBe(settings.source);
        expect(declaration?.hooks).toEqual(settings.hooks);
        expect(declaration?.resources).toEqual(settings.resources);
        expect(declaration?.timeoutMs).toBe(settings.timeout && Number.parseInt(settings.timeout) * 1_000);
        expect(declaration?.memoryBytes).toBe(settings.memory && Number.parseInt(settings.memory) * 1024 ** 2);
        expect(declaration?.grants).toEqual({ ...NO_GRANTS, ...settings.grants });
      }
    }),
    { numRuns: 100 },
  );
});
