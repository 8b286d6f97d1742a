import { describe, expect, it } from "vitest";
import type { CallHandler } from "../../../../src/hosts/terraform/wire/call-handler.js";
import { WireError } from "../../../../src/hosts/terraform/wire/wire-error.js";
import { prefixed } from "./raw-peer.js";
import { ask, oracleRelay, reply, UNCHANGED, type Serve, type Told } from "./relays.js";

const echo: Serve = (stream, body) => {
  reply(stream, body.subarray(5));
};
const MESSAGE = Buffer.from("message");
const UNTOUCHED = { body: prefixed(MESSAGE), status: "0", code: 0 };
const fault = new Error("a handler's fault");

function throwing(): never {
  throw fault;
}

function codes({ faults }: Told): unknown[] {
  return faults.map(({ error, path }) => [error instanceof WireError ? error.code : error, path]);
}

const PATH = "/tfplugin6.Provider/Plan";

describe("a handler that breaks changes nothing, and the fault is told", () => {
  it.each<[string, Partial<CallHandler>]>([
    ["throws over a request", { request: throwing }],
    ["rejects over a request", { request: () => Promise.reject(fault) }],
    ["throws over an answer", { response: throwing }],
    ["rejects over an answer", { response: () => Promise.reject(fault) }],
  ])("when it %s", async (_what, broken) => {
    const relay = await oracleRelay(echo, () => ({ ...UNCHANGED, ...broken }));
    expect(await ask(relay.client, MESSAGE)).toMatchObject(UNTOUCHED);
    expect(codes(relay)).toEqual([[fault, PATH]]);
    // Nothing of it stays.
    expect(await ask(relay.client, MESSAGE)).toMatchObject(UNTOUCHED);
  });

  it("and over a request, nobody asks it about the answer", async () => {
    const relay = await oracleRelay(echo, () => ({ request: throwing, response: () => Buffer.from("never") }));
    expect(await ask(relay.client, MESSAGE)).toMatchObject(UNTOUCHED);
  });

  it("when nobody can say who handles a call", async () => {
    const relay = await oracleRelay(echo, throwing);
    expect(await ask(relay.client, MESSAGE)).toMatchObject(UNTOUCHED);
    expect(codes(relay)).toEqual([[fault, PATH]]);
  });

  it("also when telling the fault throws", async () => {
    const relay = await oracleRelay(echo, () => ({ ...UNCHANGED, request: throwing }), { fault: throwing });
    expect(await ask(relay.client, MESSAGE)).toMatchObject(UNTOUCHED);
  });

  it("others at the same time are not touched by it", async () => {
    const relay = await oracleRelay(echo, (path) =>
      path === "/bad" ? { ...UNCHANGED, response: throwing } : UNCHANGED,
    );
    const outcomes = await Promise.all(
      ["/bad", "/good", "/bad", "/good"].map((path) => ask(relay.client, MESSAGE, { path })),
    );
    expect(outcomes).toMatchObject([UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED]);
    expect(relay.faults).toHaveLength(2);
  });
});

const COMPRESSED = prefixed(MESSAGE, 1);
const TWO = Buffer.concat([prefixed(MESSAGE), prefixed(MESSAGE)]);
const CUT = prefixed(MESSAGE).subarray(0, -1);
const CUT_PREFIX = prefixed(MESSAGE).subarray(0, 3);
const UNKNOWN_FLAG = prefixed(MESSAGE, 2);

const FORMS = [
  ["compressed", COMPRESSED, "WIRE_COMPRESSED"],
  ["two messages", TWO, "WIRE_NOT_UNARY"],
  ["cut short", CUT, "WIRE_NOT_UNARY"],
  ["cut short in its prefix", CUT_PREFIX, "WIRE_NOT_UNARY"],
  ["of an unknown flag", UNKNOWN_FLAG, "WIRE_NOT_UNARY"],
] as const;

describe("what cannot be looked into passes as it came, and the fault is told", () => {
  it.each([...FORMS, ["empty", Buffer.alloc(0), "WIRE_NOT_UNARY"] as const])(
    "a request that is %s",
    async (_what, body, code) => {
      const asked: string[] = [];
      const relay = await oracleRelay(
        (stream, there) => {
          expect(there).toEqual(body);
          reply(stream, MESSAGE);
        },
        () => ({
          request: (message) => {
            asked.push("request");
            return { forward: message };
          },
          response: (message) => {
            asked.push("response");
            return message;
          },
        }),
      );
      expect(await ask(relay.client, MESSAGE, { body })).toMatchObject(UNTOUCHED);
      expect(codes(relay)).toEqual([[code, PATH]]);
      expect(asked).toEqual([]);
    },
  );

  it.each(FORMS)("an answer that is %s", async (_what, body, code) => {
    const relay = await oracleRelay(
      (stream) => {
        stream.respond({ ":status": 200 }, { waitForTrailers: true });
        stream.on("wantTrailers", () => {
          stream.sendTrailers({ "grpc-status": "0" });
        });
        stream.end(body);
      },
      () => ({ ...UNCHANGED, response: () => Buffer.from("never") }),
    );
    expect(await ask(relay.client, MESSAGE)).toMatchObject({ body, status: "0", code: 0 });
    expect(codes(relay)).toEqual([[code, PATH]]);
  });

  it("an answer without trailers", async () => {
    const relay = await oracleRelay(
      (stream) => {
        stream.respond({ ":status": 200 });
        stream.end(prefixed(MESSAGE));
      },
      () => ({ ...UNCHANGED, response: () => Buffer.from("never") }),
    );
    expect(await ask(relay.client, MESSAGE)).toEqual({
      body: prefixed(MESSAGE),
      code: 0,
      status: undefined,
      text: undefined,
    });
  });
});
