import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { Broker, openNetwork } from "../../src/broker/broker.js";
import type { BrokerOptions, NetworkOptions } from "../../src/broker/broker.js";
import type { HttpCall } from "../../src/broker/fetch.js";
import type { RequestError } from "../../src/protocol/request-error.js";

const pem = (name: string): string => readFileSync(new URL(`../support/tls/${name}.pem`, import.meta.url), "utf8");

/** What test servers with TLS are signed by. */
export const AUTHORITY = pem("authority");

/** A server on loopback that ends with the test; its port. */
async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export function httpServer(listener: RequestListener): Promise<number> {
  return listening(createServer(listener));
}

/** Signed by `AUTHORITY`, for `prices.example`, `localhost` and 127.0.0.1. */
export function httpsServer(listener: RequestListener): Promise<number> {
  return listening(createTlsServer({ key: pem("server-key"), cert: pem("server") }, listener));
}

/** What a guest was answered. */
export interface Answered {
  readonly result?: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
  readonly content: string | undefined;
  /** Of the error. */
  readonly code: string | undefined;
  readonly message: string;
}

export interface TestBroker {
  ask(method: string, params: unknown, over?: AbortSignal): Promise<Answered>;
  fetch(url: string, params?: object): Promise<Answered>;
  readonly calls: HttpCall[];
  readonly refusals: RequestError[];
}

type Given = Partial<Pick<BrokerOptions, "limits" | "directory" | "messageBytes">> & {
  readonly hosts?: string[];
  readonly files?: string[];
  readonly network?: NetworkOptions;
};

/** A broker with these grants, as a guest sees it. */
export function testBroker(given: Given): TestBroker {
  const { hosts = [], files = [], network, limits = {}, directory = "/", messageBytes = 8 * 1024 ** 2 } = given;
  const calls: HttpCall[] = [];
  const refusals: RequestError[] = [];
  const broker = new Broker({
    grants: { hosts, files },
    directory,
    messageBytes,
    network: openNetwork(network),
    limits,
    called: (call) => calls.push(call),
    refused: (error) => refusals.push(error),
  });
  const ask = async (method: string, params: unknown, over = new AbortController().signal): Promise<Answered> => {
    const line = await broker.answer(JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }), over);
    const { id, result, error } = JSON.parse(line ?? "{}") as {
      id?: number;
      result?: Answered["result"] & { content?: string };
      error?: { message: string; data: { code: string } };
    };
    if (id !== 7) throw new Error("the answer has not the id of the request");
    return {
      ...(result !== undefined && { result }),
      content: result?.content,
      code: error?.data.code,
      message: error?.message ?? "",
    };
  };
  return { ask, calls, refusals, fetch: (url, params = {}) => ask("http/fetch", { url, ...params }) };
}

/** A resolver that knows these names alone. */
export function names(known: Readonly<Record<string, readonly string[]>>): NonNullable<NetworkOptions["lookup"]> {
  return (hostname) =>
    Promise.resolve((known[hostname] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
}

/** Something that can be awaited. */
export function happening(): { readonly promise: Promise<void>; readonly happened: () => void } {
  let happened = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    happened = resolve;
  });
  return { promise, happened };
}
