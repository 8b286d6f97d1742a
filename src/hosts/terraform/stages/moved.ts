import type { Refactoring } from "../configuration/types.js";

/** Chains of moves are as long as a configuration's history; a cycle is core's to refuse. */
const MAX_MOVES = 100;

interface Move {
  readonly from: string;
  readonly to: string;
}

/** The address in front of a module-relative one, without keys; a module with keys moves inside all its instances. */
function prefixOf(modulePath: readonly string[]): string {
  return modulePath.map((name) => `module.${name}.`).join("");
}

function apply(address: string, { from, to }: Move): string | null {
  if (!address.startsWith(from)) return null;
  const rest = address.slice(from.length);
  return rest === "" || rest.startsWith(".") || rest.startsWith("[") ? to + rest : null;
}

/** Where objects will be that `import` blocks bring in, without instance keys: those can be expressions. */
export function imported(refactorings: readonly Refactoring[]): readonly string[] {
  return refactorings.flatMap(({ kind, modulePath, to }) =>
    kind === "import" && to !== null ? [prefixOf(modulePath) + to.replaceAll(/\[[^\]]*\]/g, "")] : [],
  );
}

/** Where core will find an object that the state has at an address: what `moved` blocks say of it. */
export function moves(refactorings: readonly Refactoring[]): (address: string) => string {
  const all = refactorings.flatMap(({ kind, modulePath, from, to }) => {
    if (kind !== "moved" || from === null || to === null) return [];
    const prefix = prefixOf(modulePath);
    return [{ from: prefix + from, to: prefix + to }];
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
