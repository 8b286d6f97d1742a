import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";
import { wat } from "../support/wasm.js";

const FINE = jsIntegration(`return { status: "success" };`);
const PAGE = `(memory (export "memory") 1)`;

interface Case {
  readonly what: string;
  /** The file of the integration and what it holds. */
  readonly file: string;
  readonly content: string | Uint8Array;
  readonly codes: readonly string[];
  readonly mode?: number;
  readonly more?: Partial<IntegrationDeclarationInput>;
  /** A word that the message must hold, so that a reader knows what to mend. */
  readonly names?: string;
}

const shell = (script: string): string => `#!/bin/sh\n${script}\n`;
const SHORT = { initializeTimeoutMs: 1_000 };

const CASES: readonly Case[] = [
  { what: "js that does not parse", file: "a.js", content: "export const = 1;", codes: ["GUEST_LOAD"] },
  { what: "js that throws", file: "a.js", content: "throw new Error('no')", codes: ["GUEST_LOAD"] },
  { what: "js that imports", file: "a.js", content: "import 'node:fs';", codes: ["GUEST_LOAD"], names: "node:fs" },
  { what: "js without handle", file: "a.js", content: "export default 1;", codes: ["GUEST_LOAD"] },
  { what: "js that never ends", file: "a.js", content: "for (;;);", codes: ["GUEST_TIMEOUT"], more: SHORT },
  { what: "js that is no text", file: "a.js", content: new Uint8Array([0xff, 0xfe, 0]), codes: ["GUEST_LOAD"] },
  {
    what: "js that awaits for ever",
    file: "a.js",
    content: "await new Promise(() => {});",
    codes: ["GUEST_LOAD", "GUEST_TIMEOUT"],
    more: SHORT,
  },
  {
    what: "js whose answer to initialize has another form",
    file: "a.js",
    content: jsIntegration("", { hooks: ["no-such-hook"] }),
    codes: ["PROTOCOL_BAD_RESULT"],
    names: "hooks",
  },
  {
    what: "js that speaks another version",
    file: "a.js",
    content: jsIntegration("", { protocol_version: 2, hooks: "whatever version 2 says" }),
    codes: ["PROTOCOL_VERSION_MISMATCH"],
  },
  { what: "text that is called wasm", file: "a.wasm", content: "hello", codes: ["PACKAGE_NOT_WASM"] },
  {
    what: "a wasm module that imports what is not there",
    file: "a.wasm",
    content: wat(`(module (import "env" "steal" (func)) ${PAGE} (func (export "_start")))`),
    codes: ["GUEST_LOAD"],
    names: "steal",
  },
  {
    what: "a wasm module that imports an unknown WASI function",
    file: "a.wasm",
    content: wat(
      `(module (import "wasi_snapshot_preview1" "sock_dial" (func (result i32))) ${PAGE} (func (export "_start")))`,
    ),
    codes: ["GUEST_LOAD"],
    names: "sock_dial",
  },
  {
    what: "a wasm module without an entry",
    file: "a.wasm",
    content: wat(`(module ${PAGE} (func (export "other")))`),
    codes: ["GUEST_LOAD"],
  },
  {
    what: "a wasm module that is cut",
    file: "a.wasm",
    content: wat(`(module ${PAGE} (func (export "_start") (nop)))`).slice(0, -2),
    codes: ["GUEST_LOAD"],
  },
  {
    what: "a command that never reads",
    file: "a.wasm",
    content: wat(`(module ${PAGE} (func (export "_start") (loop $l (br $l))))`),
    codes: ["GUEST_TIMEOUT"],
    more: SHORT,
  },
  {
    what: "a command whose start section never ends",
    file: "a.wasm",
    content: wat(`(module ${PAGE} (func $s (loop $l (br $l))) (start $s) (func (export "_start")))`),
    codes: ["GUEST_TIMEOUT"],
    more: SHORT,
  },
  {
    what: "a command that returns without reading",
    file: "a.wasm",
    content: wat(`(module ${PAGE} (func (export "_start")))`),
    codes: ["GUEST_CRASHED"],
  },
  {
    what: "a command that traps",
    file: "a.wasm",
    content: wat(`(module ${PAGE} (func (export "_start") unreachable))`),
    codes: ["GUEST_CRASHED"],
  },
  {
    what: "a plug-in that traps",
    file: "a.wasm",
    content: wat(`(module ${PAGE} (func (export "handle") (result i32) unreachable))`),
    codes: ["GUEST_CRASHED"],
  },
  {
    what: "a plug-in that answers nothing",
    file: "a.wasm",
    content: wat(`(module ${PAGE} (func (export "handle") (result i32) (i32.const 0)))`),
    codes: ["GUEST_NO_ANSWER"],
  },
  {
    what: "a module that wants more memory than it may have",
    file: "a.wasm",
    content: wat(`(module (memory (export "memory") 2000) (func (export "_start")))`),
    codes: ["GUEST_LOAD", "GUEST_MEMORY"],
  },
  {
    what: "a program that exits at once",
    file: "a",
    content: shell("exit 3"),
    codes: ["GUEST_CRASHED", "GUEST_GONE"],
    mode: 0o755,
  },
  {
    what: "a program that exits over initialize",
    file: "a",
    content: shell("read -r line; echo no config >&2; exit 3"),
    codes: ["GUEST_CRASHED"],
    mode: 0o755,
    names: "no config",
  },
  {
    what: "a program that never answers",
    file: "a",
    content: shell("trap '' TERM INT HUP; while :; do sleep 1; done"),
    codes: ["GUEST_TIMEOUT"],
    mode: 0o755,
    more: SHORT,
  },
  {
    what: "a program that closes its stdout",
    file: "a",
    content: shell("exec >&-; exec sleep 60"),
    codes: ["GUEST_NO_ANSWER"],
    mode: 0o755,
  },
  {
    what: "a program without its interpreter",
    file: "a",
    content: "#!/no/such/interpreter\n",
    codes: ["GUEST_LOAD"],
    mode: 0o755,
    names: "/no/such/interpreter",
  },
  {
    what: "a program that greets on stdout",
    file: "a",
    content: shell("echo Welcome to my integration; exec sleep 60"),
    codes: ["PROTOCOL_NOT_JSON"],
    mode: 0o755,
    names: "Welcome",
  },
];

