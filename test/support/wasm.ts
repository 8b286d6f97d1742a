import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import binaryen from "assemblyscript/binaryen";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.js";
import type { Limits } from "../../src/protocol/limits.js";
import type { LogRecord } from "../../src/protocol/messages.js";
import { NO_GRANTS } from "../../src/protocol/grants.js";
import type { Grants } from "../../src/protocol/grants.js";
import type { GuestIo, SandboxedSpec } from "../../runtimes/guest.js";
import type { GuestError } from "../../runtimes/guest-error.js";

/** The part of `assemblyscript/asc` that is used here. Its own types declare globals, such as another `Array`. */
interface Compiler {
  main(
    argv: readonly string[],
    options: {
      readFile: (name: string, base: string) => string | null;
      writeFile: (name: string, contents: Uint8Array | string) => void;
      listFiles: (directory: string, base: string) => string[] | null;
      stderr: { write: (chunk: Uint8Array | string) => unknown };
    },
  ): Promise<{ readonly error: Error | null }>;
}
/** Not a literal, so that the compiler does not follow it to those types. */
const COMPILER: string = "assemblyscript/asc";

const REPOSITORY = join(import.meta.dirname, "../..");

/** Assembles WebAssembly text, with all of Binaryen's features but those of garbage-collected objects. */
export function wat(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.All & ~binaryen.Features.GC);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** Options of `assemblyScript`. */
export interface AssemblyScriptOptions {
  /** A program on @assemblyscript/wasi-shim; without it, a module whose `abort` is the source's own `onAbort`. */
  readonly wasi?: boolean;
  readonly arguments?: readonly string[];
}

/** Compiles one AssemblyScript source. `@extism/as-pdk` can be imported. */
export async function assemblyScript(source: string, options: AssemblyScriptOptions = {}): Promise<Uint8Array> {
  const { default: asc } = (await import(COMPILER)) as { default: Compiler };
  let binary: Uint8Array | undefined;
  const messages: string[] = [];
  const flavour =
    options.wasi === true
      ? ["--config", "node_modules/@assemblyscript/wasi-shim/asconfig.json"]
      : ["--use", "abort=guest/onAbort"];
  const { error } = await asc.main(
    ["guest.ts", "--outFile", "guest.wasm", "--baseDir", REPOSITORY, ...flavour, ...(options.arguments ?? [])],
    {
      readFile: (name, base) => (name === "guest.ts" ? source : readIfThere(resolve(base, name))),
      writeFile: (name, contents) => {
        if (name === "guest.wasm" && typeof contents !== "string") binary = contents;
      },
      listFiles: (directory, base) => sourcesIn(resolve(base, directory)),
      stderr: { write: (chunk: Uint8Array | string) => messages.push(chunk.toString()) },
    },
  );
  if (error !== null || binary === undefined) throw new Error(`AssemblyScript: ${messages.join("")}`, { cause: error });
  return binary;
}

/** Whether a Go toolchain is on PATH. */
export const HAS_GO = spawnSync("go", ["version"]).status === 0;

/** Compiles one Go source for wasip1, as a program. */
export function goProgram(source: string): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), "airlock-go-"));
  try {
    writeFileSync(join(directory, "go.mod"), "module guest\n\ngo 1.21\n");
    writeFileSync(join(directory, "main.go"), source);
    execFileSync("go", ["build", "-o", "guest.wasm", "."], {
      cwd: directory,
      env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm", GOFLAGS: "-mod=mod", GOWORK: "off" },
    });
    return readFileSync(join(directory, "guest.wasm"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What a guest did with a `recordingIo`. */
export interface Recording {
  readonly io: GuestIo;
  readonly written: string[];
  readonly logs: LogRecord[];
  readonly failures: GuestError[];
  /** Lines it has taken, and the end. */
  reads: number;
}

/** Stdio in memory: gives these lines, then the end. */
export function recordingIo(lines: readonly string[]): Recording {
  const recording: Recording = {
    written: [],
    logs: [],
    failures: [],
    reads: 0,
    io: {
      read: () => lines[recording.reads++] ?? null,
      write: (line) => recording.written.push(line),
      request: () => null,
      log: (record) => recording.logs.push(record),
      fail: (error) => recording.failures.push(error),
    },
  };
  return recording;
}

/** A wasm guest with small limits, so that reaching them is quick. */
export function wasmSpec(code: Uint8Array, limits: Partial<Limits> = {}, grants: Partial<Grants> = {}): SandboxedSpec {
  return {
    kind: "wasm",
    name: "sample",
    code,
    limits: { ...DEFAULT_LIMITS, ...limits },
    grants: { ...NO_GRANTS, ...grants },
  };
}

/** The compiler looks for its libraries in folders that need not exist. */
function sourcesIn(directory: string): string[] | null {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".ts"));
  } catch {
    return null;
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
