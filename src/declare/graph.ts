import { remedyForUnknown } from "../base/nearest.js";
import { quote } from "../base/quote.js";
import type { SourceLocation } from "../protocol/airlock-error.js";
import type { IntegrationDeclaration } from "./declaration.js";
import { DeclareError } from "./declare-error.js";
import { Problems } from "./problems.js";

type Node = Pick<IntegrationDeclaration, "name" | "after" | "location">;

/**
 * Checks what declarations say of each other. Throws a `DeclareError` with `DECLARE_DUPLICATE_NAME`,
 * `DECLARE_UNKNOWN_AFTER` or `DECLARE_CYCLE`; with several faults the first, and the rest in its `others`.
 */
export function checkGraph(declarations: readonly Node[]): void {
  const problems = new Problems();
  const byName = new Map<string, Node>();
  for (const declaration of declarations) {
    const first = byName.get(declaration.name);
    if (first === undefined) byName.set(declaration.name, declaration);
    else problems.add(duplicate(declaration, first));
  }
  const names = [...byName.keys()];
  for (const declaration of declarations) {
    for (const name of declaration.after) {
      if (!byName.has(name)) problems.add(unknownAfter(declaration, name, names));
    }
  }
  const { cycle } = rank(declarations);
  if (cycle !== undefined) problems.add(cycleError(cycle));
  problems.throwIfAny();
}

/**
 * The level of each declaration, by its index: 0 without `after`, else one more than the highest of those it names.
 * Those of one level may run at the same time. Wants declarations that `checkGraph` has passed.
 */
export function levels(declarations: readonly Node[]): number[] {
  const { ranks } = rank(declarations);
  return declarations.map((declaration) => ranks.get(declaration.name) ?? 0);
}

/** Levels by name (Kahn's algorithm, so that no chain is too long), and one cycle if there is any. */
function rank(declarations: readonly Node[]): { ranks: ReadonlyMap<string, number>; cycle?: readonly Node[] } {
  const byName = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  const waiting = new Map<string, number>();
  const followers = new Map<string, string[]>();
  for (const { name, after } of byName.values()) {
    const known = [...new Set(after)].filter((other) => byName.has(other));
    waiting.set(name, known.length);
    for (const other of known) followers.set(other, [...(followers.get(other) ?? []), name]);
  }
  const ranks = new Map<string, number>();
  const ready = [...byName.keys()].filter((name) => waiting.get(name) === 0);
  for (const name of ready) ranks.set(name, 0);
  for (const name of ready) {
    for (const follower of followers.get(name) ?? []) {
      ranks.set(follower, Math.max(ranks.get(follower) ?? 0, (ranks.get(name) ?? 0) + 1));
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      if (left === 0) ready.push(follower);
    }
  }
  const stuck = new Set([...byName.keys()].filter((name) => (waiting.get(name) ?? 0) > 0));
  return stuck.size === 0 ? { ranks } : { ranks, cycle: findCycle(byName, stuck) };
}

/** Every stuck declaration waits for another stuck one, so following them must come back to one seen before. */
function findCycle(byName: ReadonlyMap<string, Node>, stuck: ReadonlySet<string>): readonly Node[] {
  const path: Node[] = [];
  const [start] = stuck;
  let name = start;
  while (name !== undefined) {
    const declaration = byName.get(name);
    if (declaration === undefined) break;
    const seen = path.indexOf(declaration);
    if (seen !== -1) return path.slice(seen);
    path.push(declaration);
    name = declaration.after.find((other) => stuck.has(other));
  }
  return path;
}

function duplicate(second: Node, first: Node): DeclareError {
  const place = first.location === undefined ? "" : `, the first at ${describe(first.location)}`;
  return new DeclareError("DECLARE_DUPLICATE_NAME", `two integrations are named ${quote(second.name)}${place}`, {
    ...context(second),
    remedy: "Give one of them another name.",
  });
}

function unknownAfter(declaration: Node, name: string, names: readonly string[]): DeclareError {
  const others = names.filter((other) => other !== declaration.name);
  const message = `integration ${quote(declaration.name)} comes after ${quote(name)}, which is not declared`;
  return new DeclareError("DECLARE_UNKNOWN_AFTER", message, {
    ...context(declaration),
    remedy: remedyForUnknown(name, others),
  });
}

function cycleError(cycle: readonly Node[]): DeclareError {
  const [first] = cycle;
  const chain = [...cycle, ...cycle.slice(0, 1)].map(({ name }) => name).join(" -> ");
  return new DeclareError("DECLARE_CYCLE", `integrations come after each other: ${chain}`, {
    ...(first !== undefined && context(first)),
    remedy: "Take one of these out of the after of another.",
  });
}

function context({ name, location }: Node): { integration: string; location?: SourceLocation } {
  return { integration: name, ...(location !== undefined && { location }) };
}

function describe({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`;
}
