import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import type { Runtime, RuntimeNotice } from "../../src/runtime/types.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

type Declared = Omit<IntegrationDeclarationInput, "directory" | "source"> & { readonly code: string };

/** A started runtime of js integrations given as code. */
async function started(declared: readonly Declared[], observer?: (notice: RuntimeNotice) => void): Promise<Runtime> {
  const directory = temporaryFolder(Object.fromEntries(declared.map(({ name, code }) => [`${name}.js`, code])));
  const integrations = declared.map((one) => {
    const { code, ...rest } = one;
    return { ...rest, directory, source: `./${rest.name}.js`, config: { ...rest.config, size: code.length } };
  });
  const runtime = createRuntime({ integrations, ...(observer !== undefined && { observer }) });
  expect(await runtime.start()).toEqual([]);
  return runtime;
}

const says = (status: string): string => jsIntegration(`return { status: "${status}", message: "${status}" };`);
const BUSY = "const until = config.spins; for (let i = 0; i < until; i++) Math.sqrt(i);";

describe("dispatch", () => {
  it("reports in declaration order, whichever guest is done first", async () => {
    const slow = jsIntegration(`${BUSY} return { status: "success" };`);
    await using runtime = await started([
      { name: "slow", code: slow, config: { spins: 300_000 } },
      { name: "quick", code: slow, config: { spins: 1 } },
    ]);
    const { results, verdict } = await runtime.dispatch(resourceEvent("a.b"));
    expect(results.map(({ integration }) => integration)).toEqual(["slow", "quick"]);
    expect(verdict).toBe("pass");
  });

  it("reduces to the gravest verdict", async () => {
    await using runtime = await started([
      { name: "one", code: says("warn") },
      { name: "two", code: says("fail") },
      { name: "three", code: says("success") },
    ]);
    expect((await runtime.dispatch(resourceEvent("a.b"))).verdict).toBe("fail");
  });

  it("asks only those that want the hook and the type", async () => {
    await using runtime = await started([
      { name: "aws", code: says("success"), resources: ["aws_*"] },
      { name: "stage", code: says("success"), hooks: ["plan-stage-complete"] },
      { name: "typed", code: jsIntegration(`return { status: "success" };`, { resource_types: ["gcp_*"] }) },
    ]);
    expect((await runtime.dispatch(resourceEvent("aws_vpc.a"))).results.map(({ integration }) => integration)).toEqual([
      "aws",
    ]);
    expect((await runtime.dispatch(resourceEvent("gcp_vpc.a"))).results.map(({ integration }) => integration)).toEqual([
      "typed",
    ]);
    expect([
      runtime.wants("plan-stage-complete"),
      runtime.wants("post-apply-resource"),
      runtime.wants("post-plan-resource", "x"),
    ]).toEqual([true, false, false]);
  });

  it("hands what earlier integrations attached to later ones", async () => {
    const attaches = jsIntegration(`return { status: "success", metadata: { cost: 5 } };`);
    const reads = jsIntegration(`return { status: "success", message: JSON.stringify(params.metadata) };`);
    await using runtime = await started([
      { name: "last", code: reads, after: ["first"] },
      { name: "first", code: attaches },
      { name: "beside", code: reads },
    ]);
    const { results } = await runtime.dispatch(resourceEvent("a.b"));
    expect(results.map(({ integration, message }) => [integration, message])).toEqual([
      ["last", '{"first":{"cost":5}}'],
      ["first", ""],
      ["beside", "{}"],
    ]);
  });

  it("stops later levels at a failing pre- hook, and not at a failing post- hook", async () => {
    const skipped: string[] = [];
    await using runtime = await started(
      [
        { name: "gate", code: says("fail") },
        { name: "beside", code: says("success") },
        { name: "later", code: says("success"), after: ["gate"] },
      ],
      (notice) => {
        if (notice.type === "skipped") skipped.push(notice.integration);
      },
    );
    const pre = await runtime.dispatch(resourceEvent("a.b", "pre-plan-resource"));
    expect(pre.results.map(({ integration }) => integration)).toEqual(["gate", "beside"]);
    expect(skipped).toEqual(["later"]);
    const post = await runtime.dispatch(resourceEvent("a.b", "post-plan-resource"));
    expect(post.results.map(({ integration }) => integration)).toEqual(["gate", "beside", "later"]);
  });

  it("ignores an observer that throws", async () => {
    await using runtime = await started([{ name: "one", code: says("success") }], () => {
      throw new Error("observer");
    });
    expect((await runtime.dispatch(resourceEvent("a.b"))).verdict).toBe("pass");
  });
});

describe("order", () => {
  const COUNTS = jsIntegration(
    `return { status: "success", message: String(seen.push(params.address)) };`,
    {},
    "const seen = [];",
  );

  it("of events is kept for an integration that keeps state, also behind others", async () => {
    const uneven = jsIntegration(
      `if (params.address.endsWith("7")) { let x = 0; for (let i = 0; i < 200000; i++) x += i; } return { status: "success" };`,
    );
    await using runtime = await started([
      { name: "uneven", code: jsIntegration(`return { status: "success" };`, { stateless: true }) },
      { name: "second", code: uneven },
      { name: "counts", code: COUNTS, after: ["uneven", "second"] },
    ]);
    const events = Array.from({ length: 200 }, (_, at) => resourceEvent(`a.r${at}`));
    const seen: string[] = [];
    for await (const { results } of runtime.stream(events)) {
      seen.push(results.find(({ integration }) => integration === "counts")?.message ?? "missing");
    }
    expect(seen).toEqual(events.map((_, at) => String(at + 1)));
  });

  it("of turns survives levels that are skipped", async () => {
    const gate = jsIntegration(`return { status: params.name.endsWith("3") ? "fail" : "success" };`);
    await using runtime = await started([
      { name: "gate", code: gate },
      { name: "counts", code: COUNTS, after: ["gate"] },
    ]);
    const events = Array.from({ length: 50 }, (_, at) => resourceEvent(`a.r${at}`, "pre-plan-resource"));
    const counted: (string | undefined)[] = [];
    for await (const { results } of runtime.stream(events)) counted.push(results[1]?.message);
    const expected: (string | undefined)[] = [];
    let count = 0;
    for (const [at] of events.entries()) expected.push(String(at).endsWith("3") ? undefined : String(++count));
    expect(counted).toEqual(expected);
  });
});

describe("stop", () => {
  it("ends a guest in the middle of a call at once, and that call says so", async () => {
    const runtime = await started([{ name: "busy", code: jsIntegration("for (;;);"), timeoutMs: 600_000 }]);
    const dispatched = runtime.dispatch(resourceEvent("a.b"));
    expect(await runtime.stop()).toEqual([]);
    expect((await dispatched).results).toMatchObject([{ status: "error", error: { code: "GUEST_GONE" } }]);
  });

  it("reports a guest that breaks over its shutdown", async () => {
    const code = jsIntegration(`return { status: "success" };`).replace(
      `if (method === "shutdown"`,
      `if (method === "shutdown") return "junk"; if (false`,
    );
    const runtime = await started([{ name: "rude", code }]);
    expect(await runtime.stop()).toMatchObject([
      { integration: "rude", hook: "shutdown", status: "error", error: { code: "PROTOCOL_NOT_JSON" } },
    ]);
  });
});
