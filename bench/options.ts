import { parseArgs } from "node:util";
import { BenchError } from "./bench-error.js";
import { SCOPES } from "./measurement.js";
import type { Scope } from "./measurement.js";

/** What `--help` prints. */
export const USAGE = `Usage: npm run bench [-- OPTIONS]

  --scope NAME   measure only this: ${SCOPES.join(", ")}; may be given several times
  --quick        fewer samples: shows that it works, gives no figures to quote
  --json         print JSON instead of tables
  --help         print this
`;

/** What the command line says. */
export interface BenchOptions {
  /** In the order of `SCOPES`, without repetitions. */
  readonly scopes: readonly Scope[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** Reads the arguments after the program's name. Throws `BenchError` BENCH_USAGE. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parse(args);
  const wanted = values.scope ?? [];
  const unknown = wanted.find((name) => !isScope(name));
  if (unknown !== undefined) {
    throw new BenchError("BENCH_USAGE", `there is no scope "${unknown}"`, { remedy: `Scopes: ${SCOPES.join(", ")}.` });
  }
  return {
    scopes: SCOPES.filter((scope) => wanted.length === 0 || wanted.includes(scope)),
    quick: values.quick ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        scope: { type: "string", multiple: true },
        quick: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError("BENCH_USAGE", message, { remedy: "See `npm run bench -- --help`.", cause });
  }
}

function isScope(name: string): name is Scope {
  return SCOPES.some((scope) => scope === name);
}
