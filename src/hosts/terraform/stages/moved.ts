import type { Refactoring } from "../configuration/types.js";

/** Chains of moves are as long as a configuration's history; a cycle is core's to refuse. */
const MAX_MOVES = 100;

/** One `moved` block (OpenTofu, `internal/addrs/move_endpoint.go` and `move_endpoint_module.go`). */
interface Move {
  /** The module that it stands in: it moves inside all instances of that. */
  readonly modulePath: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Neither side ends in an instance key: all instances move. With a key on one side only that instance does. */
  readonly isWhole: boolean;
}

const KEY = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]/y;

/** Where the part of an address begins that is relative to a module; null when it is in another. */
function startIn(modulePath: readonly string[], address: string): number | null {
  let at = 0;
  for (const name of modulePath) {
    const step = `module.${name}`;
    if (!address.startsWith(step, at)) return null;
    KEY.lastIndex = at + step.length;
    at += step.length + (KEY.exec(address)?.[0].length ?? 0) + 1;
    if (address[at - 1] !== ".") return null;
  }
  return at;
}

function apply(address: string, { modulePath, from, to, isWhole }: Move): string | null {
  const start = startIn(modulePath, address);
  if (start === null || !address.startsWith(from, start)) return null;
  const rest = address.slice(start + from.length);
  const isMeant = rest === "" || rest.startsWith(".") || (isWhole && rest.startsWith("["));
  return isMeant ? address.slice(0, start) + to + rest : null;
}

function hasKey(address: string): boolean {
  return address.endsWith("]");
}

/** Where objects will be that `import` blocks bring in, without instance keys: those can be expressions. */
export function imported(refactorings: readonly Refactoring[]): readonly string[] {
  return refactorings.flatMap(({ kind, modulePath, to }) =>
    kind === "import" && to !== null
      ? [modulePath.map((name) => `module.${name}.`).join("") + to.replaceAll(/\[[^\]]*\]/g, "")]
      : [],
  );
}

/** Where core will find an object that the state has at an address: what `moved` blocks say of it. */
export function moves(refactorings: readonly Refactoring[]): (address: string) => string {
  const all = refactorings.flatMap(({ kind, modulePath, from, to }) => {
    if (kind !== "moved" || from === null || to === null) return [];
    return [{ modulePath, from, to, isWhole: !hasKey(from) && !hasKey(to) }];
  });
  return (address) => {
    let current = address;
    for (let step = 0; step < MAX_MOVES; step += 1) {
      const next = all.map((move) => apply(current, move)).find((moved) => moved !== null);
      if (next === undefined || next === current) return current;
      current = next;
    }
    return current;
  };
}
