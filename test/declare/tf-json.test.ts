import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { declared, faults, shown } from "./folder.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";

async function configOf(config: unknown): Promise<unknown> {
  const text = JSON.stringify({ terraform: { integration: { a: { config } } } });
  const [declaration] = await declared({ "main.tf.json": text });
  return declaration?.config;
}

describe("shapes of Terraform's JSON syntax", () => {
  test.each([
    ["an object by name", '{"terraform":{"integration":{"a":{},"b":{}}}}'],
    ["a list of objects by name", '{"terraform":{"integration":[{"a":{}},{"b":{}}]}}'],
    ["a list of bodies under a name", '{"terraform":{"integration":{"a":[{}],"b":[{}]}}}'],
    ["several terraform bodies", '{"terraform":[{"integration":{"a":{}}},{"integration":{"b":{}}}]}'],
    ["a terraform key given twice", '{"terraform":{"integration":{"a":{}}},"terraform":{"integration":{"b":{}}}}'],
    ["a list at the top", '[{"terraform":{"integration":{"a":{}}}},{"terraform":{"integration":{"b":{}}}}]'],
    ["an escaped key", '{"terraform":{"\\u0069ntegration":{"a":{},"b":{}}}}'],
    ["comments", '{"//":"x","terraform":{"//":1,"integration":{"//":"x","a":{"//":"x"},"b":{}}}}'],
  ])("%s", async (_name, text) => {
    expect((await declared({ "main.tf.json": text })).map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test("all arguments mean the same as in HCL", async () => {
    const body = {
      source: "./a",
      timeout: "5s",
      memory: "64MiB",
      hooks: ["plan-stage-complete"],
      grants: { clock: true },
    };
    const [declaration] = await declared({
      "main.tf.json": JSON.stringify({ terraform: { integration: { a: body } } }),
    });
    expect(declaration).toMatchObject({
      source: "./a",
      timeoutMs: 5_000,
      memoryBytes: 64 * 1024 ** 2,
      hooks: ["plan-stage-complete"],
      grants: { ...NO_GRANTS, clock: true },
    });
  });

  test("two bodies under one name are two integrations of one name", async () => {
    const text = '{"terraform":{"integration":{"a":[{},{}]}}}';
    expect((await faults({ "main.tf.json": text })).map(({ code }) => code)).toEqual(["DECLARE_DUPLICATE_NAME"]);
  });
});

describe("values", () => {
  test("any JSON value arrives unchanged", async () => {
    const isPlain = (text: string) => !/[$%]\{|__proto__|constructor|prototype/.test(text);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), async (config) => {
        const text = JSON.stringify(config);
        fc.pre(isPlain(text) && !/(?<![.\d])\d{16,}(?![.\de])/.test(text));
        expect(await configOf(config)).toEqual(JSON.parse(text));
      }),
      { numRuns: 60 },
    );
  });

  test("$${ and %%{ stand for ${ and %{", async () => {
    expect(await configOf({ "$${k}": ["$${v} %%{v}"] })).toEqual({ "${k}": ["${v} %{v}"] });
  });

  test.each([
    ["a string", '{"terraform":{"integration":{"a":{\n"source":"${x}"}}}}', "2:10"],
    ["a directive", '{"terraform":{"integration":{"a":{\n"source":"%{if x}"}}}}', "2:10"],
    ["a key", '{"terraform":{"integration":{"a":{\n"config":{"${x}":1}}}}}', "2:11"],
    ["deep inside", '{"terraform":{"integration":{"a":{\n"config":{"k":[1,\n"${x}"]}}}}}', "3:1"],
  ])("a template is refused: %s", async (_name, text, place) => {
    expect((await faults({ "main.tf.json": text })).map(shown)).toEqual([`DECLARE_NOT_LITERAL ${place}`]);
  });

  test("keys that reach into prototypes are refused", async () => {
    const text = '{"terraform":{"integration":{"a":{"config":{\n"__proto__":{}}}}}}';
    expect((await faults({ "main.tf.json": text })).map(shown)).toEqual(["DECLARE_FORBIDDEN_KEY 2:1"]);
  });

  test("a number that would be rounded is refused here, and is core's elsewhere", async () => {
    const number = "12345678901234567890";
    const inside = `{"terraform":{"integration":{"a":{"config":{"n":\n${number}}}}}}`;
    expect((await faults({ "main.tf.json": inside })).map(shown)).toEqual(["DECLARE_BAD_VALUE 2:1"]);
    expect(await declared({ "main.tf.json": `{"locals":{"n":${number}},"terraform":{"integration":{}}}` })).toEqual([]);
  });
});

describe("faults are told at their place", () => {
  test.each([
    ['{"terraform":{"integration":{"a":\n1}}}', "DECLARE_BAD_VALUE 2:1"],
    ['{"terraform":{"integration":\n"a"}}', "DECLARE_BAD_VALUE 2:1"],
    ['{"terraform":{"integration":{"a":{\n "conifg":{}}}}}', "DECLARE_UNKNOWN_ARGUMENT 2:2"],
    ['{"terraform":{"integration":{"a":{"source":"x",\n "source":"y"}}}}', "DECLARE_DUPLICATE_ARGUMENT 2:2"],
    ['{"terraform":{"integration":{\n "9":{}}}}', "DECLARE_BAD_NAME 2:2"],
    ['{\n "integration":{}}', "DECLARE_MISPLACED 2:2"],
    ['{"integration":\n', "DECLARE_SYNTAX 2:1"],
    ['{"integration":{}\n}}', "DECLARE_SYNTAX 2:2"],
    ['{"integration":{}\n "x":1}', "DECLARE_SYNTAX 2:2"],
    ['{"integration":\n01}', "DECLARE_SYNTAX 2:2"],
    ['{"integration":\n"x', "DECLARE_SYNTAX 2:1"],
    ['{"integration":\n"\\x"}', "DECLARE_SYNTAX 2:1"],
    ['{"integration":\n[1,]}', "DECLARE_SYNTAX 2:4"],
    ['{"integration":\nnul}', "DECLARE_SYNTAX 2:1"],
    ['{"integration"\n1}', "DECLARE_SYNTAX 2:1"],
    ['{"integration":1,\n}', "DECLARE_SYNTAX 2:1"],
  ])("%j", async (text, expected) => {
    expect((await faults({ "main.tf.json": text })).map(shown)).toEqual([expected]);
  });

  test("a broken file that mentions no integration is core's", async () => {
    expect(await declared({ "main.tf.json": '{"resource":' })).toEqual([]);
  });
});
