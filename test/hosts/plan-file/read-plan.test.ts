import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PLAN_ERROR_CODES, PlanError } from "../../../src/hosts/plan-file/plan-error.js";
import { DEFAULT_PLAN_LIMITS, readPlan } from "../../../src/hosts/plan-file/read-plan.js";
import { change, planJson } from "./plans.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "airlock-plan-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function read(content: string | Uint8Array, limits = DEFAULT_PLAN_LIMITS) {
  const path = join(folder, "plan.json");
  await writeFile(path, content);
  return readPlan({ path }, limits);
}

async function errorOf(promise: Promise<unknown>): Promise<PlanError> {
  const error: unknown = await promise.then(
    () => new Error("no error"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlanError)) {
    throw new Error("not a PlanError", { cause: error });
  }
  return error;
}

describe("reading a plan", () => {
  it("takes the JSON of a plan", async () => {
    const plan = await read(planJson({ resource_changes: [change("aws_a.b", ["create"], null, { x: 1 })] }));
    expect([...plan.managed].map((one) => one.open().address)).toEqual(["aws_a.b"]);
  });

  it("takes it from a stream, in whatever pieces", async () => {
    const bytes = Buffer.from(planJson({ resource_changes: [change("aws_a.é", ["create"], null, { x: "ü" })] }));
    async function* pieces() {
      for (let at = 0; at < bytes.length; at += 3) {
        yield await Promise.resolve(bytes.subarray(at, at + 3));
      }
    }
    const [only] = (await readPlan({ stream: pieces() })).managed;
    expect(only?.open().view({})).toMatchObject({ address: "aws_a.é", after: { x: "ü" } });
  });

  it.each(["0.1", "0.2", "1.0", "1.2", "1.99"])("takes format version %s", async (format_version) => {
    expect((await read(planJson({ format_version }))).contents.resources).toBe(0);
  });

  it("takes a plan with only resource_changes, with nulls for lists, and with keys it does not know", async () => {
    const plan = await read('{"format_version":"1.0","resource_changes":[],"resource_drift":null,"new_thing":{"a":1}}');
    expect([...plan.drift]).toEqual([]);
  });

  it("takes a UTF-8 byte order mark off", async () => {
    expect((await read(`\ufeff${planJson()}`)).contents.notices).toEqual([]);
  });

  it("keeps names that are special in JavaScript", async () => {
    const provider_config = { constructor: { alias: "one" }, prototype: { alias: "two" } };
    const plan = await read(planJson({ configuration: { provider_config } }));
    expect([...plan.contents.aliases.keys()]).toEqual(["constructor", "prototype"]);
  });
});

