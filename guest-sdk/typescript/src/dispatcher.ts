import { ConfigError } from "./integration.js";
import type { Integration, RunningIntegration } from "./integration.js";
import { log } from "./log.js";
import { HOOKS, PROTOCOL_VERSION } from "./protocol.js";
import type { InitializeParams, InitializeResult, MigrationEvent } from "./protocol.js";
import { isPromise, isRecord } from "./values.js";
import { complete } from "./verdicts.js";

/** Codes of https://www.jsonrpc.org/specification#error_object */
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

function isResourceHook(method: string): boolean {
  return method.endsWith("-resource") || method.endsWith("-data");
}

/** One integration's end of the protocol: request lines in, response lines out. Does no I/O of its own. */
export class Dispatcher {
  readonly #integration: Integration;
  #running: RunningIntegration | undefined;

  constructor(integration: Integration) {
    this.#integration = integration;
  }

  /**
   * Answers one line; never throws nor rejects. "" for a notification, which has no answer. A promise only where the
   * integration gave one: making one for each event costs a guest a fifth of its time.
   */
  handle(line: string): string | Promise<string> {
    let request: unknown;
    try {
      request = JSON.parse(line);
    } catch {
      return failure(null, PARSE_ERROR, "the line is not JSON");
    }
    if (!isRecord(request) || request["jsonrpc"] !== "2.0" || typeof request["method"] !== "string") {
      return failure(null, INVALID_REQUEST, "the line is no JSON-RPC 2.0 request");
    }
    const { id, method, params } = request;
    if (id === undefined) return "";
    try {
      const result = this.#call(method, params);
      if (!isPromise(result)) return success(id, result);
      return result.then(
        (value) => success(id, value),
        (error: unknown) => failed(id, error),
      );
    } catch (error) {
      return failed(id, error);
    }
  }

  #call(method: string, params: unknown): unknown {
    switch (method) {
      case "initialize":
        return this.#initialize(params);
      case "ping":
        return null;
      case "shutdown":
        return this.#shutdown();
      case "migrate-metadata":
        return this.#migrate(params);
      default:
        return this.#hook(method, params);
    }
  }

  async #shutdown(): Promise<null> {
    await this.#running?.stop();
    this.#running = undefined;
    return null;
  }

  async #initialize(params: unknown): Promise<InitializeResult> {
    const version = isRecord(params) ? params["protocol_version"] : undefined;
    if (version !== PROTOCOL_VERSION) {
      const asked = typeof version === "number" ? String(version) : "none";
      throw new RpcError(INVALID_PARAMS, `protocol version ${PROTOCOL_VERSION} is spoken here; asked for: ${asked}`);
    }
    if (!isInitializeParams(params)) throw new RpcError(INVALID_PARAMS, "initialize lacks host, integration or config");
    this.#running = await this.#integration.start(params);
    const { name, version: own, hooks, resourceTypes, stateless, metadataVersion } = this.#integration;
    return {
      name,
      version: own,
      protocol_version: PROTOCOL_VERSION,
      hooks: HOOKS.filter((hook) => hooks.has(hook)),
      ...(resourceTypes === undefined ? {} : { resource_types: [...resourceTypes] }),
      ...(stateless === undefined ? {} : { stateless }),
      ...(metadataVersion === undefined ? {} : { metadata_version: metadataVersion }),
    };
  }

  async #migrate(params: unknown): Promise<{ metadata: Record<string, unknown> | null }> {
    if (this.#running === undefined) throw new RpcError(INVALID_REQUEST, "initialize must come first");
    const { migrate } = this.#running;
    if (migrate === undefined) throw new RpcError(METHOD_NOT_FOUND, "it migrates no metadata of an older version");
    if (!isMigrationEvent(params))
      throw new RpcError(INVALID_PARAMS, "migrate-metadata lacks its metadata or versions");
    return { metadata: await migrate(params) };
  }

  #hook(method: string, params: unknown): unknown {
    if (!this.#integration.hooks.has(method)) throw new RpcError(METHOD_NOT_FOUND, `unknown method: ${method}`);
    if (this.#running === undefined) throw new RpcError(INVALID_REQUEST, "initialize must come first");
    if (!isRecord(params) || !isRecord(params["run"])) throw new RpcError(INVALID_PARAMS, `${method} lacks its run`);
    if (isResourceHook(method) && typeof params["type"] !== "string") {
      throw new RpcError(INVALID_PARAMS, `${method} lacks its resource type`);
    }
    const answer = this.#running.call(method, params);
    return isPromise(answer) ? answer.then(complete) : complete(answer);
  }
}

/** The parts that an integration is given; the host has checked all of them by its schema. */
function isInitializeParams(params: unknown): params is InitializeParams {
  return (
    isRecord(params) &&
    isRecord(params["host"]) &&
    isRecord(params["integration"]) &&
    isRecord(params["config"]) &&
    params["core"] !== undefined
  );
}

function isMigrationEvent(params: unknown): params is MigrationEvent {
  return (
    isRecord(params) &&
    isRecord(params["run"]) &&
    isRecord(params["metadata"]) &&
    typeof params["type"] === "string" &&
    typeof params["from"] === "number" &&
    typeof params["to"] === "number"
  );
}

function success(id: unknown, result: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}

function failed(id: unknown, error: unknown): string {
  if (error instanceof RpcError) return failure(id, error.code, error.message);
  if (error instanceof ConfigError) return failure(id, INVALID_PARAMS, error.message);
  // Stacks differ between engines, so they are for the log and never part of an answer.
  if (error instanceof Error && error.stack !== undefined) log.error(error.stack);
  return failure(id, INTERNAL_ERROR, String(error));
}

function failure(id: unknown, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });
}
