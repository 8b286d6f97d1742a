import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { interceptCall } from "../../../../src/hosts/terraform/interposer/intercept.js";
import type { Phase } from "../../../../src/hosts/terraform/interposer/live-run.js";
import { Message } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { VERSIONS } from "../tfplugin/fixtures.js";
import type { ProtocolVersion } from "../../../../src/hosts/terraform/tfplugin/methods.js";
import {
  applyRequest,
  applyResponse,
  configRequest,
  planRequest,
  planResponse,
  readDataResponse,
  readRequest,
  readResponse,
  thing,
  UNKNOWN,
} from "./messages.js";
import { appended, exchange, marked, openSession, says } from "./sessions.js";

const text = fc.option(fc.string({ maxLength: 12 }));
const value = fc
  .record({ id: text, name: text, secret: text, size: fc.option(fc.integer()), tags: fc.constant(null) })
  .map(thing);
const planned = fc.tuple(value, fc.boolean()).map(([one, open]) => (open ? { ...one, id: UNKNOWN } : one));
/** What a provider writes for itself, in every form that was seen, and any other. */
const ownPrivate = fc.oneof(
  fc.constantFrom("", "null", "{}", '{"k":"InYi"}', "destroy planned", ' { "a" : 1 } '),
  fc.json(),
  fc.string(),
);
const status = fc.constantFrom("success", "warn");

/** Bytes with our id in them where there is a place for one, and what the provider is to get. */
function stored(original: string, isMarked: boolean): { bytes: Uint8Array; own: Buffer } {
  const own = Buffer.from(original);
  if (!isMarked) return { bytes: own, own };
  try {
    return { bytes: marked("an.id", original), own };
  } catch {
    return { bytes: own, own };
  }
}

async function through(
  rpc: string,
  version: ProtocolVersion,
  phase: Phase,
  messages: readonly [request: Uint8Array, response: Uint8Array],
  said: "success" | "warn",
) {
  const { session, faults } = openSession({ phase, answers: { one: says({ status: said }) } });
  const handler = interceptCall(session, `/tfplugin${version}.Provider/${rpc}`) ?? expect.fail("it passes through");
  const found = await exchange(handler, ...messages);
  expect(faults).toEqual([]);
  // Nothing of the provider's answer is written anew: ours stands behind it.
  appended(found.answer, messages[1]);
  expect(Buffer.from(found.forward).includes('"airlock"')).toBe(false);
  return found;
}

/** Whether two requests are the same but for one field. */
function sameButFor(field: number, one: Uint8Array, other: Uint8Array): void {
  expect(Buffer.from(new Message(one).without(field))).toEqual(Buffer.from(new Message(other).without(field)));
}

const given = fc.record({
  prior: value,
  after: planned,
  config: value,
  original: ownPrivate,
  isMarked: fc.boolean(),
  said: status,
});

describe.each(VERSIONS)("a provider and core, protocol %i", (version) => {
  it("see each other's plans as they are, whatever stands in them", async () => {
    await fc.assert(
      fc.asyncProperty(given, ownPrivate, async ({ prior, after, config, original, isMarked, said }, answered) => {
        const { bytes, own } = stored(original, isMarked);
        const request = planRequest({ prior, proposed: prior, config, private: bytes });
        const response = planResponse({ planned: after, private: Buffer.from(answered) });
        const { forward } = await through("PlanResourceChange", version, "plan", [request, response], said);
        sameButFor(5, forward, request);
        expect(Buffer.from(new Message(forward).bytes(5))).toEqual(own);
      }),
      { numRuns: 60 },
    );
  });

  it("see each other's applies as they are", async () => {
    await fc.assert(
      fc.asyncProperty(given, ownPrivate, async ({ prior, after, config, original, isMarked, said }, answered) => {
        const { bytes, own } = stored(original, isMarked);
        const request = applyRequest({ prior, planned: after, config, private: bytes });
        const response = applyResponse({ state: prior, private: Buffer.from(answered) });
        const { forward } = await through("ApplyResourceChange", version, "apply", [request, response], said);
        sameButFor(5, forward, request);
        expect(Buffer.from(new Message(forward).bytes(5))).toEqual(own);
      }),
      { numRuns: 60 },
    );
  });

  it("see each other's reads as they are", async () => {
    await fc.assert(
      fc.asyncProperty(given, ownPrivate, async ({ prior, config, original, isMarked, said }, answered) => {
        const { bytes, own } = stored(original, isMarked);
        const request = readRequest(prior, bytes);
        const response = readResponse({ state: config, private: Buffer.from(answered) });
        const { forward } = await through("ReadResource", version, "refresh", [request, response], said);
        sameButFor(3, forward, request);
        expect(Buffer.from(new Message(forward).bytes(3))).toEqual(own);
      }),
      { numRuns: 60 },
    );
  });

  it("see each other's data as it is, and the request byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(given, async ({ prior, config, said }) => {
        const request = configRequest(config);
        const messages = [request, readDataResponse({ state: prior })] as const;
        const { forward } = await through("ReadDataSource", version, "plan", messages, said);
        expect(Buffer.from(forward)).toEqual(Buffer.from(request));
      }),
      { numRuns: 40 },
    );
  });
});
