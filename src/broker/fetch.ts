import { errorCode } from "../base/error-code.js";
import type { FetchParams, FetchResult } from "../protocol/host-requests.js";
import { RequestError } from "../protocol/request-error.js";
import { mayLeadTo } from "./addresses.js";
import type { Address } from "./addresses.js";
import { decodeContent, encodeContent } from "./content.js";
import { exchange, REDIRECTS } from "./exchange.js";
import type { Incoming, Outgoing } from "./exchange.js";
import type { Pace } from "./pace.js";
import type { Resolver } from "./resolver.js";
import type { Target, Targets } from "./targets.js";

/** What became of one HTTP request, or of one hop of a redirected one. */
export interface HttpCall {
  readonly method: string;
  /** Host and port, as they are granted. */
  readonly host: string;
  /** null when there was no complete response. */
  readonly status: number | null;
  /** Of the response's body. */
  readonly bytes: number;
  readonly elapsedMs: number;
  /** Of the error, where there was one. */
  readonly code: string | null;
}

/** What one integration's HTTP requests work with. */
export interface Fetching {
  readonly targets: Targets;
  readonly resolver: Resolver;
  readonly pace: Pace;
  readonly certificateAuthorities: readonly string[] | undefined;
  readonly limits: { readonly redirects: number; readonly contentBytes: number; readonly timeoutMs: number };
  readonly called: (call: HttpCall) => void;
}

/** Headers that belong to the host they were meant for. */
const OF_ONE_HOST: ReadonlySet<string> = new Set(["authorization", "cookie"]);

/**
 * Makes an HTTP request and follows its redirects, each of which is checked as if it had been asked for. Throws
 * `RequestError`; rejects with an AbortError when the signal fires.
 */
export async function fetchUrl(params: FetchParams, fetching: Fetching, signal: AbortSignal): Promise<FetchResult> {
  let target = fetching.targets.at(params.url);
  let outgoing: Outgoing = {
    method: params.method,
    headers: params.headers,
    body: params.body === undefined ? null : decodeContent(params.body, params.body_encoding),
  };
  for (let hop = 0; hop <= fetching.limits.redirects; hop++) {
    const incoming = await callOnce(target, outgoing, fetching, signal);
    if (!REDIRECTS.has(incoming.status)) {
      const { status, headers, body } = incoming;
      return { status, headers, body: encodeContent(body, params.encoding) };
    }
    const location = incoming.headers["location"];
    if (location === undefined) throw new RequestError("REQUEST_REDIRECT", `${target.place} redirects to nowhere`);
    const next = fetching.targets.at(location, target.url);
    outgoing = redirected(outgoing, incoming.status, next.place === target.place);
    target = next;
  }
  throw new RequestError("REQUEST_REDIRECT", `it was redirected over ${fetching.limits.redirects} times`);
}

/** As browsers do: 303, and 301 and 302 of a POST, become a GET; another host gets no credentials of this one. */
function redirected({ method, headers, body }: Outgoing, status: number, sameHost: boolean): Outgoing {
  const kept = sameHost
    ? headers
    : Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_HOST.has(name.toLowerCase())));
  const becomesGet = (status === 303 && method !== "HEAD") || (status < 303 && method === "POST");
  return becomesGet ? { method: "GET", headers: kept, body: null } : { method, headers: kept, body };
}

async function callOnce(
  target: Target,
  outgoing: Outgoing,
  { pace, resolver, certificateAuthorities, limits, called }: Fetching,
  signal: AbortSignal,
): Promise<Incoming> {
  const started = performance.now();
  const tell = (status: number | null, bytes: number, code: string | null): void => {
    const elapsedMs = Math.round(performance.now() - started);
    called({ method: outgoing.method, host: target.place, status, bytes, elapsedMs, code });
  };
  try {
    const incoming = await pace.run(
      async () => {
        const addresses = await addressesOf(target, resolver, signal);
        const { contentBytes } = limits;
        return exchange(target, outgoing, { addresses, certificateAuthorities, contentBytes, signal });
      },
      limits.timeoutMs,
      signal,
    );
    tell(incoming.status, incoming.body.byteLength, null);
    return incoming;
  } catch (error) {
    const code = error instanceof RequestError ? error.code : signal.aborted ? "REQUEST_TIMEOUT" : errorCode(error);
    tell(null, 0, code ?? null);
    throw error;
  }
}

/** One address that the name may not lead to is enough to refuse: who gives it means no good. */
async function addressesOf(
  { url, place, reach }: Target,
  resolver: Resolver,
  signal: AbortSignal,
): Promise<readonly Address[] | null> {
  if (reach === null) return null;
  const addresses = await resolver.resolve(url.hostname, signal);
  const refused = addresses.find((address) => !mayLeadTo(address, reach));
  if (refused === undefined) return addresses;
  const remedy = `for a host of your own network the declaration would need: grants = { hosts = [${JSON.stringify(`private:${place}`)}] }`;
  throw new RequestError(
    "REQUEST_PRIVATE_ADDRESS",
    `${place} leads to ${refused.address}, an address that is not of the public internet`,
    reach === "public" && mayLeadTo(refused, "private") ? { remedy } : {},
  );
}
