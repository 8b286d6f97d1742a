import { transport } from "./transport.js";
import { isPromise, isRecord } from "./values.js";

/** `text`: UTF-8. `base64`: any bytes. */
export type Encoding = "text" | "base64";

/** What `host.fetch` sends. */
export interface FetchOptions {
  /** Default `GET`. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of `body`; default `text`. */
  readonly bodyEncoding?: Encoding;
  /** That the response's body is wanted in; default `text`, where bytes that are no UTF-8 become U+FFFD. */
  readonly encoding?: Encoding;
}

/** What a host answered. Redirects were followed; any other status is an answer. */
export interface FetchAnswer {
  status: number;
  /** Names in lower case; several values of one name joined by a comma. */
  headers: Record<string, string>;
  body: string;
}

/** The host refused a request, or it failed. `code` is one of `REQUEST_…`, e.g. `REQUEST_NOT_GRANTED`. */
export class HostError extends Error {
  override readonly name = "HostError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

let lastId = 0;
/** One request is under way at a time: the next is made when the one before has its answer. */
let last: Promise<unknown> = Promise.resolve();

function ask(method: string, params: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const asked = last.then(() => send(method, params));
  last = asked.catch(() => undefined);
  return asked;
}

async function send(method: string, params: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const id = `sdk-${(lastId += 1)}`;
  const answer = transport().request(id, JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  const response: unknown = JSON.parse(isPromise(answer) ? await answer : answer);
  if (isRecord(response)) {
    const { result, error } = response;
    if (isRecord(result)) return result;
    if (isRecord(error)) throw hostError(error);
  }
  throw new HostError("REQUEST_UNKNOWN", `the host's answer to ${method} has no form that is known`);
}

function hostError({ message, data }: Record<string, unknown>): HostError {
  const code = isRecord(data) && typeof data["code"] === "string" ? data["code"] : "REQUEST_UNKNOWN";
  return new HostError(code, typeof message === "string" ? message : "the host refused");
}

/** What an integration can ask of its host while it works on a request. All of it needs a grant of the user's. */
export const host = {
  /** An HTTP request to a granted host. Rejects with `HostError`. */
  async fetch(url: string, options: FetchOptions = {}): Promise<FetchAnswer> {
    const { bodyEncoding, ...others } = options;
    const params = { url, ...others, ...(bodyEncoding === undefined ? {} : { body_encoding: bodyEncoding }) };
    const { status, headers, body } = await ask("http/fetch", params);
    // The host has checked its own answer.
    return { status, headers, body } as FetchAnswer;
  },
  /** What is in a granted file; `path` as it is granted. Rejects with `HostError`. */
  async readFile(path: string, encoding: Encoding = "text"): Promise<string> {
    const { content } = await ask("files/read", { path, encoding });
    return String(content);
  },
} as const;
