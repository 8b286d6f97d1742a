import { describe, expect, it } from "vitest";
import { runJs } from "./harness.js";

async function loadError(source: string | Uint8Array, limits = {}) {
  const run = await runJs(source, ["x"], { limits });
  expect(run.loaded).toBe(false);
  expect(run.error?.gone).toBe(true);
  expect(run.error?.integration).toBe("sample");
  expect(run.error?.remedy).toBeTruthy();
  return run.error;
}

describe("a JavaScript module that cannot be loaded", () => {
  it("names line, column and source line of a syntax error", async () => {
    const error = await loadError("const a = 1;\n  let b = ;\nexport const handle = 1;\n");
    expect(error?.code).toBe("GUEST_LOAD");
    expect(error?.location).toEqual({ file: "sample.js", line: 2, column: 11, text: "  let b = ;" });
  });

  it("leaves a generated source line of great length out", async () => {
    const error = await loadError(`/*${"-".repeat(5000)}*/ let b = ;`);
    expect(error?.location?.line).toBe(1);
    expect(error?.location?.text).toBeUndefined();
  });

  it.each([
    ["static", "import fs from 'node:fs'; export const handle = fs", "node:fs"],
    ["static and relative", "import a from './lib/a.js'; export const handle = a", "./lib/a.js"],
    ["re-export", "export { handle } from 'left-pad'", "left-pad"],
    ["dynamic", "await import('node:net'); export const handle = () => ''", "node:net"],
  ])("names the module of a %s import", async (_form, source, specifier) => {
    const error = await loadError(source);
    expect(error?.code).toBe("GUEST_LOAD");
    expect(error?.message).toContain(`"${specifier}"`);
  });

  it("lets a module go on that catches its refused import", async () => {
    const run = await runJs("try { await import('x') } catch {} export const handle = () => 'ok'", ["x"]);
    expect(run.exchanges).toEqual([["ok"]]);
  });

  it("gives the place where the module threw", async () => {
    const error = await loadError("const a = 1;\nthrow new TypeError('no such setting');\n");
    expect(error?.code).toBe("GUEST_LOAD");
    expect(error?.message).toContain("TypeError: no such setting");
    expect(error?.location?.line).toBe(2);
  });

  it.each([
    ["exports nothing", "const a = 1"],
    ["is empty", ""],
    ["exports a handle that is no function", "export const handle = 'x'"],
    ["exports only a default", "export default () => ''"],
    ["waits for ever", "await new Promise(() => {})"],
    ["throws after an await", "await null; throw new Error('x')"],
    ["serves twice", "airlock.serve(() => ''); airlock.serve(() => '')"],
    ["serves what is no function", "airlock.serve(1)"],
    ["sends before it is asked", "airlock.send('x'); export const handle = () => ''"],
    ["throws null", "throw null"],
    ["throws an object with a failing getter", "throw { get message() { throw 1 }, toString() { throw 2 } }"],
  ])("says so when it %s", async (_what, source) => {
    expect((await loadError(source))?.code).toBe("GUEST_LOAD");
  });

  it.each([
    ["bytes that are not UTF-8", Uint8Array.of(0x43, 0xff, 0xfe)],
    ["a WebAssembly module", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
    ["text with a NUL", new TextEncoder().encode("export const handle = '\0'")],
  ])("refuses %s before the engine sees it", async (_what, bytes) => {
    expect((await loadError(bytes))?.code).toBe("GUEST_LOAD");
  });

  it("refuses a module over its size, and takes one at its size", async () => {
    const source = "export const handle = () => 'ok'";
    expect((await loadError(source, { moduleBytes: source.length - 1 }))?.code).toBe("GUEST_MODULE_TOO_LARGE");
    expect((await runJs(source, ["x"], { limits: { moduleBytes: source.length } })).exchanges).toEqual([["ok"]]);
  });

  it("refuses a stack that the engine cannot have", async () => {
    const source = "export const handle = () => 'ok'";
    expect((await loadError(source, { stackBytes: 4 * 1024 * 1024 + 1 }))?.code).toBe("GUEST_LOAD");
  });

  it("bounds what it tells of a long exception", async () => {
    const error = await loadError("throw new Error('x'.repeat(1e6))");
    expect(error?.message.length).toBeLessThan(1000);
  });
});
