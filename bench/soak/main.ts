import { parseArgs } from "node:util";
import { AirlockError } from "../../src/protocol/airlock-error.js";
import { BenchError } from "../bench-error.js";
import { soak } from "./soak.js";
import { renderSoak } from "./text.js";

const USAGE = `Usage: npm run soak [-- OPTIONS]

  --calls N   hook calls, over five guests; default 1000000
  --help      print this
`;
const DEFAULT_CALLS = 1_000_000;
/** Fewer give no second sample of memory after the first tenth. */
const MIN_CALLS = 1_000;

function readCalls(args: readonly string[]): number | null {
  try {
    const options = { calls: { type: "string" }, help: { type: "boolean" } } as const;
    const { values } = parseArgs({ args: [...args], options });
    if (values.help === true) return null;
    const calls = Number(values.calls ?? DEFAULT_CALLS);
    if (Number.isSafeInteger(calls) && calls >= MIN_CALLS) return calls;
  } catch (cause) {
    throw new BenchError("BENCH_USAGE", cause instanceof Error ? cause.message : String(cause), { cause });
  }
  throw new BenchError("BENCH_USAGE", `--calls must be a whole number of ${MIN_CALLS} or more`);
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const calls = readCalls(args);
    if (calls === null) {
      process.stdout.write(USAGE);
      return 0;
    }
    const report = await soak(calls, (text) => process.stderr.write(`${text}\n`));
    process.stdout.write(renderSoak(report));
    return report.faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof AirlockError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n${error.remedy ?? "See `npm run soak -- --help`."}\n`);
    return error.code === "BENCH_USAGE" ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