describe("an integration that is broken from the start", () => {
  it("has its own code and says what is wrong; all others start, and answer", async () => {
    const folders = CASES.map(({ file, content, mode }) => {
      const folder = temporaryFolder({ [file]: content });
      if (mode !== undefined) chmodSync(join(folder, file), mode);
      return folder;
    });
    const fine = temporaryFolder({ "fine.js": FINE });
    const broken = CASES.map(({ file, more }, at) => ({
      name: `broken-${at}`,
      directory: folders[at] ?? "",
      source: `./${file}`,
      initializeTimeoutMs: 20_000,
      ...more,
    }));
    await using runtime = createRuntime({
      integrations: [
        { name: "first", directory: fine, source: "./fine.js", initializeTimeoutMs: 20_000 },
        ...broken,
        { name: "last", directory: fine, source: "./fine.js", initializeTimeoutMs: 20_000 },
      ],
    });
    const results = await runtime.start();
    expect(results.map(({ integration }) => integration)).toEqual(broken.map(({ name }) => name));
    for (const [at, { what, codes, names }] of CASES.entries()) {
      const result = results[at];
      expect([what, codes.includes(result?.error?.code ?? "none") ? codes[0] : result?.error]).toEqual([
        what,
        codes[0],
      ]);
      expect(result).toMatchObject({ hook: "initialize", status: "error", address: null });
      if (names !== undefined) expect([what, result?.error?.message]).toEqual([what, expect.stringContaining(names)]);
    }
    const outcome = await runtime.dispatch(resourceEvent("a.b"));
    expect(outcome.results.map(({ integration, status }) => [integration, status])).toEqual([
      ["first", "success"],
      ["last", "success"],
    ]);
    expect(await runtime.stop()).toEqual([]);
  });
});
