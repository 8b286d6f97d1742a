import { describe, expect, it } from "vitest";
import { EncodedParams } from "../../src/protocol/encode.js";
import { GuestEndpoint } from "../../src/protocol/endpoint.js";
import type { LogRecord } from "../../src/protocol/messages.js";
import { rejectedCode } from "../support/codes.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** An endpoint whose guest is a function from a request to the lines it writes. */
function endpointOf(
  guest: (request: Request) => string[],
  maxMessageBytes = 10_000,
): { endpoint: GuestEndpoint; logs: LogRecord[] } {
  const logs: LogRecord[] = [];
  const endpoint = new GuestEndpoint({
    exchange: (line) => Promise.resolve({ lines: guest(JSON.parse(line) as Request), elapsedUs: 7 }),
    maxMessageBytes,
    log: (record) => logs.push(record),
  });
  return { endpoint, logs };
}

const answer = (id: unknown, result: unknown): string => JSON.stringify({ jsonrpc: "2.0", id, result });
const noParams = new EncodedParams("{}");
const call = (endpoint: GuestEndpoint): Promise<unknown> => endpoint.hook("post-plan-resource", noParams);

describe("a hook", () => {
  it("gives the verdict with its defaults filled in and the guest's own time", async () => {
    const { endpoint } = endpointOf(({ id }) => [answer(id, { status: "success" })]);
    const answerLength = answer(1, { status: "success" }).length;
    const verdict = { status: "success", message: "", findings: [] };
    expect(await call(endpoint)).toEqual({ verdict, elapsedUs: 7, answerLength });
  });

  it("sends the params as they were encoded, with a fresh id for each call", async () => {
    const seen: Request[] = [];
    const { endpoint } = endpointOf((request) => {
      seen.push(request);
      return [answer(request.id, { status: "success" })];
    });
    await endpoint.hook("pre-plan-resource", new EncodedParams('{"a":1}'));
    await endpoint.hook("post-plan-resource", new EncodedParams('{"a":2}'));
    expect(seen).toEqual([
      { jsonrpc: "2.0", id: 1, method: "pre-plan-resource", params: { a: 1 } },
      { jsonrpc: "2.0", id: 2, method: "post-plan-resource", params: { a: 2 } },
    ]);
  });

  it("drops keys that a verdict does not have", async () => {
    const { endpoint } = endpointOf(({ id }) => [
      answer(id, { status: "warn", extra: 1, findings: [{ rule: "r", message: "m", x: 1 }] }),
    ]);
    expect(await call(endpoint)).toMatchObject({
      verdict: { findings: [{ rule: "r", message: "m", severity: "medium" }] },
    });
    expect(JSON.stringify(await call(endpoint))).not.toContain("extra");
  });

  const faults: [code: string, lines: (id: number) => string[]][] = [
    ["PROTOCOL_NOT_JSON", () => ["hello"]],
    ["PROTOCOL_NOT_JSON_RPC", () => ["[1]"]],
    ["PROTOCOL_NOT_JSON_RPC", (id) => [JSON.stringify({ id, result: {} })]],
    ["PROTOCOL_NOT_JSON_RPC", (id) => [JSON.stringify({ jsonrpc: "2.0", id })]],
    [
      "PROTOCOL_NOT_JSON_RPC",
      (id) => [JSON.stringify({ jsonrpc: "2.0", id, result: 1, error: { code: 1, message: "" } })],
    ],
    ["PROTOCOL_WRONG_ID", (id) => [answer(id + 1, { status: "success" })]],
    ["PROTOCOL_WRONG_ID", (id) => [answer(String(id), { status: "success" })]],
    ["PROTOCOL_WRONG_ID", () => [answer(null, { status: "success" })]],
    ["PROTOCOL_TWO_ANSWERS", (id) => [answer(id, { status: "success" }), answer(id, { status: "fail" })]],
    ["PROTOCOL_NO_ANSWER", () => []],
    ["PROTOCOL_NO_ANSWER", () => [JSON.stringify({ jsonrpc: "2.0", method: "log", params: { message: "m" } })]],
    ["PROTOCOL_MESSAGE_TOO_LARGE", (id) => [answer(id, { status: "success", message: "x".repeat(20_000) })]],
    [
      "PROTOCOL_FORBIDDEN_KEY",
      (id) => [`{"jsonrpc":"2.0","id":${id},"result":{"status":"success","metadata":{"__proto__":{"x":1}}}}`],
    ],
    ["PROTOCOL_BAD_RESULT", (id) => [answer(id, { status: "maybe" })]],
    ["PROTOCOL_BAD_RESULT", (id) => [answer(id, null)]],
    ["PROTOCOL_BAD_RESULT", (id) => [answer(id, { status: "fail", findings: [{ rule: 1 }] })]],
    ["PROTOCOL_BAD_RESULT", (id) => [answer(id, { status: "success", metadata: [] })]],
    ["PROTOCOL_ERROR_ANSWER", (id) => [JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } })]],
  ];
  it.each(faults)("ends in %s for lines that are not protocol v1", async (code, lines) => {
    const { endpoint } = endpointOf(({ id }) => lines(id));
    expect(await rejectedCode(call(endpoint))).toBe(code);
  });

  it("works on after a fault", async () => {
    let calls = 0;
    const { endpoint } = endpointOf(({ id }) => (++calls === 1 ? ["junk"] : [answer(id, { status: "fail" })]));
    expect(await rejectedCode(call(endpoint))).toBe("PROTOCOL_NOT_JSON");
    expect(await call(endpoint)).toMatchObject({ verdict: { status: "fail" } });
  });

  it("rejects with the very error of the exchange", async () => {
    const broken = new Error("pipe");
    const endpoint = new GuestEndpoint({
      exchange: () => Promise.reject(broken),
      maxMessageBytes: 100,
      log: () => undefined,
    });
    await expect(call(endpoint)).rejects.toBe(broken);
  });
});

