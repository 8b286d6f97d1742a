import { once } from "node:events";
import { createServer } from "node:http";
import { BenchError } from "./bench-error.js";

/** A server on loopback that answers each request after some time. */
export interface WaitingServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts one on a free port; `waitMs` is from a request's arrival to its answer. */
export async function waitingServer(waitMs: number): Promise<WaitingServer> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.end("{}"), waitMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new BenchError("BENCH_COMMAND_FAILED", "the server of the waiting guests has no port");
  }
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
