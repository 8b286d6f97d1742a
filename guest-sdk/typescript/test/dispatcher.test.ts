import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, defineIntegration, fail, finding, success } from "../src/index.js";
import { Dispatcher } from "../src/dispatcher.js";
import type { Integration } from "../src/index.js";
import { initialize, request, resourceEvent, RUN } from "./requests.js";
import { NO_GRANTS } from "../../../src/protocol/grants.js";

/** The lines that `log` sends, as the sandbox would take them. */
const sent: string[] = [];
beforeEach(() => {
  sent.length = 0;
  Reflect.set(globalThis, "airlock", { send: (line: string) => sent.push(line), serve: () => undefined });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, "airlock");
});

async function answers(integration: Integration, ...lines: string[]): Promise<unknown[]> {
  const dispatcher = new Dispatcher(integration);
  const said: unknown[] = [];
  for (const line of lines) {
    const answer = await dispatcher.handle(line);
    said.push(answer === "" ? null : JSON.parse(answer));
  }
  return said;
}

const HOOK = request(2, "post-plan-resource", resourceEvent());
const quiet = defineIntegration({ name: "quiet", version: "1.2.3", hooks: { "post-plan-resource"() {} } });

describe("migrate-metadata", () => {
  const asked = { run: RUN, address: "a.b", type: "a", from: 1, to: 2, metadata: { cost: 3 } };
  const define = (migrate?: (stored: { metadata: Record<string, unknown> }) => Record<string, unknown> | null) =>
    defineIntegration({
      name: "x",
      version: "1.0.0",
      metadataVersion: 2,
      hooks: { "post-plan-resource"() {} },
      ...(migrate !== undefined && { migrate }),
    });

  it.each([
    [{ total: 3 }, { total: 3 }],
    [null, null],
  ])("answers with what the integration makes of it: %j", async (made, expected) => {
    const seen: unknown[] = [];
    const integration = define((stored) => {
      seen.push(stored);
      return made;
    });
    const [, answer] = await answers(integration, initialize(), request(2, "migrate-metadata", asked));
    expect(answer).toEqual({ jsonrpc: "2.0", id: 2, result: { metadata: expected } });
    expect(seen).toEqual([asked]);
  });

  it("is an unknown method where the integration migrates nothing", async () => {
    const [, answer] = await answers(define(), initialize(), request(2, "migrate-metadata", asked));
    expect(answer).toMatchObject({ error: { code: -32601 } });
  });

  it.each([{}, { ...asked, metadata: [] }, { ...asked, from: "1" }, { ...asked, run: undefined }])(
    "needs its params: %j",
    async (params) => {
      const [, answer] = await answers(
        define(() => null),
        initialize(),
        request(2, "migrate-metadata", params),
      );
      expect(answer).toMatchObject({ error: { code: -32602 } });
    },
  );

  it("comes behind initialize", async () => {
    const [answer] = await answers(
      define(() => null),
      request(2, "migrate-metadata", asked),
    );
    expect(answer).toMatchObject({ error: { code: -32600 } });
  });
});

describe("initialize", () => {
  it("tells name, version and hooks in the protocol's order", async () => {
    const integration = defineIntegration({
      name: "full",
      version: "2.0.0",
      resourceTypes: ["aws_*"],
      stateless: true,
      metadataVersion: 3,
      hooks: { "plan-stage-complete": () => success(), "pre-plan-resource": () => success() },
    });
    const dispatcher = new Dispatcher(integration);
    expect(await dispatcher.handle(initialize())).toBe(
      '{"jsonrpc":"2.0","id":1,"result":{"name":"full","version":"2.0.0","protocol_version":1,' +
        '"hooks":["pre-plan-resource","plan-stage-complete"],"resource_types":["aws_*"],"stateless":true,"metadata_version":3}}',
    );
  });

  it("gives config, host, core, integration and grants to every hook", async () => {
    let seen: unknown;
    const integration = defineIntegration<{ max: number }>({
      name: "x",
      version: "1.0.0",
      hooks: {
        "post-plan-resource"(_event, context) {
          seen = context;
        },
      },
    });
    await answers(integration, initialize({ max: 5 }, { core: { name: "tofu", version: "1.12.6" } }), HOOK);
    expect(seen).toMatchObject({
      config: { max: 5 },
      host: { name: "airlock" },
      core: { name: "tofu", version: "1.12.6" },
      integration: { name: "sample", scope: "project" },
      grants: NO_GRANTS,
      environment: {},
    });
  });

  it("makes the state that every hook finds", async () => {
    const integration = defineIntegration<Record<string, unknown>, { count: number }>({
      name: "x",
      version: "1.0.0",
      initialize: () => ({ count: 0 }),
      hooks: { "post-plan-resource": (_event, { state }) => success(String((state.count += 1))) },
    });
    const said = await answers(integration, initialize(), HOOK, HOOK);
    expect(said[2]).toMatchObject({ result: { message: "2" } });
  });

  it.each([
    ["another protocol version", initialize({}, { protocol_version: 2 })],
    ["no protocol version", request(1, "initialize", {})],
    ["no params", request(1, "initialize", null)],
    ["no config", initialize({}, { config: 5 })],
    ["no host", initialize({}, { host: null })],
  ])("answers -32602 to %s", async (_what, line) => {
    expect((await answers(quiet, line))[0]).toMatchObject({ id: 1, error: { code: -32602 } });
  });

  it("answers -32602 to a config that the integration refuses", async () => {
    const picky = defineIntegration({
      name: "picky",
      version: "1.0.0",
      config: () => {
        throw new ConfigError("max must be positive");
      },
      hooks: {},
    });
    expect((await answers(picky, initialize()))[0]).toEqual({
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32602, message: "max must be positive" },
    });
  });
});

