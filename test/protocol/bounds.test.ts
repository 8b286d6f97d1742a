import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { EncodedParams } from "../../src/protocol/encode.js";
import { GuestEndpoint } from "../../src/protocol/endpoint.js";
import { readGuestRequest } from "../../src/protocol/guest-request.js";
import { InitializeResultSchema } from "../../src/protocol/initialize.js";
import { overBounds, parseJson } from "../../src/protocol/json.js";
import { INITIALIZE_LIMITS, MAX_JSON_VALUES, MAX_NAME_LENGTH, VERDICT_LIMITS } from "../../src/protocol/limits.js";
import { RequestSchema } from "../../src/protocol/messages.js";
import { VerdictSchema } from "../../src/protocol/verdict.js";
import { rejectedCode, thrownCode } from "../support/codes.js";

const text = (length: number): string => "x".repeat(length);
const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);
const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));

const finding = (part: Record<string, unknown>): unknown => ({
  status: "fail",
  findings: [{ rule: "r", message: "m", ...part }],
});
const initialize = (part: Record<string, unknown>): unknown => ({
  name: "n",
  version: "1",
  protocol_version: 1,
  hooks: [],
  ...part,
});

describe("a verdict", () => {
  const bounds: [what: string, most: number, verdict: (size: number) => unknown][] = [
    ["its message", VERDICT_LIMITS.messageLength, (size) => ({ status: "warn", message: text(size) })],
    [
      "its findings",
      VERDICT_LIMITS.findings,
      (size) => ({ status: "warn", findings: many(size, { rule: "r", message: "m" }) }),
    ],
    ["a rule", VERDICT_LIMITS.ruleLength, (size) => finding({ rule: text(size) })],
    ["the message of a finding", VERDICT_LIMITS.messageLength, (size) => finding({ message: text(size) })],
    ["a url", VERDICT_LIMITS.urlLength, (size) => finding({ url: text(size) })],
    ["a path", VERDICT_LIMITS.pathSteps, (size) => finding({ path: many(size, 0) })],
    ["a step of a path", VERDICT_LIMITS.pathStepLength, (size) => finding({ path: [0, text(size)] })],
    [
      "its metadata",
      VERDICT_LIMITS.metadataLength,
      (size) => ({ status: "success", metadata: { a: text(size - '{"a":""}'.length) } }),
    ],
    [
      "the nesting of its metadata",
      VERDICT_LIMITS.metadataDepth,
      (size) => ({ status: "success", metadata: { a: nested(size - 1) } }),
    ],
  ];
  it.each(bounds)("may fill %s to %i and no further", (_what, most, verdict) => {
    expect(v.is(VerdictSchema, verdict(most))).toBe(true);
    expect(v.is(VerdictSchema, verdict(most + 1))).toBe(false);
  });
});

describe("an answer to initialize", () => {
  const bounds: [what: string, most: number, result: (size: number) => unknown][] = [
    ["the name", MAX_NAME_LENGTH, (size) => initialize({ name: text(size) })],
    ["the version", MAX_NAME_LENGTH, (size) => initialize({ version: text(size) })],
    ["the hooks", INITIALIZE_LIMITS.hooks, (size) => initialize({ hooks: many(size, "plan-stage-start") })],
    [
      "the resource types",
      INITIALIZE_LIMITS.resourceTypes,
      (size) => initialize({ resource_types: many(size, "aws_*") }),
    ],
    ["a resource type", INITIALIZE_LIMITS.resourceTypeLength, (size) => initialize({ resource_types: [text(size)] })],
  ];
  it.each(bounds)("may fill %s to %i and no further", (_what, most, result) => {
    expect(v.is(InitializeResultSchema, result(most))).toBe(true);
    expect(v.is(InitializeResultSchema, result(most + 1))).toBe(false);
  });
});

describe("a message", () => {
  it("may hold as many values as allowed and no more, wherever they stand", () => {
    const line = (values: number): string => `{"a":[${many(values, "0").join(",")}]}`;
    expect(parseJson(line(MAX_JSON_VALUES), 1_000_000)).toMatchObject({});
    expect(thrownCode(() => parseJson(line(MAX_JSON_VALUES + 1), 1_000_000))).toBe("PROTOCOL_TOO_MANY_VALUES");
  });

  it("is not counted by what its strings say", () => {
    const jsonOf = fc.array(fc.string({ unit: fc.constantFrom('"', "\\", ",", "[", "{", "]", "a") }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(jsonOf, (strings) => {
        const json = JSON.stringify(strings);
        expect(overBounds(json, 1, Math.max(strings.length, 1))).toBeNull();
        expect(overBounds(json, 0, 1_000)).toBe("depth");
        if (strings.length > 1) expect(overBounds(json, 1, strings.length - 1)).toBe("values");
      }),
    );
  });

  it("full of wrong items costs no more than its first fault", async () => {
    const endpoint = new GuestEndpoint({
      exchange: () =>
        Promise.resolve({
          lines: [`{"jsonrpc":"2.0","id":1,"result":{"status":"fail","findings":[${many(40_000, "0").join(",")}]}}`],
          elapsedUs: 1,
        }),
      maxMessageBytes: 1_000_000,
      log: () => undefined,
    });
    const call = endpoint.hook("post-plan-resource", new EncodedParams("{}"));
    expect(await rejectedCode(call)).toBe("PROTOCOL_BAD_RESULT");
  });
});

describe("a request of the guest", () => {
  const request = (length: number): string => {
    const [head, tail] = ['{"jsonrpc":"2.0","id":1,"method":"x","params":["', '"]}'];
    return head + text(length - head.length - tail.length) + tail;
  };

  it("is not looked at over its size, since it would be parsed where other guests live", () => {
    expect(readGuestRequest(request(1024 ** 2))).not.toBeNull();
    expect(readGuestRequest(request(1024 ** 2 + 1))).toBeNull();
  });

  it("may have an id of the allowed length and no longer", () => {
    const withId = (length: number): unknown => ({ jsonrpc: "2.0", id: text(length), method: "x" });
    expect(v.is(RequestSchema, withId(MAX_NAME_LENGTH))).toBe(true);
    expect(v.is(RequestSchema, withId(MAX_NAME_LENGTH + 1))).toBe(false);
  });
});
