import {
  connect,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { CallHandler, RelayOptions } from "../../../../src/hosts/terraform/wire/call-handler.js";
import { Relay } from "../../../../src/hosts/terraform/wire/relay.js";
import { temporaryFolder } from "../../../support/projects.js";
import { prefixed, RawPeer } from "./raw-peer.js";
import { socketPair } from "./sockets.js";

export interface Told {
  readonly relay: Relay;
  /** What `fault` was told, in order. */
  readonly faults: { readonly error: unknown; readonly path: string }[];
  /** How often the relay connected to the provider. */
  connects: number;
}

type Extra = Partial<Pick<RelayOptions, "coreGone" | "connect" | "fault">>;
type Intercept = RelayOptions["intercept"];

/** Messages as they are. */
export const UNCHANGED: CallHandler = {
  request: (message) => ({ forward: message }),
  response: (message) => message,
};

async function relayOn(connectProvider: RelayOptions["connect"], intercept: Intercept, extra: Extra) {
  const [accepted, opened] = await socketPair();
  const faults: Told["faults"] = [];
  let connects = 0;
  const relay = new Relay({
    core: accepted,
    connect: () => {
      connects++;
      return connectProvider();
    },
    intercept,
    fault: (error, path) => faults.push({ error, path }),
    ...extra,
  });
  onTestFinished(() => {
    relay.close();
  });
  const told: Told = {
    relay,
    faults,
    get connects() {
      return connects;
    },
  };
  return { told, socket: opened };
}

/** Both ends raw. The provider's end is there as soon as the relay connects. */
export async function rawRelay(
  intercept: Intercept = () => null,
  extra: Extra = {},
): Promise<Told & { core: RawPeer; provider: Promise<RawPeer> }> {
  const [accepted, opened] = await socketPair();
  let connected: (peer: RawPeer) => void;
  const provider = new Promise<RawPeer>((resolve) => (connected = resolve));
  const connectProvider = (): Promise<typeof opened> => {
    connected(new RawPeer(accepted, "server"));
    return Promise.resolve(opened);
  };
  const { told, socket } = await relayOn(connectProvider, intercept, extra);
  return Object.assign(told, { core: new RawPeer(socket, "client"), provider });
}

export type Serve = (stream: ServerHttp2Stream, body: Buffer, path: string, head: IncomingHttpHeaders) => void;

/** `node:http2` on both ends: `serve` is the provider, asked with the whole body of each request. */
export async function oracleRelay(
  serve: Serve,
  intercept: Intercept = () => null,
  extra: Extra = {},
): Promise<Told & { client: ClientHttp2Session }> {
  const path = join(temporaryFolder(), "provider");
  const server = createServer({ settings: { maxHeaderListSize: 1_000_000 }, maxSendHeaderBlockLength: 1_000_000 });
  server.on("stream", (stream, head) => {
    // A stream that the client cancels ends here with an error.
    stream.on("error", () => undefined);
    const body: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => body.push(chunk));
    stream.on("end", () => {
      serve(stream, Buffer.concat(body), head[":path"] ?? "", head);
    });
  });
  server.listen(path);
  await once(server, "listening");
  const { told, socket } = await relayOn(
    async () => {
      const toProvider = connectSocket(path);
      await once(toProvider, "connect");
      return toProvider;
    },
    intercept,
    extra,
  );
  const client = connect("http://localhost", {
    createConnection: () => socket,
    settings: { maxHeaderListSize: 1_000_000 },
    maxSendHeaderBlockLength: 1_000_000,
  });
  client.on("error", () => undefined);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return Object.assign(told, { client });
}

/** Answers with one message and status OK. */
export function reply(stream: ServerHttp2Stream, message: Uint8Array, head: Record<string, string> = {}): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc", ...head }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    stream.sendTrailers({ "grpc-status": "0", "grpc-message": "" });
  });
  stream.end(prefixed(message));
}

export interface Outcome {
  /** All bytes of the body, gRPC's prefix included. */
  readonly body: Buffer;
  readonly status: string | undefined;
  readonly text: string | undefined;
  /** HTTP/2 code that the stream ended with. */
  readonly code: number;
}

export interface Asked {
  readonly path?: string;
  /** The body as it is, instead of one message. */
  readonly body?: Uint8Array;
}

/** One call through the relay; resolves however it ends. */
export function ask(client: ClientHttp2Session, message: Uint8Array, { path, body }: Asked = {}): Promise<Outcome> {
  const stream = client.request({
    ":method": "POST",
    ":path": path ?? "/tfplugin6.Provider/Plan",
    "content-type": "application/grpc",
    te: "trailers",
  });
  const chunks: Buffer[] = [];
  let ending: Readonly<Record<string, unknown>> = {};
  const note = (fields: object): void => {
    ending = { ...ending, ...fields };
  };
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("response", note);
  stream.on("trailers", note);
  stream.on("error", () => undefined);
  stream.end(body ?? prefixed(message));
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return new Promise((resolve) => {
    stream.on("close", () => {
      resolve({
        body: Buffer.concat(chunks),
        status: text(ending["grpc-status"]),
        text: text(ending["grpc-message"]),
        code: stream.rstCode,
      });
    });
  });
}