describe("notifications and requests of the guest", () => {
  it("hands log notifications on and leaves others alone", async () => {
    const { endpoint, logs } = endpointOf(({ id }) => [
      JSON.stringify({ jsonrpc: "2.0", method: "log", params: { level: "error", message: "one" } }),
      JSON.stringify({ jsonrpc: "2.0", method: "log", params: { message: "two" } }),
      JSON.stringify({ jsonrpc: "2.0", method: "log", params: 3 }),
      JSON.stringify({ jsonrpc: "2.0", method: "other" }),
      answer(id, { status: "success" }),
    ]);
    await call(endpoint);
    expect(logs).toEqual([
      { level: "error", message: "one" },
      { level: "info", message: "two" },
    ]);
  });

  it("tells of a request that is not granted", async () => {
    const { endpoint, logs } = endpointOf(({ id }) => [
      JSON.stringify({ jsonrpc: "2.0", id: 1, method: "http/fetch", params: {} }),
      answer(id, { status: "success" }),
    ]);
    await call(endpoint);
    expect(logs).toHaveLength(1);
    expect(logs[0]?.level).toBe("warn");
  });
});

describe("initialize", () => {
  const params = {
    protocol_version: 1,
    host: { name: "airlock", version: "0" },
    core: null,
    integration: { name: "x", scope: "project" },
    config: {},
    grants: NO_GRANTS,
    environment: {},
  } as const;
  const said = { name: "x", version: "1.0.0", protocol_version: 1, hooks: ["post-plan-resource"] };

  it("gives what the guest said, with defaults", async () => {
    const { endpoint } = endpointOf(({ id }) => [answer(id, said)]);
    expect(await endpoint.initialize({ ...params, grants: NO_GRANTS, environment: {} })).toEqual({
      ...said,
      stateless: false,
    });
  });

  it("refuses another protocol version before it looks at the rest", async () => {
    const { endpoint } = endpointOf(({ id }) => [answer(id, { protocol_version: 2, everything: "else is new" })]);
    expect(await rejectedCode(endpoint.initialize({ ...params, grants: NO_GRANTS, environment: {} }))).toBe(
      "PROTOCOL_VERSION_MISMATCH",
    );
  });

  it("refuses hooks that protocol v1 does not have", async () => {
    const { endpoint } = endpointOf(({ id }) => [answer(id, { ...said, hooks: ["pre-everything"] })]);
    expect(await rejectedCode(endpoint.initialize({ ...params, grants: NO_GRANTS, environment: {} }))).toBe(
      "PROTOCOL_BAD_RESULT",
    );
  });
});

describe("ping", () => {
  it("is content with any answer, and with none else", async () => {
    await expect(endpointOf(({ id }) => [answer(id, null)]).endpoint.ping()).resolves.toBeUndefined();
    expect(await rejectedCode(endpointOf(() => []).endpoint.ping())).toBe("PROTOCOL_NO_ANSWER");
  });
});

describe("shutdown", () => {
  it("is content with a guest that does not know the method", async () => {
    const { endpoint } = endpointOf(({ id }) => [
      JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } }),
    ]);
    await expect(endpoint.shutdown()).resolves.toBeUndefined();
  });

  it("is not content with junk", async () => {
    const { endpoint } = endpointOf(() => ["junk"]);
    expect(await rejectedCode(endpoint.shutdown())).toBe("PROTOCOL_NOT_JSON");
  });
});
