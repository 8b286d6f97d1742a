import { closeSync, readSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import type { IntegrationResult } from "../../runtime/types.js";
import { CheckError } from "./check-error.js";
import { openNameless } from "./nameless-file.js";

const LF = 0x0a;
/** More of it goes to a file. */
const IN_MEMORY_LENGTH = 4 * 1024 * 1024;
const READ_AT_ONCE = 256 * 1024;

/** All results of a check in their order. Can be gone through again and again; only the last ones are in memory. */
export interface Results extends Iterable<IntegrationResult> {
  readonly length: number;
}

/** Where results are kept while a check goes on: as lines of JSON, in a file of no name when they are many. Must be closed. */
export class ResultLog implements Results {
  #length = 0;
  /** The last lines, and how long they are together. */
  #lines: string[] = [];
  #held = 0;
  #file: number | undefined;
  #written = 0;

  get length(): number {
    return this.#length;
  }

  /** Throws `CheckError` CHECK_NO_ROOM. */
  add(result: IntegrationResult): void {
    const line = JSON.stringify(result);
    this.#length += 1;
    this.#lines.push(line);
    this.#held += line.length;
    if (this.#held > IN_MEMORY_LENGTH) this.#write();
  }

  *[Symbol.iterator](): Generator<IntegrationResult, void, undefined> {
    for (const line of this.#read()) yield parsed(line);
    for (const line of this.#lines) yield parsed(line);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#written = 0;
  }

  #write(): void {
    const bytes = Buffer.from(`${this.#lines.join("\n")}\n`);
    try {
      this.#file ??= openNameless();
      for (let at = 0; at < bytes.length;) {
        at += writeSync(this.#file, bytes, at, bytes.length - at, this.#written + at);
      }
    } catch (cause) {
      throw new CheckError("CHECK_NO_ROOM", `the results are too many for memory, and cannot be kept in ${tmpdir()}`, {
        remedy: "Make room there, or set TMPDIR to another folder",
        cause,
      });
    }
    this.#written += bytes.length;
    this.#lines = [];
    this.#held = 0;
  }

  *#read(): Generator<string, void, undefined> {
    let rest = Buffer.alloc(0);
    for (let from = 0; this.#file !== undefined && from < this.#written;) {
      const chunk = Buffer.alloc(Math.min(READ_AT_ONCE, this.#written - from));
      from += readSync(this.#file, chunk, 0, chunk.length, from);
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(LF) + 1;
      rest = bytes.subarray(end);
      if (end > 0) yield* bytes.toString("utf8", 0, end - 1).split("\n");
    }
  }
}

/** What was written here is ours; only `undefined` has no JSON. */
function parsed(line: string): IntegrationResult {
  const result = JSON.parse(line) as IntegrationResult;
  return { ...result, metadata: result.metadata };
}
