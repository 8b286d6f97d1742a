import * as v from "valibot";
import { quote } from "../base/quote.js";
import { formatSize } from "../base/size-text.js";
import type { Grants } from "../protocol/grants.js";
import { answerRequest, readGuestRequest, refuseRequest } from "../protocol/guest-request.js";
import type { GuestRequest } from "../protocol/guest-request.js";
import { FetchParamsSchema, METHOD_FETCH, METHOD_READ_FILE, ReadFileParamsSchema } from "../protocol/host-requests.js";
import { exceedsBytes } from "../protocol/json.js";
import { REQUEST_LIMITS } from "../protocol/limits.js";
import { RequestError } from "../protocol/request-error.js";
import { fetchUrl } from "./fetch.js";
import type { Fetching, HttpCall } from "./fetch.js";
import { readGranted } from "./files.js";
import type { GrantedFiles } from "./files.js";
import { Pace } from "./pace.js";
import { Resolver } from "./resolver.js";
import type { Lookup } from "./resolver.js";
import { Targets } from "./targets.js";

/** How requests leave this machine; only an embedding program can set it. */
export interface NetworkOptions {
  /** PEM certificates in place of those that Node trusts (which NODE_EXTRA_CA_CERTS adds to). */
  readonly certificateAuthorities?: readonly string[];
  /** In place of the system's resolver. What it gives is checked all the same. */
  readonly lookup?: Lookup;
}

/** What all brokers of a runtime share. */
export interface Network {
  readonly resolver: Resolver;
  readonly certificateAuthorities: readonly string[] | undefined;
}

/** The network of one runtime. */
export function openNetwork({ certificateAuthorities, lookup }: NetworkOptions = {}): Network {
  return { resolver: new Resolver(lookup), certificateAuthorities };
}

type BrokerLimits = { readonly [Name in keyof typeof REQUEST_LIMITS]: number };

/** What one integration's broker works with. */
export interface BrokerOptions {
  readonly grants: Pick<Grants, "hosts" | "files">;
  /** The folder that granted files are relative to; absolute. */
  readonly directory: string;
  /** The largest message that a guest takes, in bytes. */
  readonly messageBytes: number;
  readonly network: Network;
  /** Default: `REQUEST_LIMITS`. */
  readonly limits?: Partial<BrokerLimits>;
  /** A request went out, or failed on its way. */
  readonly called: (call: HttpCall) => void;
  /** A request was refused, or failed. */
  readonly refused: (error: RequestError) => void;
}

/**
 * Answers what the guests of one integration ask of their host: within its grants, and in this process, where no code
 * of a guest runs. All instances of the integration share its rate.
 */
export class Broker {
  readonly #limits: BrokerLimits;
  readonly #options: BrokerOptions;
  readonly #fetching: Fetching;
  readonly #files: GrantedFiles;

  constructor(options: BrokerOptions) {
    const { grants, directory, network, called } = options;
    this.#options = options;
    this.#limits = { ...REQUEST_LIMITS, ...options.limits };
    const { contentBytes } = this.#limits;
    this.#fetching = {
      targets: new Targets(grants.hosts),
      resolver: network.resolver,
      pace: new Pace(this.#limits),
      certificateAuthorities: network.certificateAuthorities,
      limits: this.#limits,
      called,
    };
    this.#files = { paths: grants.files, directory, contentBytes };
  }

  /**
   * The line that answers a request of a guest; null when the line is no request. Never rejects. `over` fires when the
   * call that the request belongs to has ended.
   */
  async answer(line: string, over: AbortSignal): Promise<string | null> {
    const request = readGuestRequest(line);
    if (request === null) return null;
    const timeout = new AbortController();
    const timer = setTimeout(() => {
      timeout.abort();
    }, this.#limits.timeoutMs);
    const signal = AbortSignal.any([over, timeout.signal]);
    try {
      const answer = answerRequest(request, await this.#result(request, signal));
      if (!exceedsBytes(answer, this.#options.messageBytes)) return answer;
      const size = formatSize(this.#options.messageBytes);
      throw new RequestError("REQUEST_TOO_LARGE", `what was asked for does not fit a message of ${size}`, {
        remedy: "raise message_size in the declaration",
      });
    } catch (error) {
      const refusal = this.#refusal(error, signal);
      this.#options.refused(refusal);
      return refuseRequest(request, refusal);
    } finally {
      clearTimeout(timer);
    }
  }

  async #result({ method, params }: GuestRequest, signal: AbortSignal): Promise<unknown> {
    switch (method) {
      case METHOD_FETCH:
        return fetchUrl(checked(FetchParamsSchema, params), this.#fetching, signal);
      case METHOD_READ_FILE:
        return readGranted(checked(ReadFileParamsSchema, params), this.#files);
      default:
        throw new RequestError("REQUEST_UNKNOWN", `there is no method ${quote(method)} that a guest could ask for`);
    }
  }

  #refusal(error: unknown, signal: AbortSignal): RequestError {
    if (error instanceof RequestError) return error;
    if (signal.aborted) {
      return new RequestError("REQUEST_TIMEOUT", `no answer within ${this.#limits.timeoutMs} ms, or its call is over`);
    }
    // A fault of ours; the guest gets no more of it than that.
    return new RequestError("REQUEST_UNREACHABLE", "the request failed", { cause: error });
  }
}

function checked<Schema extends v.GenericSchema>(schema: Schema, params: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, params, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  const where = path === null ? "the params are" : `${quote(path)} is`;
  throw new RequestError("REQUEST_INVALID", `${where} not of the form of the method: ${issue.message.slice(0, 200)}`);
}
