import { ConfigError } from "./integration.js";
import type { Integration, RunningIntegration } from "./integration.js";
import { log } from "./log.js";
import { HOOKS, PROTOCOL_VERSION } from "./protocol.js";
import type { InitializeParams, InitializeResult } from "./protocol.js";
import { isRecord } from "./values.js";
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

const RESOURCE_HOOK = /-(?:resource|data)$/;

/** One integration's end of the protocol: request lines in, response lines out. Does no I/O of its own. */
export class Dispatcher {
  readonly #integration: Integration;
  #running: RunningIntegration | undefined;

  constructor(integration: Integration) {
    this.#integration = integration;
  }

  /** Answers one line; never rejects. "" for a notification, which has no answer. */
  async handle(line: string): Promise<string> {
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
      return JSON.stringify({ jsonrpc: "2.0", id, result: await this.#call(method, params) });
    } catch (error) {
      if (error instanceof RpcError) return failure(id, error.code, error.message);
      if (error instanceof ConfigError) return failure(id, INVALID_PARAMS, error.message);
      // Stacks differ between engines, so they are for the log and never part of an answer.
      if (error instanceof Error && error.stack !== undefined) log.error(error.stack);
      return failure(id, INTERNAL_ERROR, String(error));
    }
  }

  async #call(method: string, params: unknown): Promise<unknown> {
    switch (method) {
      case "initialize":
        return await this.#initialize(params);
      case "ping":
        return null;
      case "shutdown":
        await this.#running?.stop();
        this.#running = undefined;
        return null;
      default:
        return await this.#hook(method, params);
    }
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

  async #hook(method: string, params: unknown): Promise<unknown> {
    if (!this.#integration.hooks.has(method)) throw new RpcError(METHOD_NOT_FOUND, `unknown method: ${method}`);
    if (this.#running === undefined) throw new RpcError(INVALID_REQUEST, "initialize must come first");
    if (!isRecord(params) || !isRecord(params["run"])) throw new RpcError(INVALID_PARAMS, `${method} lacks its run`);
    if (RESOURCE_HOOK.test(method) && typeof params["type"] !== "string") {
      throw new RpcError(INVALID_PARAMS, `${method} lacks its resource type`);
    }
    return complete(await this.#running.call(method, params));
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

function failure(id: unknown, code: number, message: string): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });
}
