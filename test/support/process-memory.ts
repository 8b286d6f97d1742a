import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";

const CHUNK = 16 * 1024 * 1024;
/** What is looked for may stand across two chunks. */
const OVERLAP = 4096;

/** Whether the memory of another process can be read here. */
export const MEMORY_IS_READABLE = process.platform === "linux";

/** A process, and what started it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly commandLine: string;
}

/** A process and all that it started, and they started, that run now. */
export function processTree(root: number): ProcessEntry[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? readIfThere(`/proc/${name}/stat`) : "";
    // The name of the program stands in parentheses, and may hold anything.
    const parent = /\) \S (\d+) /.exec(stat)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter(isBelow).map((pid) => ({
    pid,
    commandLine: readIfThere(`/proc/${pid}/cmdline`).replaceAll("\0", " "),
  }));
}

/** Every readable and writable part of a process' memory, in pieces that overlap. */
export function* memoryOf(pid: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, "utf8").split("\n")) {
      const range = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (range === null || line.endsWith("[vvar]")) continue;
      const [start, end] = [parseInt(range[1] ?? "", 16), parseInt(range[2] ?? "", 16)];
      for (let at = start; at < end; at += CHUNK - OVERLAP) {
        const piece = Buffer.allocUnsafe(Math.min(CHUNK, end - at));
        const read = readPiece(memory, piece, at);
        if (read > 0) yield piece.subarray(0, read);
      }
    }
  } finally {
    closeSync(memory);
  }
}

function readPiece(memory: number, piece: Buffer, at: number): number {
  try {
    return readSync(memory, piece, 0, piece.length, at);
  } catch (error) {
    // The part is gone, or was never touched.
    if (error instanceof Error && "code" in error && error.code === "EIO") return 0;
    throw error;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
