import { setTimeout as pause } from "node:timers/promises";
import type { Dispatcher } from "undici";
import type { OriginSettings } from "../origin.js";
import { RegistryError } from "../registry-error.js";
import { openAgent } from "./agent.js";
import { checkDestination, placeOf, resolveUrl } from "./destination.js";
import { exchange } from "./exchange.js";
import type { Answer } from "./exchange.js";
import { cancelled, statusFault, Transient } from "./failure.js";
import { HTTP_LIMITS, MAX_RETRY_AFTER_MS } from "./http-limits.js";
import type { HttpLimits } from "./http-limits.js";

/** One request to a registry. */
export interface HttpRequest {
  readonly url: URL;
  /** Absent = GET. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Where the user's settings lead: what decides whether a URL may do without TLS. */
  readonly home: URL;
  /** The value of Authorization, and the one host (`NAME[:PORT]`) that it goes to. */
  readonly authorization?: { readonly host: string; readonly value: string } | undefined;
  /** More than this is REGISTRY_TOO_LARGE. */
  readonly maxBytes: number;
  /** The exact length of the body, when it is known. */
  readonly size?: number | null;
  /** Whether a redirect may lead to another host: only for what is held to a digest. */
  readonly mayLeaveHost?: boolean;
  /** Statuses, beside those of success, that are the caller's to judge. */
  readonly accepts?: readonly number[];
  /** For all of it, in ms. */
  readonly timeMs: number;
  readonly onBytes?: (received: number, total: number | null) => void;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Requests to registries: bounded in size and time, tried again where that may help, TLS and credentials held to. */
export class HttpClient {
  readonly limits: HttpLimits;
  readonly #settings: OriginSettings;
  #agent: Promise<Dispatcher> | undefined;

  constructor(settings: OriginSettings) {
    this.#settings = settings;
    this.limits = { ...HTTP_LIMITS, ...settings.limits };
  }

  /** The answer, of a status of success or one that is accepted. Rejects with `RegistryError`. */
  async request(request: HttpRequest): Promise<Answer> {
    const tries = (request.method ?? "GET") === "POST" ? 1 : this.limits.tries;
    for (let tried = 1; ; tried++) {
      try {
        return await this.#follow(request);
      } catch (error) {
        if (!(error instanceof Transient)) throw error;
        if (tried >= tries) throw error.error;
        await this.#wait(request.url, tried, error.afterMs);
      }
    }
  }

  async #wait(url: URL, tried: number, afterMs: number): Promise<void> {
    const backOff = this.limits.backOffMs * 2 ** (tried - 1) * (1 - Math.random() / 2);
    const { signal } = this.#settings;
    try {
      await pause(Math.max(backOff, Math.min(afterMs, MAX_RETRY_AFTER_MS)), undefined, { signal });
    } catch {
      throw cancelled(url);
    }
  }

  async #follow(request: HttpRequest): Promise<Answer> {
    const deadline = AbortSignal.timeout(request.timeMs);
    let { url } = request;
    for (let hop = 0; hop <= this.limits.redirects; hop++) {
      checkDestination(url, request.home);
      const answer = await this.#once(request, url, deadline);
      const { status, headers } = answer;
      if (REDIRECTS.has(status)) {
        url = redirected(url, headers["location"], request);
        continue;
      }
      if ((status >= 200 && status < 300) || request.accepts?.includes(status) === true) return answer;
      throw statusFault(url, status, Number(headers["retry-after"] ?? 0) * 1000 || 0);
    }
    throw redirectFault(request.url, `over ${this.limits.redirects} times`);
  }

  async #once(request: HttpRequest, url: URL, deadline: AbortSignal): Promise<Answer> {
    this.#agent ??= openAgent(this.#settings, this.limits);
    const { authorization } = request;
    return exchange(await this.#agent, {
      url,
      method: request.method ?? "GET",
      headers: {
        ...request.headers,
        ...(authorization !== undefined && authorization.host === url.host && { authorization: authorization.value }),
      },
      body: request.body ?? null,
      maxBytes: request.maxBytes,
      size: request.size ?? null,
      deadline,
      stop: this.#settings.signal,
      onBytes: request.onBytes,
    });
  }
}

/** Where a redirect leads. A body is never sent on: what is uploaded goes where the user said. */
function redirected(from: URL, location: string | undefined, request: HttpRequest): URL {
  if (location === undefined) throw redirectFault(from, "to nowhere");
  if (request.body !== undefined) throw redirectFault(from, "while it was sent something");
  const to = resolveUrl(location, from);
  if (to.host !== from.host && request.mayLeaveHost !== true) throw redirectFault(from, `to another host, ${to.host}`);
  return to;
}

function redirectFault(url: URL, how: string): RegistryError {
  return new RegistryError("REGISTRY_REDIRECT", `${placeOf(url)} redirects ${how}`, {
    remedy: "If that is where the registry is now, name that host in the source.",
  });
}
