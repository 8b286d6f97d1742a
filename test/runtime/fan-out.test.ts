import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import type { AirlockEvent } from "../../src/protocol/events.js";
import type { EventOutcome, Runtime, RuntimeNotice } from "../../src/runtime/types.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

type Declared = Omit<IntegrationDeclarationInput, "directory" | "source"> & { readonly code: string };

interface Started extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly notices: RuntimeNotice[];
}

/** A started runtime of js integrations given as code. */
async function started(...declared: Declared[]): Promise<Started> {
  const directory = temporaryFolder(Object.fromEntries(declared.map(({ name, code }) => [`${name}.js`, code])));
  const notices: RuntimeNotice[] = [];
  const runtime = createRuntime({
    integrations: declared.map(({ name, after, onError, resources }) => ({
      name,
      directory,
      source: `./${name}.js`,
      ...(after !== undefined && { after }),
      ...(onError !== undefined && { onError }),
      ...(resources !== undefined && { resources }),
    })),
    observer: (notice) => notices.push(notice),
  });
  expect(await runtime.start()).toEqual([]);
  return { runtime, notices, [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() };
}

const skippedNames = (notices: readonly RuntimeNotice[]): string[] =>
  notices.flatMap((notice) => (notice.type === "skipped" ? [notice.integration] : []));

const said = ({ results }: EventOutcome, name: string): unknown =>
  JSON.parse(results.find(({ integration }) => integration === name)?.message ?? "null");

/** Attaches what the resource's own `after` says under its name: data, null, or nothing. */
const ATTACHES = (name: string): string =>
  jsIntegration(`const own = params.after[${JSON.stringify(name)}];
  return own === undefined ? { status: "success" } : { status: "success", metadata: own };`);
const READS = jsIntegration(`return { status: "success", message: JSON.stringify(params.metadata) };`);
const says = (status: string): string => jsIntegration(`return { status: ${JSON.stringify(status)} };`);
const BREAKS = jsIntegration(`throw new Error("broken");`);

/** The event of a resource that carries metadata already. */
function carrying(metadata: Record<string, Record<string, unknown>>, after: unknown): AirlockEvent {
  const event = resourceEvent("a.b", "post-plan-resource", after);
  return { ...event, params: { ...event.params, metadata } } as AirlockEvent;
}

describe("metadata on its way through the levels", () => {
  const integrations: Declared[] = [
    { name: "one", code: ATTACHES("one") },
    { name: "two", code: ATTACHES("two") },
    { name: "middle", code: READS, after: ["one", "two"] },
    { name: "three", code: ATTACHES("three"), after: ["middle"] },
    { name: "last", code: READS, after: ["three"] },
  ];
  const cases: [what: string, before: Record<string, Record<string, unknown>>, after: unknown, last: unknown][] = [
    ["nothing attached leaves what was there", { one: { a: 1 } }, {}, { one: { a: 1 } }],
    ["data of two at one level are both there", {}, { one: { a: 1 }, two: { b: 2 } }, { one: { a: 1 }, two: { b: 2 } }],
    ["data replaces what was there, as a whole", { one: { a: 1, b: 1 } }, { one: { a: 2 } }, { one: { a: 2 } }],
    ["null clears what was there", { one: { a: 1 }, two: { b: 2 } }, { one: null }, { two: { b: 2 } }],
    ["null clears nothing of another", { other: { x: 1 } }, { one: null, two: null }, { other: { x: 1 } }],
    ["an empty object is data", { one: { a: 1 } }, { one: {} }, { one: {} }],
    ["later levels add to earlier ones", {}, { one: { a: 1 }, three: { c: 3 } }, { one: { a: 1 }, three: { c: 3 } }],
  ];

  it("replaces, adds and clears under the name of each integration alone", async () => {
    await using running = await started(...integrations);
    const seen = [];
    for (const [what, before, after] of cases)
      seen.push([what, said(await running.runtime.dispatch(carrying(before, after)), "last")]);
    expect(seen).toEqual(cases.map(([what, , , last]) => [what, last]));
  });

  it("is not seen by a level before it is complete, nor by those beside", async () => {
    await using running = await started(...integrations);
    const outcome = await running.runtime.dispatch(carrying({}, { three: { c: 3 } }));
    expect(said(outcome, "middle")).toEqual({});
    expect(said(outcome, "last")).toEqual({ three: { c: 3 } });
  });

  it("of one event is not seen in the next: that is up to the host", async () => {
    await using running = await started(...integrations);
    await running.runtime.dispatch(carrying({}, { one: { a: 1 } }));
    expect(said(await running.runtime.dispatch(carrying({}, {})), "last")).toEqual({});
  });

  it("is left alone by an integration that broke", async () => {
    await using running = await started(
      { name: "broken", code: BREAKS },
      { name: "last", code: READS, after: ["broken"] },
    );
    expect(said(await running.runtime.dispatch(carrying({ broken: { kept: true } }, {})), "last")).toEqual({
      broken: { kept: true },
    });
  });

  it("of a stage stays in its result: there is no resource to hang it on", async () => {
    const attaches = jsIntegration(`return { status: "success", metadata: { a: 1 } };`);
    const reads = jsIntegration(`return { status: "success", message: JSON.stringify(params.metadata ?? "none") };`);
    await using running = await started(
      { name: "first", code: attaches },
      { name: "last", code: reads, after: ["first"] },
    );
    const run = { id: "run", command: "check", workspace: "default" };
    const outcome = await running.runtime.dispatch({ hook: "plan-stage-complete", params: { run, resources: [] } });
    expect(outcome.results[0]?.metadata).toEqual({ a: 1 });
    expect(said(outcome, "last")).toBe("none");
    expect(outcome.results.map(({ address }) => address)).toEqual([null, null]);
  });
});

describe("a pre- hook", () => {
  const later = { name: "later", code: says("success"), after: ["gate"] };
  const cases = [
    { what: "that says fail", gate: { name: "gate", code: says("fail") }, verdict: "fail", halts: true },
    { what: "that says warn", gate: { name: "gate", code: says("warn") }, verdict: "warn", halts: false },
    { what: "that breaks", gate: { name: "gate", code: BREAKS }, verdict: "error", halts: true },
    {
      what: "that breaks under on_error = warn",
      gate: { name: "gate", code: BREAKS, onError: "warn" as const },
      verdict: "warn",
      halts: false,
    },
    {
      what: "that says fail under on_error = warn, which is about breaking alone",
      gate: { name: "gate", code: says("fail"), onError: "warn" as const },
      verdict: "fail",
      halts: true,
    },
  ];

  it.each(cases)("$what: later levels are asked unless it halts ($halts)", async ({ gate, verdict, halts }) => {
    await using running = await started(gate, later);
    const { runtime, notices } = running;
    const outcome = await runtime.dispatch(resourceEvent("a.b", "pre-plan-resource"));
    expect(outcome.verdict).toBe(verdict);
    expect(outcome.results.map(({ integration }) => integration)).toEqual(halts ? ["gate"] : ["gate", "later"]);
    expect(skippedNames(notices)).toEqual(halts ? ["later"] : []);
  });

  it("halts all levels behind it, each integration told once, with hook and address", async () => {
    await using running = await started(
      { name: "gate", code: says("fail") },
      { name: "two", code: says("success"), after: ["gate"] },
      { name: "three", code: says("success"), after: ["two"] },
      { name: "unasked", code: says("success"), after: ["two"], resources: ["other"] },
      { name: "first", code: says("success") },
    );
    const { runtime, notices } = running;
    const { results } = await runtime.dispatch(resourceEvent("a.b", "pre-plan-resource"));
    expect(results.map(({ integration }) => integration)).toEqual(["gate", "first"]);
    expect(notices.filter(({ type }) => type === "skipped")).toEqual(
      ["two", "three"].map((integration) => ({
        type: "skipped",
        integration,
        hook: "pre-plan-resource",
        address: "a.b",
      })),
    );
    expect(runtime.report().map(({ calls }) => calls)).toEqual([1, 0, 0, 0, 1]);
  });

  it("halts its own event alone", async () => {
    const gate = jsIntegration(`return { status: params.name === "bad" ? "fail" : "success" };`);
    await using running = await started({ name: "gate", code: gate }, later);
    const asked = [];
    for (const address of ["a.good", "a.bad", "a.next"])
      asked.push((await running.runtime.dispatch(resourceEvent(address, "pre-plan-resource"))).results.length);
    expect(asked).toEqual([2, 1, 2]);
  });
});

describe("an integration that broke at start", () => {
  it("takes no part: those that come after it are asked all the same", async () => {
    const directory = temporaryFolder({ "later.js": says("success"), "bad.js": "throw 1" });
    await using runtime = createRuntime({
      integrations: [
        { name: "bad", directory, source: "./bad.js" },
        { name: "later", directory, source: "./later.js", after: ["bad"] },
      ],
    });
    expect(await runtime.start()).toMatchObject([{ integration: "bad", error: { code: "GUEST_LOAD" } }]);
    const { results, verdict } = await runtime.dispatch(resourceEvent("a.b", "pre-plan-resource"));
    expect([results.map(({ integration }) => integration), verdict]).toEqual([["later"], "pass"]);
    expect(runtime.wants("pre-plan-resource")).toBe(true);
    expect(runtime.report()).toMatchObject([
      { name: "bad", kind: "js", calls: 0, latencyUs: null },
      { name: "later", calls: 1 },
    ]);
  });
});

describe("results", () => {
  it("are each told of as they come, with the time the guest took", async () => {
    await using running = await started({ name: "one", code: says("warn") }, { name: "two", code: BREAKS });
    const { runtime, notices } = running;
    const { results } = await runtime.dispatch(resourceEvent("a.b"));
    const told = notices.flatMap((notice) => (notice.type === "result" ? [notice] : []));
    expect(told.map(({ result }) => result.integration).sort()).toEqual(["one", "two"]);
    for (const { result, elapsedUs } of told) {
      expect(results).toContain(result);
      expect(elapsedUs > 0).toBe(result.error === null);
    }
  });
});
