import { describe, expect, it } from "vitest";
import { JsVm } from "../../../runtimes/js/vm.js";
import { runJs, specOf } from "./harness.js";

const MIB = 1024 * 1024;

describe("memory of a JavaScript guest", () => {
  const fill = "const held = []; for (;;) held.push(new Array(1000).fill(held.length));";

  it.each([
    ["arrays", fill],
    ["small strings", "const held = []; for (;;) held.push('text ' + held.length);"],
    ["one buffer", "new ArrayBuffer(512 * 1024 * 1024);"],
    ["caught and tried again", "const held = []; for (;;) { try { for (;;) held.push({}); } catch {} held.push({}); }"],
    ["error objects", "let error = null; for (;;) error = new Error('x', { cause: error });"],
  ])("cannot be exceeded by %s", async (_what, code) => {
    const run = await runJs(`export function handle() { ${code} }`, ["x"], {
      limits: { memoryBytes: 8 * MIB, initializeTimeoutMs: 3000, timeoutMs: 3000 },
    });
    // A guest that catches every refusal goes on until its time is over.
    expect(["GUEST_MEMORY", "GUEST_TIMEOUT"]).toContain(run.error?.code);
    expect(run.error?.gone).toBe(true);
  });

  it("is bounded while it loads, too", async () => {
    const run = await runJs(fill, ["x"], { limits: { memoryBytes: 8 * MIB } });
    expect(run.error?.code).toBe("GUEST_MEMORY");
    expect(run.loaded).toBe(false);
  });

  it("is bounded as linear memory, not only in the engine's own count", async () => {
    const vm = await JsVm.open(specOf("", { limits: { memoryBytes: 8 * MIB } }), {
      write: () => {},
      request: () => null,
      log: () => {},
    });
    expect(() => {
      vm.load(fill, 5000);
    }).toThrow();
    expect(vm.linearMemoryBytes).toBeLessThanOrEqual((16 + 8) * MIB);
  });

  it("suffices for what fits", async () => {
    const code = "const held = new Uint8Array(6 * 1024 * 1024).fill(1); return String(held.length);";
    const run = await runJs(`export function handle() { ${code} }`, ["x"], { limits: { memoryBytes: 8 * MIB } });
    expect(run.exchanges).toEqual([[String(6 * MIB)]]);
  });

  it("too small for anything ends in a named error", async () => {
    const run = await runJs("export const handle = (line) => line + line", ["x"], { limits: { memoryBytes: 1 } });
    expect(run.error?.code).toBe("GUEST_MEMORY");
  });

  it("does not fit a request that is larger than all of it", async () => {
    const limits = { memoryBytes: 2 * MIB, messageBytes: 64 * MIB };
    const run = await runJs("export const handle = (line) => String(line.length)", ["x".repeat(30 * MIB)], { limits });
    expect(run.error?.code).toBe("GUEST_MEMORY");
  });

  it("is not exhausted by many large requests one after another", async () => {
    const lines = new Array<string>(20).fill("x".repeat(4 * MIB));
    const run = await runJs("export const handle = (line) => String(line.length)", lines, {
      limits: { memoryBytes: 16 * MIB },
    });
    expect(run.exchanges.flat()).toEqual(lines.map((line) => String(line.length)));
  });
});

describe("stack of a JavaScript guest", () => {
  const depth = (calls: number) =>
    `export function handle() { const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); return String(f(${calls})); }`;

  it("allows what fits", async () => {
    expect((await runJs(depth(100), ["x"], { limits: { stackBytes: 64 * 1024 } })).exchanges).toEqual([["100"]]);
  });

  it("ends a deeper call with a named error", async () => {
    const run = await runJs(depth(100_000), ["x"], { limits: { stackBytes: 64 * 1024 } });
    expect(run.failures[0]?.code).toBe("GUEST_MEMORY");
  });

  it("ends recursion while the module loads", async () => {
    const run = await runJs("(function f() { f(); })()", ["x"], { limits: { stackBytes: 64 * 1024 } });
    expect(run.error?.code).toBe("GUEST_MEMORY");
  });

  it("ends in the same code when the machine's own stack ends first", async () => {
    const run = await runJs(depth(1e9), ["x"], { limits: { stackBytes: 4 * MIB } });
    const error = run.error ?? run.failures[0];
    expect(error?.code).toBe("GUEST_MEMORY");
  });
});

describe("time of a JavaScript guest", () => {
  const limits = { timeoutMs: 50, initializeTimeoutMs: 50 };

  it.each([
    ["a loop", "for (;;) {}"],
    ["a loop that catches everything", "for (;;) { try { for (;;) {} } catch {} }"],
    ["endless promise jobs", "const f = () => Promise.resolve().then(f); f(); return 'x';"],
    ["an endless regular expression", "return String(/^(a+)+$/.test('a'.repeat(40) + 'b'));"],
    ["an endless async loop", "return (async () => { for (;;) await null; })();"],
  ])("ends %s in a call", async (_what, code) => {
    const run = await runJs(`export function handle() { ${code} }`, ["x"], { limits });
    expect(run.error?.code).toBe("GUEST_TIMEOUT");
    expect(run.error?.gone).toBe(true);
  });

  it.each([
    ["a loop", "for (;;) {}"],
    ["promise jobs", "for (;;) await null;"],
  ])("ends %s while the module loads", async (_what, code) => {
    const run = await runJs(code, ["x"], { limits });
    expect(run.error?.code).toBe("GUEST_TIMEOUT");
    expect(run.loaded).toBe(false);
  });

  it("is counted anew for every call", async () => {
    const work = "let sum = 0; for (let n = 0; n < 2e5; n += 1) sum += n; return String(sum);";
    const run = await runJs(`export function handle() { ${work} }`, new Array<string>(20).fill("x"), {
      limits: { timeoutMs: 2000, initializeTimeoutMs: 2000 },
    });
    expect(run.exchanges).toHaveLength(20);
    expect(run.error).toBeNull();
  });
});

describe("messages of a JavaScript guest", () => {
  const limits = { messageBytes: 1000 };

  it("may be as long as allowed", async () => {
    const run = await runJs("export const handle = () => 'x'.repeat(1000)", ["x"], { limits });
    expect(run.exchanges[0]?.[0]).toHaveLength(1000);
  });

  it.each([
    ["in characters", "return 'x'.repeat(1001)"],
    ["in bytes only", "return '\u20ac'.repeat(334)"],
    ["100 MB", "return 'x'.repeat(50e6)"],
    ["through airlock.send", "airlock.send('x'.repeat(1001)); return 'ok'"],
    ["through airlock.send, caught", "try { airlock.send('x'.repeat(1001)); } catch {} return 'ok'"],
  ])("may not be longer: %s", async (_what, code) => {
    const run = await runJs(`export function handle() { ${code} }`, ["x", "y"], { limits });
    expect(run.failures.map((failure) => failure?.code)).toEqual([
      "GUEST_MESSAGE_TOO_LARGE",
      "GUEST_MESSAGE_TOO_LARGE",
    ]);
    expect(run.failures[0]?.gone).toBe(false);
    expect(run.exchanges.flat()).toEqual([]);
  });

  it("are cut inside the engine when they are log lines", async () => {
    const source = "export function handle() { console.log('y'.repeat(5e6)); return 'ok'; }";
    const run = await runJs(source, ["x"], { limits: { logLineBytes: 100 } });
    expect(run.logs).toEqual([{ level: "info", message: "y".repeat(100) }]);
  });
});
