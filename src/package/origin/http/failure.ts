import { errorCode } from "../../../base/error-code.js";
import { safeLine } from "../../../base/neutralise.js";
import { RegistryError } from "../registry-error.js";
import { placeOf } from "./destination.js";

const TIMEOUTS: ReadonlySet<string> = new Set([
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "ETIMEDOUT",
]);
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A fault that may be gone with the next try. */
export class Transient extends Error {
  constructor(
    /** What it is, when no further try is made. */
    readonly error: RegistryError,
    /** How long the server wants to be left alone, in ms. */
    readonly afterMs = 0,
  ) {
    super(error.message);
  }
}

/** What became of an exchange that broke; `begun` = its headers had come. */
export function broken(url: URL, cause: unknown, begun: boolean): Transient {
  const code = errorCode(cause) ?? "";
  const place = placeOf(url);
  if (TIMEOUTS.has(code)) return new Transient(timedOut(url, cause));
  if (begun) {
    return new Transient(
      new RegistryError("REGISTRY_TRUNCATED", `the answer of ${place} ended before its end: ${reasonOf(cause)}`, {
        cause,
        remedy: "Try again. If it stays, tell those who run the host.",
      }),
    );
  }
  return new Transient(
    new RegistryError("REGISTRY_UNREACHABLE", `${place} cannot be reached: ${reasonOf(cause)}`, {
      cause,
      remedy: "Check the host's name, the network, and HTTPS_PROXY and NO_PROXY.",
    }),
  );
}

/** REGISTRY_TIMEOUT. */
export function timedOut(url: URL, cause: unknown): RegistryError {
  return new RegistryError("REGISTRY_TIMEOUT", `${placeOf(url)} took too long to answer`, {
    cause,
    remedy: "Try again. If it stays, check the network and HTTPS_PROXY, or tell those who run the host.",
  });
}

/** REGISTRY_CANCELLED. */
export function cancelled(url: URL): RegistryError {
  return new RegistryError("REGISTRY_CANCELLED", `the request to ${placeOf(url)} was stopped`);
}

/** What a status that is no success means. */
export function statusFault(url: URL, status: number, retryAfterMs: number): RegistryError | Transient {
  const place = placeOf(url);
  if (status === 401 || status === 403) {
    return new RegistryError("REGISTRY_UNAUTHORIZED", `${place} refuses the request (HTTP ${status})`, {
      remedy: `Give credentials for ${url.host} in core's CLI configuration, or check those that are there.`,
    });
  }
  if (status === 404 || status === 410) {
    return new RegistryError("REGISTRY_NOT_FOUND", `there is nothing at ${place} (HTTP ${status})`, {
      remedy: "Check the source and its version.",
    });
  }
  const error = new RegistryError("REGISTRY_STATUS", `${place} answered with HTTP ${status}`, {
    remedy: "Try again later. If it stays, tell those who run the host.",
  });
  return TRANSIENT.has(status) ? new Transient(error, retryAfterMs) : error;
}

function reasonOf(cause: unknown): string {
  const text = errorCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return safeLine(text, 200);
}
