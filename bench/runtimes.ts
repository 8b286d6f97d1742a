import { createRuntime } from "../src/runtime/runtime.js";
import type { EventOutcome, Runtime, RuntimeOptions } from "../src/runtime/types.js";
import { BenchError } from "./bench-error.js";

/** A runtime with every integration started. Rejects with `BenchError` BENCH_WRONG_ANSWER when one is broken. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const runtime = createRuntime(options);
  const [broken] = await runtime.start();
  if (broken === undefined) return runtime;
  await runtime.stop();
  throw new BenchError("BENCH_WRONG_ANSWER", `${broken.integration} did not start: ${broken.message}`, {
    remedy: "Run `npm run build`, then try again.",
  });
}

/** Throws `BenchError` BENCH_WRONG_ANSWER unless every integration judged the event, and passed it. */
export function checkPassed({ results, verdict }: EventOutcome): void {
  if (verdict === "pass" && results.length > 0) return;
  const said = results.map(({ integration, message, error }) => `${integration}: ${error?.message ?? message}`);
  throw new BenchError(
    "BENCH_WRONG_ANSWER",
    `a measured event was not passed: ${said.join("; ") || "nobody judged it"}`,
  );
}