describe("a hook", () => {
  it("answers a complete verdict with its keys in one order", async () => {
    const integration = defineIntegration({
      name: "x",
      version: "1.0.0",
      hooks: {
        "post-plan-resource": () => ({
          metadata: { cost: 1 },
          findings: [{ path: ["tags", 0], message: "m", rule: "r", url: "https://example.com" }],
          status: "warn",
        }),
      },
    });
    const dispatcher = new Dispatcher(integration);
    await dispatcher.handle(initialize());
    expect(await dispatcher.handle(HOOK)).toBe(
      '{"jsonrpc":"2.0","id":2,"result":{"status":"warn","message":"","findings":[{"rule":"r","severity":"medium",' +
        '"message":"m","path":["tags",0],"url":"https://example.com"}],"metadata":{"cost":1}}}',
    );
  });

  it("that returns nothing is a success", async () => {
    const said = await answers(quiet, initialize(), HOOK);
    expect(said[1]).toEqual({ jsonrpc: "2.0", id: 2, result: { status: "success", message: "", findings: [] } });
  });

  it("may be asynchronous", async () => {
    const integration = defineIntegration({
      name: "x",
      version: "1.0.0",
      hooks: {
        async "post-plan-resource"(event) {
          await Promise.resolve();
          return fail(event.type, { findings: [finding({ rule: "r", message: "m" })] });
        },
      },
    });
    const said = await answers(integration, initialize(), HOOK);
    expect(said[1]).toMatchObject({ result: { status: "fail", message: "aws_instance" } });
  });

  it("keeps a null that clears the metadata", async () => {
    const integration = defineIntegration({
      name: "x",
      version: "1.0.0",
      hooks: { "plan-stage-start": () => success("", { metadata: null }) },
    });
    const said = await answers(integration, initialize(), request(2, "plan-stage-start", { run: RUN }));
    expect(said[1]).toMatchObject({ result: { metadata: null } });
  });

  it("that throws is answered with -32603, its message and no stack; the stack is logged", async () => {
    const integration = defineIntegration({
      name: "x",
      version: "1.0.0",
      hooks: {
        "post-plan-resource"() {
          throw new TypeError("no price");
        },
      },
    });
    const said = await answers(integration, initialize(), HOOK);
    expect(said[1]).toEqual({ jsonrpc: "2.0", id: 2, error: { code: -32603, message: "TypeError: no price" } });
    expect(sent).toHaveLength(1);
    expect(JSON.parse(sent[0] ?? "")).toMatchObject({ method: "log", params: { level: "error" } });
  });

  it.each([
    ["no params", request(2, "post-plan-resource", null)],
    ["no run", request(2, "post-plan-resource", { type: "x" })],
    ["no type", request(2, "post-plan-resource", { run: RUN })],
  ])("is answered with -32602 when it has %s", async (_what, line) => {
    expect((await answers(quiet, initialize(), line))[1]).toMatchObject({ error: { code: -32602 } });
  });

  it("before initialize is answered with -32600", async () => {
    expect((await answers(quiet, HOOK))[0]).toMatchObject({ id: 2, error: { code: -32600 } });
  });
});

describe("everything else", () => {
  it.each(["pre-plan-resource", "constructor", "toString", "http/fetch"])("%s gets -32601", async (method) => {
    expect((await answers(quiet, initialize(), request("a", method)))[1]).toMatchObject({
      id: "a",
      error: { code: -32601 },
    });
  });

  it("ping is answered before and after initialize", async () => {
    const said = await answers(quiet, request(7, "ping"), initialize(), request(8, "ping"));
    expect([said[0], said[2]]).toEqual([
      { jsonrpc: "2.0", id: 7, result: null },
      { jsonrpc: "2.0", id: 8, result: null },
    ]);
  });

  it("shutdown runs the integration's own end once", async () => {
    let ends = 0;
    const integration = defineIntegration({
      name: "x",
      version: "1.0.0",
      hooks: {},
      shutdown() {
        ends += 1;
      },
    });
    const said = await answers(integration, initialize(), request(2, "shutdown"), request(3, "shutdown"));
    expect(said.slice(1)).toEqual([
      { jsonrpc: "2.0", id: 2, result: null },
      { jsonrpc: "2.0", id: 3, result: null },
    ]);
    expect(ends).toBe(1);
  });

  it("a notification has no answer", async () => {
    expect(await answers(quiet, JSON.stringify({ jsonrpc: "2.0", method: "ping" }))).toEqual([null]);
  });

  it.each([
    ["no JSON", "{", -32700],
    ["an empty line", "", -32700],
    ["a list", "[]", -32600],
    ["another JSON-RPC", '{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600],
    ["no method", '{"jsonrpc":"2.0","id":1}', -32600],
  ])("%s is answered with an error and id null", async (_what, line, code) => {
    expect((await answers(quiet, line))[0]).toMatchObject({ id: null, error: { code } });
  });
});
