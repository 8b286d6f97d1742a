import { describe, expect, test } from "vitest";
import { DeclareError } from "../../src/declare/declare-error.js";
import { interpretProviderIntegration } from "../../src/declare/interpret.js";
import { MAX_VALUE_DEPTH } from "../../src/declare/literal.js";
import { thrownCode } from "../support/codes.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";

const location = { file: "main.tf", line: 4, column: 3 };
const INTEGRATION = { provider: "aws", alias: "eu", name: "tagger", location };
const interpret = (values: Record<string, unknown>) => interpretProviderIntegration(INTEGRATION, values, "/root");

function faultsOf(values: Record<string, unknown>): readonly DeclareError[] {
  try {
    interpret(values);
  } catch (error) {
    if (error instanceof DeclareError) return [error, ...error.others];
    throw error;
  }
  return [];
}

test("what core evaluated means the same as in a terraform block", () => {
  const values = {
    source: "./tagger",
    version: null,
    config: { required_tags: ["Owner"], limit: 3, big: 9007199254740991n, nothing: null },
    timeout: "2s",
    initialize_timeout: "1m",
    memory: "32MiB",
    message_size: "1MiB",
    metadata_size: "2KiB",
    on_error: "warn",
    hooks: ["post-plan-resource"],
    resources: ["aws_*"],
    after: ["logger"],
    grants: { clock: true },
    isolation: "required",
  };
  expect(interpret(values)).toEqual({
    name: "tagger",
    scope: "provider",
    provider: "aws.eu",
    source: "./tagger",
    config: { required_tags: ["Owner"], limit: 3, big: 9007199254740991, nothing: null },
    timeoutMs: 2000,
    initializeTimeoutMs: 60_000,
    memoryBytes: 32 * 1024 ** 2,
    messageBytes: 1024 ** 2,
    metadataBytes: 2048,
    onError: "warn",
    hooks: ["post-plan-resource"],
    resources: ["aws_*"],
    after: ["logger"],
    grants: { ...NO_GRANTS, clock: true },
    isolation: "required",
    unsigned: false,
    directory: "/root",
    location,
  });
});

test("null and undefined are not set, and nothing has to be", () => {
  const unset = { source: null, config: null, timeout: undefined, hooks: null, after: null, grants: null };
  expect(interpret(unset)).toEqual(interpret({}));
  expect(interpret({})).toMatchObject({ scope: "provider", config: {}, onError: "fail", after: [] });
});

test("without an alias the provider is its name", () => {
  const { provider } = interpretProviderIntegration({ ...INTEGRATION, alias: null }, {}, "/root");
  expect(provider).toBe("aws");
});

describe("faults", () => {
  test.each([
    [{ conifg: {} }, "DECLARE_UNKNOWN_ARGUMENT"],
    [{ version: "1.0" }, "DECLARE_BAD_VALUE"],
    [{ source: "" }, "DECLARE_BAD_VALUE"],
    [{ config: ["a"] }, "DECLARE_BAD_VALUE"],
    [{ config: { n: 2n ** 64n } }, "DECLARE_BAD_VALUE"],
    [{ config: { n: Number.NaN } }, "DECLARE_BAD_VALUE"],
    [{ config: { ["__proto__"]: 1 } }, "DECLARE_FORBIDDEN_KEY"],
    [{ timeout: 5 }, "DECLARE_BAD_VALUE"],
    [{ timeout: "2h" }, "DECLARE_BAD_VALUE"],
    [{ memory: "64MB" }, "DECLARE_BAD_VALUE"],
    [{ on_error: "ignore" }, "DECLARE_BAD_VALUE"],
    [{ hooks: [] }, "DECLARE_BAD_VALUE"],
    [{ hooks: ["post-plan"] }, "DECLARE_BAD_VALUE"],
    [{ resources: [null] }, "DECLARE_BAD_VALUE"],
    [{ after: "logger" }, "DECLARE_BAD_VALUE"],
    [{ grants: { network: true } }, "DECLARE_UNKNOWN_ARGUMENT"],
  ])("%o is %s", (values, code) => {
    expect(thrownCode(() => interpret(values))).toBe(code);
  });

  test.each([Symbol("unknown"), new Map(), new Uint8Array(1), () => 1])("%o is not known yet", (unknown) => {
    expect(thrownCode(() => interpret({ config: { a: [unknown] } }))).toBe("DECLARE_BAD_VALUE");
    expect(thrownCode(() => interpret({ hooks: unknown }))).toBe("DECLARE_BAD_VALUE");
  });

  test("a bad name", () => {
    const named = { ...INTEGRATION, name: "my tagger" };
    expect(thrownCode(() => interpretProviderIntegration(named, {}, "/root"))).toBe("DECLARE_BAD_NAME");
  });

  test("values may nest as deep as in a file, and no deeper; a loop ends, too", () => {
    const nested = (depth: number): unknown => (depth === 0 ? "x" : [nested(depth - 1)]);
    expect(interpret({ config: { a: nested(MAX_VALUE_DEPTH - 1) } }).config).toHaveProperty("a");
    expect(thrownCode(() => interpret({ config: { a: nested(MAX_VALUE_DEPTH) } }))).toBe("DECLARE_TOO_LARGE");
    const loop: unknown[] = [];
    loop.push(loop);
    expect(thrownCode(() => interpret({ config: { loop } }))).toBe("DECLARE_TOO_LARGE");
  });

  test("all are told at the block's place, with the integration's name", () => {
    const faults = faultsOf({ timeout: 5, memory: 6, nope: 7 });
    expect(faults.map((fault) => [fault.code, fault.location, fault.integration])).toEqual([
      ["DECLARE_BAD_VALUE", location, "tagger"],
      ["DECLARE_BAD_VALUE", location, "tagger"],
      ["DECLARE_UNKNOWN_ARGUMENT", location, "tagger"],
    ]);
  });
});
