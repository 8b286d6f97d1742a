import { fork } from "node:child_process";
import { once } from "node:events";
import type { ChildProcess } from "node:child_process";
import type { FuzzMessage, FuzzTask } from "./messages.js";
import { fuzzOptions } from "./options.js";

/** A process that is not done so long after its time hangs. */
const PATIENCE_MS = 60_000;

/** What is known of one target so far. */
interface Told {
  runs: number;
  seconds: number;
  batchSeed: number;
  failure: string | null;
}

/**
 * Fuzzes each target in a process of its own, so that one that hangs or kills its process is a finding as any other.
 * Gives the exit code: 0 when nothing was found, 1 when something was, 2 for a wrong command line. SIGINT ends it with
 * what it has. `entry` is the script that a process is started with; it gets a `FuzzTask` as its argument.
 */
export async function main(argv: readonly string[], entry: string, patienceMs = PATIENCE_MS): Promise<number> {
  const options = fuzzOptions(argv);
  if (typeof options === "string") {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  const { seed, targets, minutes } = options;
  const seconds = (minutes * 60) / targets.length;
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    interrupted.abort();
  });
  console.log(`seed ${seed}, ${seconds.toFixed(1)} s for each of ${targets.length} targets`);
  const found: string[] = [];
  for (const target of targets) {
    if (interrupted.signal.aborted) break;
    const told = await fuzz(entry, { target, seed, seconds }, interrupted.signal, patienceMs);
    console.log(
      `${target.padEnd(20)} ${String(told.runs).padStart(9)} runs ${told.seconds.toFixed(1).padStart(7)} s  ${told.failure === null ? "ok" : "FAILED"}`,
    );
    if (told.failure === null) continue;
    console.log(told.failure.replace(/^/gm, "    "));
    console.log(`    again: npm run fuzz -- --target ${target} --seed ${told.batchSeed}`);
    found.push(target);
  }
  console.log(found.length === 0 ? "nothing was found" : `something was found in ${found.join(", ")}`);
  return found.length === 0 ? 0 : 1;
}

async function fuzz(entry: string, task: FuzzTask, interrupted: AbortSignal, patienceMs: number): Promise<Told> {
  const told: Told = { runs: 0, seconds: 0, batchSeed: task.seed, failure: null };
  const started = performance.now();
  // A group of its own: the Ctrl-C of a terminal is for this process alone.
  const child = fork(entry, [JSON.stringify(task)], { detached: true, stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const stop = (): void => {
    child.kill("SIGKILL");
  };
  interrupted.addEventListener("abort", stop, { once: true });
  process.once("exit", stop);
  const hanging = setTimeout(
    () => {
      told.failure = "it hangs";
      stop();
    },
    task.seconds * 1_000 + patienceMs,
  );
  child.on("message", (message: FuzzMessage) => {
    if (message.kind === "batch") told.batchSeed = message.seed;
    else if (message.kind === "runs") told.runs += message.runs;
    else told.failure = message.text;
  });
  const ended = await endOf(child);
  clearTimeout(hanging);
  interrupted.removeEventListener("abort", stop);
  process.off("exit", stop);
  if (ended !== null && !interrupted.aborted) told.failure ??= ended;
  told.seconds = (performance.now() - started) / 1_000;
  return told;
}

/** How a process ended that should have ended well; null when it did. */
async function endOf(child: ChildProcess): Promise<string | null> {
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return code === 0 ? null : `its process ended with ${signal ?? String(code)}`;
}
