import { describe, expect, test } from "vitest";
import {
  MAX_MEMORY_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_METADATA_BYTES,
  MAX_TIMEOUT_MS,
} from "../../src/declare/declaration.js";
import { bodyFaults, declared, declaredBody, faults, shown } from "./folder.js";

test("a block with everything", async () => {
  const declarations = await declared({
    "airlock.hcl": `
integration "logger" {}
integration "budget_checker" {
  source             = "./integrations/budget-checker"
  config             = { max_cost = 1000 }
  timeout            = "5s"
  initialize_timeout = "1m30s"
  memory             = "64MiB"
  message_size       = "1MiB"
  metadata_size      = "2KiB"
  on_error           = "warn"
  hooks              = ["post-plan-resource", "plan-stage-complete"]
  resources          = ["aws_*", "google_storage_bucket"]
  after              = ["logger"]
  grants             = { env = ["HOME"], clock = true, random = false }
  isolation          = "none"
}`,
  });
  expect(declarations[1]).toMatchObject({
    name: "budget_checker",
    scope: "project",
    source: "./integrations/budget-checker",
    config: { max_cost: 1000 },
    timeoutMs: 5_000,
    initializeTimeoutMs: 90_000,
    memoryBytes: 64 * 1024 ** 2,
    messageBytes: 1024 ** 2,
    metadataBytes: 2048,
    onError: "warn",
    hooks: ["post-plan-resource", "plan-stage-complete"],
    resources: ["aws_*", "google_storage_bucket"],
    after: ["logger"],
    grants: { env: ["HOME"], clock: true, random: false },
    isolation: "none",
  });
});

test("several arguments may share a line", async () => {
  const declaration = await declaredBody('timeout = "5s"      memory = "64MiB"      on_error = "fail"');
  expect(declaration).toMatchObject({ timeoutMs: 5_000, memoryBytes: 64 * 1024 ** 2, onError: "fail" });
});

test("null is the same as leaving the argument out", async () => {
  const { location: bare, ...expected } = await declaredBody("");
  const { location, ...declaration } = await declaredBody(
    "source = null\n timeout = null\n hooks = null\n config = null",
  );
  expect({ ...declaration, directory: "" }).toEqual({ ...expected, directory: "" });
  expect(location?.line).toBe(bare?.line);
});

describe("limits: the bound is accepted, one more is not", () => {
  test.each([
    ["timeout", "1h", "1h1ms", "timeoutMs", MAX_TIMEOUT_MS],
    ["initialize_timeout", "60m", "60m1s", "initializeTimeoutMs", MAX_TIMEOUT_MS],
    ["memory", "4GiB", "4294967297B", "memoryBytes", MAX_MEMORY_BYTES],
    ["message_size", "256MiB", "257MiB", "messageBytes", MAX_MESSAGE_BYTES],
    ["metadata_size", "64KiB", "65KiB", "metadataBytes", MAX_METADATA_BYTES],
  ])("%s", async (argument, accepted, violated, key, value) => {
    expect(await declaredBody(`${argument} = "${accepted}"`)).toMatchObject({ [key]: value });
    expect(await bodyFaults(`${argument} = "${violated}"`)).toHaveLength(1);
  });
});

describe("a bad value is refused at its place", () => {
  test.each([
    ["source = 1", "2:10"],
    ['source = ""', "2:10"],
    ['version = "1.0"', "2:11"],
    ["config = []", "2:10"],
    ['config = "x"', "2:10"],
    ["timeout = 5", "2:11"],
    ['timeout = "5"', "2:11"],
    ['timeout = "0s"', "2:11"],
    ['memory = "64MB"', "2:10"],
    ['message_size = "-1B"', "2:16"],
    ['on_error = "ignore"', "2:12"],
    ["hooks = []", "2:9"],
    ['hooks = "post-plan-resource"', "2:9"],
    ['hooks = ["post-plan-resource", "post-plan"]', "2:32"],
    ["resources = []", "2:13"],
    ['resources = ["aws_*", 3]', "2:23"],
    ['after = "logger"', "2:9"],
    ['after = ["no name"]', "2:10"],
    ["grants = []", "2:10"],
    ['grants = { env = ["HOME", "A-B"] }', "2:27"],
    ["grants = { clock = 1 }", "2:20"],
  ])("%s", async (body, place) => {
    expect(await bodyFaults(body)).toEqual([`DECLARE_BAD_VALUE ${place}`]);
  });
});

describe("what is not known is refused with what was probably meant", () => {
  test.each([
    ["conifg = {}", "DECLARE_UNKNOWN_ARGUMENT", "config"],
    ['Timeout = "5s"', "DECLARE_UNKNOWN_ARGUMENT", "timeout"],
    ['on-error = "fail"', "DECLARE_UNKNOWN_ARGUMENT", "on_error"],
    ["grants = { envs = [] }", "DECLARE_UNKNOWN_ARGUMENT", "env"],
    ['hooks = ["post-plan-resorce"]', "DECLARE_BAD_VALUE", "post-plan-resource"],
    ['on_error = "warning"', "DECLARE_BAD_VALUE", "warn"],
  ])("%s", async (body, code, meant) => {
    const [error] = await faults({ "airlock.hcl": `integration "subject" {\n${body}\n}` });
    expect(error?.code).toBe(code);
    expect(error?.remedy).toContain(meant);
  });

  test("a far-off word gets the whole list", async () => {
    const [error] = await faults({ "airlock.hcl": 'integration "subject" {\nprovisioner = 1\n}' });
    expect(error?.remedy).toContain("initialize_timeout");
  });
});

test("one argument twice", async () => {
  expect(await bodyFaults('source = "a"\nsource = "b"')).toEqual(["DECLARE_DUPLICATE_ARGUMENT 3:1"]);
});

test("a block inside", async () => {
  const [error] = await faults({ "airlock.hcl": 'integration "subject" {\n  config {\n  }\n}' });
  expect(error && shown(error)).toBe("DECLARE_MISPLACED 2:3");
  expect(error?.remedy).toContain("config = { … }");
});

describe("names", () => {
  test.each(["a", "_a-9", "x".repeat(64)])("%s", async (name) => {
    const [declaration] = await declared({ "airlock.hcl": `integration "${name}" {}` });
    expect(declaration?.name).toBe(name);
  });

  test("a label need not be quoted", async () => {
    const [declaration] = await declared({ "airlock.hcl": "integration logger {}" });
    expect(declaration?.name).toBe("logger");
  });

  test.each([
    ['integration "9" {}', "1:13"],
    ['integration "" {}', "1:13"],
    [`integration "${"x".repeat(65)}" {}`, "1:13"],
    ['integration "a b" {}', "1:13"],
    ["integration {}", "1:1"],
    ['integration "a" "b" {}', "1:1"],
  ])("refuses %s", async (text, place) => {
    expect((await faults({ "airlock.hcl": text })).map(shown)).toEqual([`DECLARE_BAD_NAME ${place}`]);
  });

  test("a template as a name", async () => {
    expect((await faults({ "airlock.hcl": 'integration "${x}" {}' })).map(shown)).toEqual(["DECLARE_NOT_LITERAL 1:14"]);
  });
});
