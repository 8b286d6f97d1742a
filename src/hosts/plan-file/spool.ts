import { closeSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { formatSize } from "../../base/size-text.js";
import { openNameless } from "./nameless-file.js";
import { bytesInFile, bytesInMemory } from "./plan-bytes.js";
import type { PlanBytes } from "./plan-bytes.js";
import { PlanError } from "./plan-error.js";

/** More than this goes to a file, since a plan is read several times. */
const IN_MEMORY_BYTES = 32 * 1024 * 1024;

function notKept(cause: unknown): PlanError {
  return new PlanError(
    "PLAN_NOT_READABLE",
    `what comes in is too large for memory, and cannot be kept in ${tmpdir()}`,
    {
      remedy: "Make room there, set TMPDIR to another folder, or name a file instead",
      cause,
    },
  );
}

/**
 * Takes all of a stream, which can be read only once, into bytes that can be read again. Throws `PlanError`: PLAN_TOO_LARGE as soon as
 * it is over `maxBytes`, and PLAN_NOT_READABLE where a large one finds no place.
 */
export async function spool(
  stream: AsyncIterable<Uint8Array | string>,
  name: string,
  maxBytes: number,
): Promise<PlanBytes> {
  const chunks: Uint8Array[] = [];
  let descriptor: number | undefined;
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > maxBytes) throw tooLarge(name, maxBytes);
      chunks.push(bytes);
      if (descriptor === undefined && size <= IN_MEMORY_BYTES) continue;
      descriptor ??= openSpool();
      for (const kept of chunks.splice(0)) writeAll(descriptor, kept);
    }
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw error;
  }
  return descriptor === undefined ? bytesInMemory(Buffer.concat(chunks), name) : bytesInFile(descriptor, name);
}

function openSpool(): number {
  try {
    return openNameless();
  } catch (cause) {
    throw notKept(cause);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } catch (cause) {
    throw notKept(cause);
  }
}

/** What is said of a plan that is over the limit. */
export function tooLarge(name: string, maxBytes: number): PlanError {
  return new PlanError("PLAN_TOO_LARGE", `${name} is over ${formatSize(maxBytes)}`, {
    remedy: "Split the configuration, or plan a part of it with -target",
  });
}
