import type { Dispatcher } from "undici";
import { formatSize } from "../../../base/size-text.js";
import { RegistryError } from "../registry-error.js";
import { placeOf } from "./destination.js";
import { broken, cancelled, timedOut, Transient } from "./failure.js";

/** One request, and what it is held to. */
export interface Exchange {
  readonly url: URL;
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  readonly maxBytes: number;
  /** Of a body of success, when it is known. */
  readonly size: number | null;
  readonly deadline: AbortSignal;
  readonly stop: AbortSignal | undefined;
  readonly onBytes: ((received: number, total: number | null) => void) | undefined;
}

/** What came back. Names of headers are in lower case. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the status is not one of success. */
  readonly body: Uint8Array;
}

/** The largest part of a body of no success that is read, to keep its connection. */
const MAX_DISCARDED_BYTES = 64 * 1024;

/** One exchange with one server. Throws `RegistryError`, or `Transient` around one where another try may help. */
export async function exchange(agent: Dispatcher, wanted: Exchange): Promise<Answer> {
  const { url, method, body, deadline, stop } = wanted;
  const headers = { "user-agent": "airlock", "accept-encoding": "identity", ...wanted.headers };
  const signal = stop === undefined ? deadline : AbortSignal.any([deadline, stop]);
  let begun = false;
  try {
    const response = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      body,
      signal,
    });
    begun = true;
    return await read(response, wanted);
  } catch (error) {
    if (error instanceof RegistryError || error instanceof Transient) throw error;
    if (stop?.aborted === true) throw cancelled(url);
    if (deadline.aborted) throw timedOut(url, error);
    throw broken(url, error, begun);
  }
}

async function read(response: Dispatcher.ResponseData, wanted: Exchange): Promise<Answer> {
  const { url } = wanted;
  const status = response.statusCode;
  const headers = joined(response.headers);
  if (status < 200 || status >= 300 || wanted.method === "HEAD") {
    await response.body.dump({ limit: MAX_DISCARDED_BYTES });
    return { url, status, headers, body: new Uint8Array(0) };
  }
  try {
    return { url, status, headers, body: await readBody(response.body, headers, wanted) };
  } finally {
    // Ends the connection of a body that is not wanted to its end.
    response.body.on("error", () => undefined).destroy();
  }
}

async function readBody(
  body: AsyncIterable<unknown>,
  headers: Readonly<Record<string, string>>,
  { url, size, maxBytes, onBytes }: Exchange,
): Promise<Uint8Array> {
  const most = size ?? maxBytes;
  const declared = headers["content-length"] === undefined ? null : Number(headers["content-length"]);
  if (declared !== null && declared > most) throw tooLarge(url, most);
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("a body is read as bytes");
    received += chunk.byteLength;
    if (received > most) throw tooLarge(url, most);
    chunks.push(chunk);
    onBytes?.(received, size ?? declared);
  }
  if (size !== null && received < size) throw new Transient(truncated(url, received, size));
  return Buffer.concat(chunks);
}

function joined(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}

function tooLarge(url: URL, most: number): RegistryError {
  return new RegistryError("REGISTRY_TOO_LARGE", `${placeOf(url)} answers with more than ${formatSize(most)}`, {
    remedy: "Do not use it before those who run the host say why.",
  });
}

function truncated(url: URL, received: number, size: number): RegistryError {
  return new RegistryError("REGISTRY_TRUNCATED", `${placeOf(url)} gave ${received} of ${size} bytes`, {
    remedy: "Try again. If it stays, tell those who run the host.",
  });
}
