import type { Signer } from "../../package/signature/types.js";
import type { Grants } from "../../protocol/grants.js";
import type { Lock, LockedIntegration } from "./lock.js";

const HEAD = `# Maintained by \`airlock init\`: which integrations from elsewhere run here, signed by
# whom, and what they are granted. Commit this file; change it by \`airlock init -upgrade\`.
`;

/** The text of a lock: the same pins give the same bytes, one line for each thing, so that changes read well. */
export function lockText(lock: Lock): string {
  const blocks = [...lock.values()].sort((a, b) => (a.source < b.source ? -1 : 1)).map(block);
  return [HEAD, ...blocks].join("\n");
}

function block(locked: LockedIntegration): string {
  const head: [string, string][] = [
    ["package", quoted(locked.package)],
    ["version", quoted(locked.version)],
    ...(locked.constraints === null ? [] : [["constraints", quoted(locked.constraints)] as [string, string]]),
    ["kind", quoted(locked.kind)],
  ];
  const width = Math.max(...head.map(([name]) => name.length));
  return [
    `integration ${quoted(locked.source)} {`,
    ...head.map(([name, value]) => `  ${name.padEnd(width)} = ${value}`),
    ...object("digests", sorted(locked.digests), quoted),
    ...list("signers", locked.signers.map(signer).sort()),
    `  wanted_grants = ${grants(locked.wantedGrants)}`,
    ...object("granted", sorted(locked.granted), grants),
    "}",
    "",
  ].join("\n");
}

function object<T>(name: string, entries: readonly (readonly [string, T])[], text: (value: T) => string): string[] {
  if (entries.length === 0) return [`  ${name} = {}`];
  return [`  ${name} = {`, ...entries.map(([key, value]) => `    ${quoted(key)} = ${text(value)}`), "  }"];
}

function list(name: string, items: readonly string[]): string[] {
  if (items.length === 0) return [`  ${name} = []`];
  return [`  ${name} = [`, ...items.map((item) => `    ${item},`), "  ]"];
}

function signer(one: Signer): string {
  if (one.type === "key") return `{ type = "key", id = ${quoted(one.id)} }`;
  return `{ type = "identity", issuer = ${quoted(one.issuer)}, subject = ${quoted(one.subject)} }`;
}

/** What is not granted is left out. */
function grants({ hosts, env, files, clock, random, sensitive }: Grants): string {
  const named = (name: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`${name} = [${[...items].sort().map(quoted).join(", ")}]`];
  const texts = [
    ...named("hosts", hosts),
    ...named("env", env),
    ...named("files", files),
    ...(clock ? ["clock = true"] : []),
    ...(random ? ["random = true"] : []),
    ...named("sensitive", sensitive),
  ];
  return texts.length === 0 ? "{}" : `{ ${texts.join(", ")} }`;
}

function sorted<T>(map: ReadonlyMap<string, T>): (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A string of HCL: JSON's escapes, of which HCL knows all that occur, and no templates. */
function quoted(text: string): string {
  return JSON.stringify(text)
    .replace(/\\(.)/g, (escape, letter: string) => UNKNOWN_TO_HCL[letter] ?? escape)
    .replace(/([$%])\{/g, "$1$1{");
}

const UNKNOWN_TO_HCL: Readonly<Record<string, string>> = { b: "\\u0008", f: "\\u000c" };
