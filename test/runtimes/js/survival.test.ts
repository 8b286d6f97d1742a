import { describe, expect, it } from "vitest";
import { runJs } from "./harness.js";

/** The second line must be answered whatever the first one did. */
async function failure(first: string, limits = {}) {
  const source = `let asked = 0; export function handle(line) { asked += 1; if (asked > 1) return "alive"; ${first} }`;
  const run = await runJs(source, ["x", "y"], { limits });
  expect(run.error).toBeNull();
  expect(run.exchanges[1]).toEqual(["alive"]);
  const [failed] = run.failures;
  expect(failed?.gone).toBe(false);
  return failed;
}

describe("faults of one call that a JavaScript guest survives", () => {
  it("an exception: its text and its place", async () => {
    const failed = await failure("null.tags;");
    expect(failed?.code).toBe("GUEST_CRASHED");
    expect(failed?.message).toContain("TypeError");
    expect(failed?.location).toMatchObject({ file: "sample.js", line: 1 });
  });

  it.each([
    ["a rejected promise", "return Promise.reject(new Error('x'));"],
    ["a thrown string", "throw 'x';"],
    ["a thrown null", "throw null;"],
    ["a hostile error", "throw { get name() { throw 1 }, get message() { return 5 }, toString: null };"],
    ["a refused import", "return import('node:fs').then(() => '');"],
    ["`airlock.serve` after loading", "airlock.serve(() => '');"],
    ["`airlock.send` of no string", "airlock.send({});"],
  ])("%s", async (_what, code) => {
    expect((await failure(code))?.code).toBe("GUEST_CRASHED");
  });

  it.each([
    ["undefined", ""],
    ["null", "return null;"],
    ["an object", "return { jsonrpc: '2.0' };"],
    ["a thenable that is no promise", "return { then() {} };"],
    ["an empty string", "return '';"],
    ["a promise of nothing", "return Promise.resolve();"],
    ["a promise that nothing settles", "return new Promise(() => {});"],
  ])("no answer: %s", async (_what, code) => {
    expect((await failure(code))?.code).toBe("GUEST_NO_ANSWER");
  });

  it("names the type of what is no answer", async () => {
    expect((await failure("return 42;"))?.message).toContain("number");
  });

  it("bounds an exception's text inside the engine", async () => {
    const failed = await failure("throw new Error('x'.repeat(4e6));");
    expect(failed?.code).toBe("GUEST_CRASHED");
    expect(failed?.message.length).toBeLessThan(1000);
  });

  it("bounds it even when the guest replaced the built-ins that cut it", async () => {
    const failed = await failure(
      "String.prototype.slice = () => 'y'.repeat(4e6); Function.prototype.call = () => 'z'; throw new Error('long');",
    );
    expect(failed?.code).toBe("GUEST_CRASHED");
    expect(failed?.message.length).toBeLessThan(1000);
  });

  it("endless recursion", async () => {
    const failed = await failure("const f = () => f() + 1; return f();", { stackBytes: 64 * 1024 });
    expect(failed?.code).toBe("GUEST_MEMORY");
  });
});
