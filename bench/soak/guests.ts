import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import { FORMS, declarationOf } from "../forms.js";

/** The crashing guest ends in each call of this number. */
export const CRASH_EVERY = 1_000;
export const CRASHER = "crasher";
/** Counts its calls, like the crasher; its count shows that no call is lost or doubled. */
export const COUNTER = "counter";
/** Long enough that no healthy guest meets it on a machine that is busy. */
const HEALTHY_TIMEOUT_MS = 60_000;
const CRASHER_TIMEOUT_MS = 250;

/** The ways to end, in turn. */
const WAYS = ["for (;;);", "const all = []; for (;;) all.push(new Uint8Array(8_000_000));"];

function counting(crashEvery: number | null): string {
  const ways = WAYS.map((way, at) => `if (way === ${at}) { ${way} }`).join("\n    ");
  const crash = `if (calls % ${crashEvery ?? 0} === 0) {
    const way = Math.floor(params.index / ${crashEvery ?? 1}) % ${WAYS.length};
    ${ways}
  }`;
  return `
let calls = 0;
export function handle(line) {
  const { id, method, params } = JSON.parse(line);
  const answer = (result) => JSON.stringify({ jsonrpc: "2.0", id, result });
  if (method === "initialize") return answer({ name: "counting", version: "1.0.0", protocol_version: 1, hooks: ["post-plan-resource"] });
  if (method !== "post-plan-resource") return answer({});
  calls++;
  ${crashEvery === null ? "" : crash}
  return answer({ status: "success", message: String(calls) });
}`;
}

/** The five: the policy as plug-in, command and executable, one that counts, and one that crashes. Written into `folder`. */
export function soakGuests(folder: string): readonly IntegrationDeclarationInput[] {
  writeFileSync(join(folder, "counter.js"), counting(null));
  writeFileSync(join(folder, "crasher.js"), counting(CRASH_EVERY));
  const forms = FORMS.filter(({ name }) => ["wasm plug-in", "wasm command", "executable (Node)"].includes(name));
  return [
    ...forms.map((form) => ({ ...declarationOf(form, form.name.replaceAll(/[^a-z]+/gi, "_")) })),
    { name: COUNTER, directory: folder, source: "./counter.js" },
    { name: CRASHER, directory: folder, source: "./crasher.js", timeoutMs: CRASHER_TIMEOUT_MS },
  ].map((declared) => ({ timeoutMs: HEALTHY_TIMEOUT_MS, ...declared }));
}
