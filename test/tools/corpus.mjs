#!/usr/bin/env node
// Runs `airlock check` over every plan of a folder, in every form of the sample required-tags, and holds what must hold
// for any file: a known exit code, no crash, no secret in the output, and the same results from every form.
//   npm run test:corpus -- FOLDER [--secret TEXT]…
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";

const ROOT = resolve(import.meta.dirname, "../..");
const CLI = join(ROOT, "dist/src/cli/main.js");
const FORMS = [
  "required-tags",
  "required-tags-wasm-plugin",
  "required-tags-wasm-command",
  "required-tags-go",
  "required-tags-python",
  "required-tags-node",
];
const EXIT_CODES = new Set([0, 1, 2]);

const { values, positionals } = parseArgs({
  options: { secret: { type: "string", multiple: true, default: [] } },
  allowPositionals: true,
});
const [folder] = positionals;
if (folder === undefined || !existsSync(folder)) {
  console.error("usage: npm run test:corpus -- FOLDER [--secret TEXT]…");
  process.exit(2);
}

function filesOf(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

function check(plan, config) {
  return new Promise((resolved) => {
    const child = spawn(process.execPath, [CLI, "check", plan, "--config", config, "--format", "json"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("close", (code) => {
      resolved({ code, stdout, stderr });
    });
  });
}

/** What must be the same for every form: everything but times, kinds and sources. */
function verdictOf({ code, stdout, stderr }) {
  if (stdout === "") return JSON.stringify({ code, stderr });
  const { verdict, results, summary } = JSON.parse(stdout);
  return JSON.stringify({ code, verdict, results, summary });
}

function faultsOf({ code, stdout, stderr }) {
  const faults = [];
  if (!EXIT_CODES.has(code)) faults.push(`exit code ${code}`);
  if (/internal (error|fault)|\n\s+at .*:\d+:\d+/i.test(stdout + stderr)) faults.push("a crash or a stack trace");
  if (/\bINTERNAL\b/.test(stdout + stderr)) faults.push("the code INTERNAL");
  for (const secret of values.secret) if ((stdout + stderr).includes(secret)) faults.push("a secret in the output");
  return faults;
}

const temporary = mkdtempSync(join(tmpdir(), "airlock-corpus-"));
const built = FORMS.filter((form) => {
  const manifest = join(ROOT, "integrations", form, "integration.json");
  const { entry } = JSON.parse(readFileSync(manifest, "utf8"));
  return existsSync(join(ROOT, "integrations", form, entry));
});
for (const form of FORMS) if (!built.includes(form)) console.error(`left out, not built here: ${form}`);
for (const form of built) {
  const source = JSON.stringify(join(ROOT, "integrations", form));
  const logger = JSON.stringify(join(ROOT, "integrations", "logger"));
  const text = `
integration "tags" {
  source = ${source}
  config = { required_tags = ["owner"], attribute = "triggers" }
}
integration "logger" { source = ${logger} }
`;
  mkdirSync(join(temporary, form));
  writeFileSync(join(temporary, form, "airlock.hcl"), text);
}

let failed = 0;
let passed = 0;
const exits = {};
for (const plan of filesOf(resolve(folder))) {
  const outcomes = [];
  for (const form of built) outcomes.push([form, await check(plan, join(temporary, form))]);
  const faults = outcomes.flatMap(([form, outcome]) => faultsOf(outcome).map((fault) => `${form}: ${fault}`));
  const [[, first]] = outcomes;
  for (const [form, outcome] of outcomes)
    if (verdictOf(outcome) !== verdictOf(first)) faults.push(`${form}: another verdict than ${built[0]}`);
  exits[first.code] = (exits[first.code] ?? 0) + 1;
  if (faults.length === 0) passed++;
  else {
    failed++;
    console.log(`not ok ${relative(resolve(folder), plan)}\n  ${faults.join("\n  ")}`);
  }
}
rmSync(temporary, { recursive: true });
console.log(`forms: ${built.join(", ")}`);
console.log(`exit codes: ${JSON.stringify(exits)}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
