import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answersOf, runJs } from "./harness.js";

describe("the plain contract of a JavaScript guest", () => {
  it("hands each line to the exported `handle` and writes what it returns", async () => {
    expect(await answersOf("export const handle = (line) => line + '!'", ["a", "b"])).toEqual(["a!", "b!"]);
  });

  it("keeps the module's state from call to call", async () => {
    const source = "let count = 0; export function handle() { count += 1; return String(count); }";
    expect(await answersOf(source, ["", "", ""])).toEqual(["1", "2", "3"]);
  });

  it("takes the function given to `airlock.serve` instead of an export", async () => {
    expect(await answersOf("airlock.serve((line) => `<${line}>`)", ["a"])).toEqual(["<a>"]);
  });

  it("prefers what was served over an export", async () => {
    expect(await answersOf("airlock.serve(() => 'served'); export const handle = () => 'exported'", ["a"])).toEqual([
      "served",
    ]);
  });

  it("waits for a promise, however many steps it takes", async () => {
    const source = `export async function handle(line) {
      for (let step = 0; step < 1000; step += 1) await null;
      return line;
    }`;
    expect(await answersOf(source, ["a", "b"])).toEqual(["a", "b"]);
  });

  it("waits for a top-level await that settles", async () => {
    expect(await answersOf("const mark = await Promise.resolve('m'); export const handle = () => mark", ["a"])).toEqual(
      ["m"],
    );
  });

  it("writes the lines of `airlock.send` before the answer", async () => {
    const source = "export function handle(line) { airlock.send('one'); airlock.send('two\\n'); return line; }";
    expect((await runJs(source, ["a"])).exchanges).toEqual([["one", "two", "a"]]);
  });

  it("writes an answer of several lines as several lines, as a process would", async () => {
    expect((await runJs("export const handle = () => 'a\\nb\\n'", ["x"])).exchanges).toEqual([["a", "b"]]);
  });

  it("starts with a byte order mark as well as without", async () => {
    expect(await answersOf("\uFEFFexport const handle = () => 'ok'", ["x"])).toEqual(["ok"]);
  });

  it("carries every text through unchanged", async () => {
    const lines = fc.array(fc.string({ unit: "binary", maxLength: 200 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(lines, async (texts) => {
        const json = texts.map((text) => JSON.stringify(text));
        expect(await answersOf("export const handle = (line) => JSON.stringify(JSON.parse(line))", json)).toEqual(json);
      }),
      { numRuns: 15 },
    );
  });

  it("writes console output to the log, with its level", async () => {
    const source = `export function handle() {
      console.log("a", 1, null); console.info({ b: [2] }); console.warn(undefined); console.debug(Symbol("s"));
      console.error(new TypeError("bad"));
      return "ok";
    }`;
    expect((await runJs(source, ["x"])).logs).toEqual([
      { level: "info", message: "a 1 null" },
      { level: "info", message: '{"b":[2]}' },
      { level: "warn", message: "undefined" },
      { level: "debug", message: "Symbol(s)" },
      { level: "error", message: "TypeError: bad" },
    ]);
  });

  it("shows what cannot be turned into text without failing", async () => {
    const source = `const knot = {}; knot.self = knot;
      export function handle() { console.log(knot, Object.create(null), 1n); return "ok"; }`;
    const run = await runJs(source, ["x"]);
    expect(run.exchanges).toEqual([["ok"]]);
    expect(run.logs).toHaveLength(1);
  });

  it("offers nothing of the host beside console and airlock", async () => {
    const source = `const names = ["process", "require", "fetch", "setTimeout", "performance", "WebAssembly", "std", "os"];
      export const handle = () => JSON.stringify(names.filter((name) => name in globalThis))`;
    expect(await answersOf(source, ["x"])).toEqual(["[]"]);
  });
});
