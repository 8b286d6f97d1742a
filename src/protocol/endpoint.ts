import { JSONRPCClient } from "json-rpc-2.0";
import type { JSONRPCResponse } from "json-rpc-2.0";
import * as v from "valibot";
import { EncodedParams, encodeRequest } from "./encode.js";
import type { Hook } from "./hooks.js";
import { InitializeResultSchema, PROTOCOL_VERSION } from "./initialize.js";
import type { InitializeParams, InitializeResult } from "./initialize.js";
import { excerpt, parseJson } from "./json.js";
import {
  LogParamsSchema,
  METHOD_INITIALIZE,
  METHOD_LOG,
  METHOD_MIGRATE,
  METHOD_PING,
  METHOD_SHUTDOWN,
} from "./messages.js";
import { RequestSchema, ResponseSchema } from "./messages.js";
import type { LogRecord, Request, Response } from "./messages.js";
import { ProtocolError } from "./protocol-error.js";
import { MigratedSchema, VerdictSchema } from "./verdict.js";
import type { Verdict } from "./verdict.js";

/** The first fault is enough; one of each wrong item would take more memory than the message. */
const EARLY = { abortEarly: true } as const;
const VersionSchema = v.object({ protocol_version: v.number() });

/** What one request line gave. */
export interface Exchange {
  /** Every line the guest wrote from taking the request until it had answered, in order, without LF. */
  readonly lines: readonly string[];
  /** Time the guest itself took, in us. */
  readonly elapsedUs: number;
}

/** What a `GuestEndpoint` works on. */
export interface EndpointOptions {
  /** Carries a request line to the guest. */
  readonly exchange: (line: string) => Promise<Exchange>;
  /** The largest message taken from the guest, in bytes. */
  readonly maxMessageBytes: number;
  readonly log: (record: LogRecord) => void;
}

/** A verdict and what it took. */
export interface TimedVerdict {
  readonly verdict: Verdict;
  /** Time the guest itself took, in us. */
  readonly elapsedUs: number;
  /** UTF-16 units of the answer's line. */
  readonly answerLength: number;
}

interface Answer extends Omit<TimedVerdict, "verdict"> {
  readonly result: unknown;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly encoded: EncodedParams;
  failure: Error | undefined;
  elapsedUs: number;
  answerLength: number;
}

/**
 * The host's end of protocol v1 with one guest: JSON-RPC requests over a line exchange, answers checked by schema.
 * Does no I/O. Its methods reject with `ProtocolError` for what the guest did wrong, and with whatever `exchange` rejects.
 */
