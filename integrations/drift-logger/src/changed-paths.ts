import { isRecord } from "airlock-guest-sdk";
import type { Path } from "airlock-guest-sdk";

const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Paths of the innermost values that differ, those of an object in the order of their names. */
export function* changedPaths(before: unknown, after: unknown, at: Path = []): Generator<Path> {
  if (isRecord(before) && isRecord(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      yield* changedPaths(own(before, key), own(after, key), [...at, key]);
    }
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      yield* changedPaths(before[index], after[index], [...at, index]);
    }
  } else if (before !== after) {
    yield at;
  }
}

/** A path as people write it: `ingress[0].tags["a b"]`. */
export function pathText(path: Readonly<Path>): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return PLAIN_NAME.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.join("").replace(/^\./, "");
}