describe("what is no plan", () => {
  const state = { version: 4, terraform_version: "1.5.7", serial: 1, lineage: "x", outputs: {}, resources: [] };
  const deep = (levels: number) =>
    planJson({ deep: 0 }).replace('"deep":0', `"deep":${"[".repeat(levels)}${"]".repeat(levels)}`);
  const cases: [what: string, content: string | Uint8Array, code: string][] = [
    ["an empty file", "", "PLAN_EMPTY"],
    ["white space", " \n\n", "PLAN_EMPTY"],
    ["a saved plan file", Buffer.from("PK\u0003\u0004rest"), "PLAN_BINARY"],
    ["an encrypted plan file", '{"meta":{},"encrypted_data":"x","encryption_version":"v0"}', "PLAN_BINARY"],
    ["UTF-16LE with a mark, as PowerShell writes it", Buffer.from(`\ufeff${planJson()}`, "utf16le"), "PLAN_ENCODING"],
    ["UTF-16LE without a mark", Buffer.from(planJson(), "utf16le"), "PLAN_ENCODING"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), "PLAN_ENCODING"],
    ["text for people", "Terraform will perform the following actions:", "PLAN_NOT_JSON"],
    ["the start of a plan", planJson().slice(0, -1), "PLAN_NOT_JSON"],
    ["a plan and something after it", `${planJson()} x`, "PLAN_NOT_JSON"],
    ["the log of plan -json", '{"@level":"info"}\n{"@level":"info"}\n', "PLAN_NOT_JSON"],
    ["a state", '{"format_version":"1.0","values":{"root_module":{}}}', "PLAN_IS_STATE"],
    ["an empty state", '{"format_version":"1.0"}', "PLAN_IS_STATE"],
    ["a state file", JSON.stringify(state), "PLAN_IS_STATE"],
    ["an unknown major version", planJson({ format_version: "2.0" }), "PLAN_FORMAT_VERSION"],
    ["a version that is none", planJson({ format_version: "one" }), "PLAN_FORMAT_VERSION"],
    ["a list", "[]", "PLAN_INVALID"],
    ["null", "null", "PLAN_INVALID"],
    ["another JSON object", '{"name":"x"}', "PLAN_INVALID"],
    ["a plan whose parts are of another type", planJson({ resource_changes: [{ address: 1 }] }), "PLAN_INVALID"],
    ["a list in the place of an object", planJson({ variables: [] }), "PLAN_INVALID"],
    ["JSON nested without end", deep(100_000), "PLAN_TOO_DEEP"],
  ];

  it.each(cases)("%s", async (_what, content, code) => {
    const error = await errorOf(read(content));
    expect(error.code).toBe(code);
    expect(error.remedy).toBeTruthy();
  });

  it("a file that does not exist, and a folder", async () => {
    expect((await errorOf(readPlan({ path: join(folder, "none.json") }))).code).toBe("PLAN_NOT_READABLE");
    expect((await errorOf(readPlan({ path: folder }))).code).toBe("PLAN_NOT_READABLE");
  });

  it("names the path of what has the wrong type", async () => {
    const bad = planJson({ resource_changes: [change("a.b", ["create"], null, {}), { address: "c.d", type: 1 }] });
    expect((await errorOf(read(bad))).message).toContain("resource_changes.1.");
  });

  it("says where the JSON breaks", async () => {
    const error = await errorOf(read('{"format_version":"1.0",\n "resource_changes": [}'));
    expect(error.location).toMatchObject({ line: 2, column: 23 });
  });

  it("accepts a plan at the size limit and refuses one byte more", async () => {
    const json = planJson();
    const limits = { ...DEFAULT_PLAN_LIMITS, maxBytes: json.length };
    expect((await read(json, limits)).contents.resources).toBe(0);
    expect((await errorOf(read(`${json} `, limits))).code).toBe("PLAN_TOO_LARGE");
  });

  it("stops reading a stream that is over the limit", async () => {
    let taken = 0;
    async function* endless() {
      for (;;) {
        taken += 1;
        yield await Promise.resolve("x".repeat(1000));
      }
    }
    const limits = { ...DEFAULT_PLAN_LIMITS, maxBytes: 10_000 };
    expect((await errorOf(readPlan({ stream: endless() }, limits))).code).toBe("PLAN_TOO_LARGE");
    expect(taken).toBe(11);
  });

  it("accepts a plan at the depth limit and refuses one level more", async () => {
    const { maxDepth } = DEFAULT_PLAN_LIMITS;
    expect((await read(deep(maxDepth - 1))).contents.resources).toBe(0);
    expect((await errorOf(read(deep(maxDepth)))).code).toBe("PLAN_TOO_DEEP");
  });

  it("never quotes the file, which may hold secrets", async () => {
    const plan = planJson({ variables: { token: { value: "hunter2-very-secret" } } });
    const withSecret = [
      ...Array.from({ length: plan.length - 1 }, (_, cut) => plan.slice(0, cut + 1)),
      plan.replace(":", "="),
      planJson({ resource_changes: "hunter2-very-secret" }),
      planJson({ output_changes: { a: "hunter2-very-secret" } }),
    ];
    for (const content of withSecret) {
      const error = await errorOf(readPlan({ stream: (async function* () { yield await Promise.resolve(content); })() })); // prettier-ignore
      expect(`${error.message} ${String(error.remedy)} ${JSON.stringify(error.location)}`).not.toContain("hunter2");
    }
  });

  it("ends in a plan or a PlanError, whatever the bytes are", async () => {
    const plan = Buffer.from(planJson({ resource_changes: [change("a.b", ["create"], null, { x: [1, "y"] })] }));
    const mutated = fc
      .array(fc.tuple(fc.nat(plan.length - 1), fc.nat(255)), { maxLength: 4 })
      .map((edits) => edits.reduce((bytes, [at, value]) => (bytes.set([value], at), bytes), Buffer.from(plan)));
    const anything = fc.oneof(
      fc.uint8Array(),
      mutated,
      fc.json().map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        async function* one() {
          yield await Promise.resolve(bytes);
        }
        const outcome = await readPlan({ stream: one() }).then(
          () => "plan",
          (error: unknown) => (error instanceof PlanError ? error.code : error),
        );
        expect(["plan", ...PLAN_ERROR_CODES]).toContain(outcome);
      }),
    );
  });
});
