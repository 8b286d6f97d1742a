import type { FuzzMessage, FuzzTask } from "./messages.js";
import { removeScratch } from "./scratch.js";
import { TARGETS } from "./targets.js";

const BATCH_RUNS = 1_000;

/** Fuzzes one target, batch after batch with one seed after the other, until the time is over or something is found. */
export async function fuzzOne({ target: name, seed: first, seconds }: FuzzTask): Promise<void> {
  const target = TARGETS.find((candidate) => candidate.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      tell({
        kind: "failure",
        text: `${event}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      });
      process.exit(1);
    });
  }
  process.once("exit", removeScratch);
  const end = performance.now() + seconds * 1_000;
  for (let seed = first; performance.now() < end; seed += 1) {
    tell({ kind: "batch", seed });
    const { runs, failure } = await target.run({
      seed,
      runs: BATCH_RUNS,
      atMostMs: Math.max(end - performance.now(), 1),
      replays: seed === first,
    });
    tell({ kind: "runs", runs });
    if (failure !== null) {
      tell({ kind: "failure", text: failure });
      return;
    }
  }
}

function tell(message: FuzzMessage): void {
  process.send?.(message);
}
