import { describe, expect, it } from "vitest";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationResult, Runtime, RuntimeNotice } from "../../src/runtime/types.js";
import { FORMS, misbehaving } from "../support/misbehaving.js";
import type { Form } from "../support/misbehaving.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

const MIB = 1024 * 1024;
/** Before its first answer even a well-behaved process may be slow on a busy machine. */
const START_MS = 20_000;

interface Started extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly broken: readonly IntegrationResult[];
  /** Sends an event of this type; gives the misbehaving guest's code or message, and its neighbour's count. */
  readonly ask: (type: string) => Promise<[string, string | undefined]>;
  readonly logs: string[];
}

async function start(
  form: Form,
  declared: Partial<IntegrationDeclarationInput> = {},
  loopInLoad = false,
): Promise<Started> {
  const directory = temporaryFolder({
    "neighbour.js": jsIntegration(`return { status: "success", message: String(++calls) };`, {}, "let calls = 0;"),
  });
  const logs: string[] = [];
  const observer = (notice: RuntimeNotice): void => {
    if (notice.type === "log" && notice.integration === "guest") logs.push(notice.record.message);
  };
  const source = await misbehaving(form, loopInLoad);
  const runtime = createRuntime({
    integrations: [
      { name: "guest", directory, source, initializeTimeoutMs: START_MS, ...declared },
      { name: "neighbour", directory, source: "./neighbour.js" },
    ],
    observer,
  });
  const broken = await runtime.start();
  const ask = async (type: string): Promise<[string, string | undefined]> => {
    const { results } = await runtime.dispatch(resourceEvent(`${type}.a`));
    const [guest, neighbour] = results;
    return [guest?.error?.code ?? guest?.message ?? "missing", neighbour?.message];
  };
  return { runtime, broken, ask, logs, [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() };
}

describe.each(FORMS)("a %s guest", (form) => {
  it("that loops in a hook is stopped at its time limit; a fresh one takes over, its neighbour keeps its state", async () => {
    await using started = await start(form, { timeoutMs: 500 });
    const { broken, ask } = started;
    expect(broken).toEqual([]);
    expect(await ask("ok")).toEqual(["1", "1"]);
    expect(await ask("ok")).toEqual(["2", "2"]);
    expect(await ask("loop")).toEqual(["GUEST_TIMEOUT", "3"]);
    expect(await ask("ok")).toEqual(["1", "4"]);
  });

  it.each(["load", "initialize"])(
    "that loops in %s is stopped at its time limit, and the others start",
    async (where) => {
      const declared = { initializeTimeoutMs: 1_500, config: where === "initialize" ? { loop_in: "initialize" } : {} };
      await using started = await start(form, declared, where === "load");
      const { runtime, broken } = started;
      expect(broken.map(({ integration, hook, error }) => [integration, hook, error?.code])).toEqual([
        ["guest", "initialize", "GUEST_TIMEOUT"],
      ]);
      const { results } = await runtime.dispatch(resourceEvent("ok.a"));
      expect(results.map(({ integration }) => integration)).toEqual(["neighbour"]);
    },
  );

  it("that allocates without end is stopped at its memory limit", async () => {
    await using started = await start(form, {
      memoryBytes: (form === "executable" ? 256 : 32) * MIB,
      timeoutMs: START_MS,
    });
    const { ask } = started;
    expect(await ask("ok")).toEqual(["1", "1"]);
    expect(await ask("alloc")).toEqual(["GUEST_MEMORY", "2"]);
    expect((await ask("ok"))[1]).toBe("3");
  });

  it("that recurses without end breaks alone", async () => {
    await using started = await start(form);
    const { ask } = started;
    // A process of its own has the stack of its own language; it ends by an exception there.
    expect(await ask("recurse")).toEqual([form === "executable" ? "GUEST_CRASHED" : "GUEST_MEMORY", "1"]);
    expect((await ask("ok"))[1]).toBe("2");
  });

  it("that answers 100 MB has its answer refused", async () => {
    await using started = await start(form, { memoryBytes: 2_000 * MIB, timeoutMs: START_MS });
    const { ask } = started;
    expect(await ask("big")).toEqual(["GUEST_MESSAGE_TOO_LARGE", "1"]);
    expect((await ask("ok"))[1]).toBe("2");
  });

  it("that floods its log has it cut, and still answers", async () => {
    await using started = await start(form, { timeoutMs: START_MS });
    const { ask, logs } = started;
    expect(await ask("flood")).toEqual(["1", "1"]);
    expect(logs.length).toBeGreaterThan(0);
    expect(logs.length).toBeLessThan(5_000);
  });

  it("within its limits is left alone", async () => {
    await using started = await start(form);
    const { ask } = started;
    for (const count of ["1", "2", "3"]) expect(await ask("ok")).toEqual([count, count]);
  });
});
