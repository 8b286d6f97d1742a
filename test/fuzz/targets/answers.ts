import fc from "fast-check";
import * as v from "valibot";
import { EncodedParams } from "../../../src/protocol/encode.js";
import { GuestEndpoint } from "../../../src/protocol/endpoint.js";
import { NO_GRANTS } from "../../../src/protocol/grants.js";
import { PROTOCOL_ERROR_CODES, ProtocolError } from "../../../src/protocol/protocol-error.js";
import { VerdictSchema } from "../../../src/protocol/verdict.js";
import { orNamedLater } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

const MOST_BYTES = 2_000;
const finding = { rule: "tags", severity: "high", message: "ü", path: ["tags", 0], url: "https://a.example" };
const result = { status: "warn", message: "m", findings: [finding], metadata: { a: [1] } };
const RECORDED = [
  { jsonrpc: "2.0", id: 1, result },
  { jsonrpc: "2.0", id: 1, result: { ...result, findings: undefined, metadata: null } },
  { jsonrpc: "2.0", id: 1, result: { metadata: { a: { b: {} } } } },
  { jsonrpc: "2.0", id: 1, error: { code: -32601, message: "no such method" } },
  { jsonrpc: "2.0", method: "log", params: { level: "info", message: "hello" } },
  { jsonrpc: "2.0", id: "x", method: "http/fetch", params: { url: "https://a.example" } },
  {
    jsonrpc: "2.0",
    id: 1,
    result: { name: "a", version: "1", protocol_version: 1, hooks: ["post-plan-resource"], resource_types: ["a_*"] },
  },
].map((message) => Buffer.from(JSON.stringify(message)));

const METHODS = ["hook", "initialize", "migrate", "ping", "shutdown"] as const;
const INITIALIZE = {
  protocol_version: 1,
  host: { name: "airlock", version: "1" },
  core: null,
  integration: { name: "a", scope: "project" },
  config: {},
  grants: NO_GRANTS,
  environment: {},
} as const;

/** Whether one of the lines is an answer to the call that has the id 1. */
function isAnswered(lines: readonly string[]): boolean {
  return lines.some((line) => {
    const message: unknown = JSON.parse(line);
    return (
      typeof message === "object" && message !== null && "id" in message && message.id === 1 && "jsonrpc" in message
    );
  });
}

export const answers = fuzzTarget({
  name: "answers",
  rule: "what a guest answers is a checked result of its own call, or a ProtocolError",
  testRuns: 500,
  inputs: fc.record({ lines: fc.array(mutated(RECORDED, 3), { maxLength: 3 }), method: fc.constantFrom(...METHODS) }),
  kept: [],
  holds: async ({ lines: bytes, method }) => {
    const lines = bytes.map((line) => line.toString());
    const endpoint = new GuestEndpoint({
      exchange: () => Promise.resolve({ lines, elapsedUs: 1 }),
      maxMessageBytes: MOST_BYTES,
      log: ({ level, message }) => {
        if (typeof message !== "string" || !["debug", "info", "warn", "error"].includes(level))
          throw new Error("a wrong log line");
      },
    });
    const calls: Readonly<Record<(typeof METHODS)[number], () => Promise<unknown>>> = {
      hook: async () =>
        v.parse(VerdictSchema, (await endpoint.hook("post-plan-resource", new EncodedParams("{}"))).verdict),
      initialize: () => endpoint.initialize(INITIALIZE),
      migrate: () => endpoint.migrate(new EncodedParams("{}")),
      ping: () => endpoint.ping().then(() => true),
      shutdown: () => endpoint.shutdown().then(() => true),
    };
    const taken = await orNamedLater({ type: ProtocolError, codes: PROTOCOL_ERROR_CODES }, calls[method]);
    if (taken !== null && !isAnswered(lines)) throw new Error("it took what is no answer to its call");
  },
});
