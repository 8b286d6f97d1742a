import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A program that takes longer is killed, in ms. */
const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

const execute = promisify(execFile);

/** Runs a program to its end and gives its standard output. Rejects when it cannot start, fails, or takes too long. */
export async function runProgram(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const limits = { timeout: TIMEOUT_MS, killSignal: "SIGKILL", maxBuffer: MAX_OUTPUT_BYTES } as const;
  const { stdout } = await execute(path, args, { ...limits, env: { ...env }, encoding: "utf8" });
  return stdout;
}
