import { deepStrictEqual } from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { DECLARE_ERROR_CODES, DeclareError } from "../../../src/declare/declare-error.js";
import { withoutIntegrations } from "../../../src/declare/hide.js";
import { readDeclarations } from "../../../src/declare/read.js";
import type { DeclarationsRead } from "../../../src/declare/read.js";
import { orNamedLater } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { scratch } from "../scratch.js";
import { fuzzTarget } from "../target.js";

const NAMED = { type: DeclareError, codes: DECLARE_ERROR_CODES };

const BLOCK = `integration "budget_checker" {
  source    = "./integrations/budget-checker" # é
  config    = { max_cost = 1000, "a b" : [1.5, -2, null, true], text = <<-EOT
    one \${"$"}{two}
    EOT
  }
  timeout   = "1m30s"
  memory    = "64MiB"
  on_error  = "fail"
  hooks     = ["post-plan-resource", "plan-stage-complete"]
  resources = ["aws_*"]
  grants    = { env = ["HTTPS_PROXY"], clock = true }
}
`;
const OTHER = 'integration "logger" {\n  after = ["budget_checker"]\n}\n';
const PROVIDER = `provider "aws" {\n  alias = "us"\n  ${OTHER}}\nresource "aws_integration" "a" { x = "\${var.y}" }\n`;
const HCL = [
  `${BLOCK}${OTHER}`,
  `/* integration */ terraform {\n  required_version = ">= 1"\n${BLOCK}${OTHER}  backend "local" {}\n}\n${PROVIDER}`,
].map((text) => Buffer.from(text));

const settings = { source: "./a", config: { "é\n": [1, 1.5e3, null, { a: "$${b}" }] }, hooks: ["validate-resource"] };
const JSON_FILES = [
  { terraform: { integration: { a: settings, b: { after: ["a"] } }, required_version: ">= 1" } },
  { terraform: [{ integration: [{ a: settings }, { b: {} }] }], provider: { aws: [{ integration: { c: settings } }] } },
].flatMap((file) => [Buffer.from(JSON.stringify(file)), Buffer.from(JSON.stringify(file, null, 2))]);

const lineEnds = (bytes: Buffer): number[] =>
  [...bytes.keys()].filter((at) => bytes[at] === 0x0a || bytes[at] === 0x0d);

/** Columns count UTF-16 units, so those behind a block of other characters move. */
function placed({ providerIntegrations }: DeclarationsRead): unknown[] {
  return providerIntegrations.map(({ location, ...rest }) => [rest, location.line]);
}

async function holds(name: string, bytes: Buffer): Promise<void> {
  const folder = join(scratch(), name);
  if (!existsSync(folder)) mkdirSync(folder);
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const read = await orNamedLater(NAMED, () => readDeclarations(folder));
  const hidden = await orNamedLater(NAMED, () => withoutIntegrations(path, bytes));
  if (read === null || hidden === null || name === "airlock.hcl") return;
  // What core gets to see declares nothing, and every line stays where it was.
  deepStrictEqual([hidden.length, lineEnds(hidden)], [bytes.length, lineEnds(bytes)]);
  writeFileSync(path, hidden);
  const again = await readDeclarations(folder);
  deepStrictEqual([again.declarations, placed(again)], [[], placed(read)]);
  if (name.endsWith(".json") && read.projectBlocks.length > 0) JSON.parse(hidden.toString().replace(/^\ufeff/, ""));
}

export const declarationsHcl = fuzzTarget({
  name: "declarations-hcl",
  rule: "any HCL gives declarations or DeclareErrors, and what is hidden from core is all of them and nothing else",
  testRuns: 100,
  inputs: fc.record({ name: fc.constantFrom("airlock.hcl", "main.tf", "x_override.tofu"), bytes: mutated(HCL) }),
  kept: [],
  holds: ({ name, bytes }) => holds(name, bytes),
});

export const declarationsJson = fuzzTarget({
  name: "declarations-json",
  rule: "any JSON gives declarations or DeclareErrors, and what is hidden from core is all of them and nothing else",
  testRuns: 200,
  inputs: fc.record({ name: fc.constantFrom("main.tf.json", "main.tofu.json"), bytes: mutated(JSON_FILES) }),
  kept: [],
  holds: ({ name, bytes }) => holds(name, bytes),
});
