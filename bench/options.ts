import { parseArgs } from "node:util";
import { BenchError } from "./bench-error.js";
import { SCOPES } from "./measurement.js";
import type { Scope } from "./measurement.js";

/** What `--help` prints. */
export const USAGE = `Usage: npm run bench [-- OPTIONS]

  --scope NAME   measure only this: ${SCOPES.join(", ")}; may be given several times
  --quick        fewer samples: shows that it works, gives no figures to quote
  --compare FILE hold it against an earlier bench.json; ends with 1 when a row became worse beyond the noise of both
  --budget TIME  begin no further scope after so many seconds
  --output DIR   where reports and charts are written to; bench/out when left out
  --json         print JSON instead of tables
  --help         print this
`;

/** What the command line says. */
export interface BenchOptions {
  /** In the order of `SCOPES`, without repetitions. */
  readonly scopes: readonly Scope[];
  readonly quick: boolean;
  /** The earlier report; null = none. */
  readonly compare: string | null;
  /** In ms; Infinity without a bound. */
  readonly budgetMs: number;
  /** null = the folder of the generated files. */
  readonly output: string | null;
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
    compare: values.compare ?? null,
    budgetMs: readBudget(values.budget),
    output: values.output ?? null,
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
        compare: { type: "string" },
        budget: { type: "string" },
        output: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError("BENCH_USAGE", message, { remedy: "See `npm run bench -- --help`.", cause });
  }
}

function readBudget(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text) * 1_000;
  throw new BenchError("BENCH_USAGE", `--budget ${text} is no number of seconds`, { remedy: "E.g. --budget 90." });
}

function isScope(name: string): name is Scope {
  return SCOPES.some((scope) => scope === name);
}
