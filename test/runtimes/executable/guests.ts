import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect } from "vitest";
import { startExecutable } from "../../../runtimes/executable/executable-guest.js";
import type { Bubblewrap } from "../../../runtimes/executable/bubblewrap.js";
import type { Guest } from "../../../runtimes/guest.js";
import { DEFAULT_EXECUTABLE_MEMORY_BYTES, DEFAULT_LIMITS } from "../../../src/protocol/limits.js";
import type { Limits } from "../../../src/protocol/limits.js";
import type { LogRecord } from "../../../src/protocol/messages.js";

/** The start of a Node program that answers each request with what `answer(request)` gives, or writes by itself. */
export const NODE_HEAD = `#!${process.execPath}
const rl = require("node:readline").createInterface({ input: process.stdin });
const write = (text) => require("node:fs").writeSync(1, text);
const reply = (id, result) => write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
const on = (answer) => rl.on("line", (line) => answer(JSON.parse(line)));
`;

/** Answers with the request itself. */
export const ECHO = `${NODE_HEAD}on((request) => reply(request.id, request));\n`;

export interface StartOptions {
  readonly limits?: Partial<Limits>;
  readonly environment?: Record<string, string>;
  readonly isolation?: Bubblewrap;
  readonly isAlone?: boolean;
}

/** Programs written by a test and the guests started from them; after each test all are closed and must be gone. */
export function useGuests() {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "airlock-executable-")));
  const guests: Guest[] = [];
  const logs: LogRecord[] = [];
  let written = 0;

  const write = (text: string | Uint8Array, mode = 0o755): string => {
    const path = join(directory, `program-${++written}`);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const startPath = async (path: string, options: StartOptions = {}): Promise<Guest> => {
    const guest = await startExecutable(
      {
        kind: "executable",
        name: "sample",
        path,
        directory,
        environment: options.environment ?? {},
        searchPath: process.env["PATH"] ?? "",
        isolation: options.isolation,
        isAlone: options.isAlone ?? false,
        limits: { ...DEFAULT_LIMITS, memoryBytes: DEFAULT_EXECUTABLE_MEMORY_BYTES, ...options.limits },
      },
      { log: (record) => logs.push(record) },
    );
    guests.push(guest);
    return guest;
  };

  afterEach(async () => {
    await Promise.all(guests.splice(0).map((guest) => guest.close()));
    logs.length = 0;
    await expect.poll(() => processesNaming(directory)).toEqual([]);
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  return {
    directory,
    logs,
    write,
    startPath,
    start: (text: string, options?: StartOptions) => startPath(write(text), options),
  };
}

/** Processes, as this machine sees them, whose command line holds a text. */
export function processesNaming(text: string): string[] {
  const all = execFileSync("ps", ["-axo", "pid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return all.filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line));
}

/** Whether a process runs; one that has ended but that nobody has waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}

/** Resolves when every event that is waiting already has been handled. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
}

export function request(id: number, params: unknown = {}, method = "ping"): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** The `result` of the only line of an exchange. */
export async function resultOf(guest: Guest, id: number, params?: unknown): Promise<unknown> {
  const { lines } = await guest.exchange(request(id, params));
  expect(lines).toHaveLength(1);
  return (JSON.parse(lines[0] ?? "") as { result: unknown }).result;
}
