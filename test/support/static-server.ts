import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";

/** What a server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** A web server on loopback that notes what it is asked. */
export interface RunningServer {
  /** `localhost:PORT`. */
  readonly host: string;
  readonly asked: Asked[];
  stop(): Promise<void>;
}

/** A server that answers by `listener`. */
export async function startServer(listener: RequestListener): Promise<RunningServer> {
  const asked: Asked[] = [];
  const server: Server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    asked.push({ method, path: url, authorization: headers.authorization });
    listener(request, response);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: `localhost:${port}`,
    asked,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A plain static web server: it knows files, and nothing of registries. */
export function staticFiles(root: string): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    readFile(join(root, normalize(path))).then(
      (bytes) => response.writeHead(200, { "content-length": bytes.byteLength }).end(bytes),
      () => response.writeHead(404).end(),
    );
  };
}
