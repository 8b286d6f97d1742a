import { request as requestHttp } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { errorCode } from "../base/error-code.js";
import { formatSize } from "../base/size-text.js";
import { REQUEST_LIMITS } from "../protocol/limits.js";
import { RequestError } from "../protocol/request-error.js";
import type { Address } from "./addresses.js";
import type { Target } from "./targets.js";

/** What goes out. */
export interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** What came back; the body of a redirect is not read. */
export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** How one exchange is made. */
export interface Wire {
  /** Where the connection goes; null when the target is an address itself. */
  readonly addresses: readonly Address[] | null;
  /** PEM; in place of the system's. */
  readonly certificateAuthorities: readonly string[] | undefined;
  readonly contentBytes: number;
  readonly signal: AbortSignal;
}

/** The statuses that send a client elsewhere. */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * One HTTP/1.1 request on a connection of its own: to no address but those given, through no proxy, TLS always
 * verified. Throws `RequestError` REQUEST_UNREACHABLE, REQUEST_COMPRESSED or REQUEST_TOO_LARGE; rejects with an
 * AbortError when the signal fires.
 */
export async function exchange({ url, place }: Target, outgoing: Outgoing, wire: Wire): Promise<Incoming> {
  try {
    const incoming = await respond(open(url, outgoing, wire), outgoing.body);
    return await read(incoming, place, wire.contentBytes);
  } catch (error) {
    if (error instanceof RequestError || wire.signal.aborted) throw error;
    throw broken(place, error);
  }
}

function open(url: URL, { method, headers, body }: Outgoing, wire: Wire): ClientRequest {
  const options: RequestOptions & { readonly ca?: string[] } = {
    method,
    headers: {
      "user-agent": "airlock",
      ...lowerCased(headers),
      ...(body !== null && { "content-length": body.byteLength }),
      "accept-encoding": "identity",
    },
    // An agent of its own: no connection is used twice, and none goes through a proxy of the environment.
    agent: false,
    maxHeaderSize: REQUEST_LIMITS.headerBytes,
    insecureHTTPParser: false,
    signal: wire.signal,
    ...(wire.addresses !== null && { lookup: pinned(wire.addresses) }),
  };
  if (url.protocol === "http:") return requestHttp(url, options);
  const { certificateAuthorities } = wire;
  // Said outright, for NODE_TLS_REJECT_UNAUTHORIZED=0 would turn it off otherwise.
  return requestHttps(url, {
    ...options,
    rejectUnauthorized: true,
    ...(certificateAuthorities !== undefined && { ca: [...certificateAuthorities] }),
  });
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The name was resolved already, and its addresses looked at: the connection goes to them and to no other. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}

function respond(request: ClientRequest, body: Uint8Array | null): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    // Stays for the whole exchange: an error behind the response is told by the response, too.
    request.on("error", reject);
    request.on("upgrade", (_response, socket) => {
      socket.destroy();
      reject(new Error("the server changed the protocol"));
    });
    request.end(body ?? undefined);
  });
}

async function read(response: IncomingMessage, place: string, contentBytes: number): Promise<Incoming> {
  const status = response.statusCode ?? 0;
  const headers = headersOf(response);
  if (REDIRECTS.has(status)) {
    response.destroy();
    return { status, headers, body: new Uint8Array(0) };
  }
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    response.destroy();
    throw new RequestError("REQUEST_COMPRESSED", `${place} answered with a compressed body, which was not asked for`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > contentBytes) {
      throw new RequestError("REQUEST_TOO_LARGE", `${place} answered with over ${formatSize(contentBytes)}`);
    }
    chunks.push(chunk);
  }
  return { status, headers, body: Buffer.concat(chunks) };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const joined = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return Object.fromEntries(joined);
}

function broken(place: string, cause: unknown): RequestError {
  if (errorCode(cause) === "HPE_HEADER_OVERFLOW") {
    const size = formatSize(REQUEST_LIMITS.headerBytes);
    return new RequestError("REQUEST_TOO_LARGE", `${place} answered with over ${size} of headers`, { cause });
  }
  const why = errorCode(cause) ?? (cause instanceof Error ? cause.message : "unknown reason");
  return new RequestError("REQUEST_UNREACHABLE", `${place} cannot be reached: ${why.slice(0, 200)}`, { cause });
}