export class GuestEndpoint {
  readonly #options: EndpointOptions;
  readonly #client: JSONRPCClient<Call>;
  #lastId = 0;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#client = new JSONRPCClient<Call>((_payload, call) => this.#send(call));
  }

  /** Opens the conversation. Throws PROTOCOL_VERSION_MISMATCH before anything else is looked at. */
  async initialize(params: InitializeParams): Promise<InitializeResult> {
    const { result } = await this.#request(METHOD_INITIALIZE, new EncodedParams(JSON.stringify(params)));
    const version = v.safeParse(VersionSchema, result, EARLY);
    if (version.success && version.output.protocol_version !== PROTOCOL_VERSION) {
      const theirs = version.output.protocol_version;
      throw new ProtocolError(
        "PROTOCOL_VERSION_MISMATCH",
        `the integration speaks protocol version ${theirs}, this host version ${PROTOCOL_VERSION}`,
        { remedy: theirs > PROTOCOL_VERSION ? "Update Airlock." : "Update the integration." },
      );
    }
    return checked(InitializeResultSchema, result, METHOD_INITIALIZE);
  }

  /** Sends one event and takes the verdict. */
  async hook(hook: Hook, params: EncodedParams): Promise<TimedVerdict> {
    const { result, elapsedUs, answerLength } = await this.#request(hook, params);
    return { verdict: checked(VerdictSchema, result, hook), elapsedUs, answerLength };
  }

  /** Lets the guest bring what it stored into today's form; null when it is to go. */
  async migrate(params: EncodedParams): Promise<TimedVerdict> {
    const { result, elapsedUs, answerLength } = await this.#request(METHOD_MIGRATE, params);
    const { metadata } = checked(MigratedSchema, result, METHOD_MIGRATE);
    return { verdict: { status: "success", message: "", findings: [], metadata }, elapsedUs, answerLength };
  }

  /** Resolves when the guest answers at all. */
  async ping(): Promise<void> {
    await this.#request(METHOD_PING, new EncodedParams("{}"));
  }

  /** Asks the guest to come to its end. A guest that does not know the method has nothing to end. */
  async shutdown(): Promise<void> {
    try {
      await this.#request(METHOD_SHUTDOWN, new EncodedParams("{}"));
    } catch (error) {
      if (error instanceof ProtocolError && error.code === "PROTOCOL_ERROR_ANSWER") return;
      throw error;
    }
  }

  async #request(method: string, encoded: EncodedParams): Promise<Answer> {
    const call: Call = { id: ++this.#lastId, method, encoded, failure: undefined, elapsedUs: 0, answerLength: 0 };
    const response: JSONRPCResponse = await this.#client.requestAdvanced({ jsonrpc: "2.0", id: call.id, method }, call);
    if (call.failure !== undefined) throw call.failure;
    if (response.error !== undefined) {
      const { code, message } = response.error;
      throw new ProtocolError(
        "PROTOCOL_ERROR_ANSWER",
        `it answered ${method} with error ${code}: ${message.slice(0, 500)}`,
      );
    }
    return { result: response.result as unknown, elapsedUs: call.elapsedUs, answerLength: call.answerLength };
  }

  async #send(call: Call): Promise<void> {
    try {
      const { lines, elapsedUs } = await this.#options.exchange(encodeRequest(call.id, call.method, call.encoded));
      call.elapsedUs = elapsedUs;
      this.#client.receive(this.#answerAmong(lines, call));
    } catch (error) {
      // The client would keep only the message of an error; the caller wants the error itself.
      call.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  #answerAmong(lines: readonly string[], call: Call): Response {
    let answer: Response | undefined;
    for (const line of lines) {
      const response = this.#take(line, call);
      if (response === null) continue;
      if (answer !== undefined)
        throw new ProtocolError("PROTOCOL_TWO_ANSWERS", `it gave two answers to one ${call.method}`);
      answer = response;
      call.answerLength = line.length;
    }
    if (answer === undefined) throw new ProtocolError("PROTOCOL_NO_ANSWER", `it gave no answer to ${call.method}`);
    return answer;
  }

  /** A response to this call, or null for a notification or a request of the guest. */
  #take(line: string, call: Call): Response | null {
    const message = parseJson(line, this.#options.maxMessageBytes);
    const response = v.safeParse(ResponseSchema, message, EARLY);
    if (response.success) {
      if (response.output.id === call.id) return response.output;
      throw new ProtocolError(
        "PROTOCOL_WRONG_ID",
        `it answered ${call.method} with id ${JSON.stringify(response.output.id).slice(0, 100)} instead of ${call.id}`,
      );
    }
    const request = v.safeParse(RequestSchema, message, EARLY);
    if (!request.success) {
      throw new ProtocolError(
        "PROTOCOL_NOT_JSON_RPC",
        `a line is no JSON-RPC 2.0 message; it starts with ${excerpt(line)}`,
      );
    }
    this.#notified(request.output);
    return null;
  }

  #notified(request: Request): void {
    if (request.id !== undefined) {
      this.#options.log({
        level: "warn",
        message: `made a request that its host did not take: ${request.method.slice(0, 100)}`,
      });
      return;
    }
    if (request.method !== METHOD_LOG) return;
    const record = v.safeParse(LogParamsSchema, request.params, EARLY);
    if (record.success) this.#options.log(record.output);
  }
}

function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  result: unknown,
  method: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, result, EARLY);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  const where = path === null ? "" : ` at ${path.slice(0, 200)}`;
  throw new ProtocolError(
    "PROTOCOL_BAD_RESULT",
    `the answer to ${method} is not of its form${where}: ${issue.message.slice(0, 300)}`,
  );
}
