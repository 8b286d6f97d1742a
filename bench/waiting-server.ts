import { spawn } from "node:child_process";
import { once } from "node:events";
import { BenchError } from "./bench-error.js";

/** A server on loopback that answers each request after some time. */
export interface WaitingServer extends AsyncDisposable {
  readonly port: number;
}

/** Ends with its standard input, so that none is left behind. */
const PROGRAM = `
const server = require("node:http").createServer((request, response) => {
  setTimeout(() => response.end("{}"), Number(process.argv[1]));
});
server.listen(0, "127.0.0.1", () => process.stdout.write(server.address().port + "\\n"));
process.stdin.resume().on("end", () => process.exit());
`;

/**
 * Starts one on a free port, in a process of its own: what it computes must not be taken for the runtime's. `waitMs` is
 * from a request's arrival to its answer. Rejects with `BenchError` BENCH_COMMAND_FAILED.
 */
export async function waitingServer(waitMs: number): Promise<WaitingServer> {
  const child = spawn(process.execPath, ["-e", PROGRAM, String(waitMs)], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const said: readonly unknown[] = await Promise.race([once(child.stdout, "data"), ended]);
  // It is a Buffer, or the exit code.
  const port = Buffer.isBuffer(said[0]) ? Number(said[0].toString("latin1")) : 0;
  if (!(port > 0)) throw new BenchError("BENCH_COMMAND_FAILED", "the server of the waiting guests did not start");
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
