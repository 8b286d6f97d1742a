import { closeSync, createReadStream, fstatSync, openSync } from "node:fs";
import { setImmediate as letOthersWork } from "node:timers/promises";
import { errorCode } from "../../base/error-code.js";
import { MAX_JSON_DEPTH } from "../../protocol/limits.js";
import { JsonReader } from "./json-reader.js";
import { bytesInFile } from "./plan-bytes.js";
import type { PlanBytes } from "./plan-bytes.js";
import { PlanContents } from "./plan-contents.js";
import { PlanError } from "./plan-error.js";
import { PlanFile } from "./plan-file.js";
import { bomLength, checkForm, emptyPlan } from "./plan-kind.js";
import { PlanScan } from "./plan-scan.js";
import { spool, tooLarge } from "./spool.js";

/** Where a plan comes from. */
export type PlanSource = { readonly path: string } | { readonly stream: AsyncIterable<Uint8Array | string> };

/** What a plan may take. */
export interface PlanLimits {
  /** Size of the file, in bytes. */
  readonly maxBytes: number;
  /** Levels of objects and arrays. */
  readonly maxDepth: number;
}

/** Memory does not grow with the size of a plan, so that is bounded only to end at some time. */
export const DEFAULT_PLAN_LIMITS: PlanLimits = { maxBytes: 64 * 1024 ** 3, maxDepth: MAX_JSON_DEPTH };

const FIRST_BYTES = 4;

function unreadable(path: string, cause: unknown): PlanError {
  const code = errorCode(cause);
  const reasons: Record<string, string> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    EACCES: "permission denied",
  };
  const reason = code === undefined ? "reading failed" : (reasons[code] ?? code);
  return new PlanError("PLAN_NOT_READABLE", `${path} cannot be read: ${reason}`, {
    remedy: "Name the JSON of a plan, or - to read it from standard input",
    cause,
  });
}

/** A file is read where it is; a pipe, which can be read only once, is kept first. */
async function openFile(path: string, maxBytes: number): Promise<PlanBytes> {
  const descriptor = openSync(path, "r");
  const status = fstatSync(descriptor);
  if (status.isFile()) {
    if (status.size <= maxBytes) return bytesInFile(descriptor, path);
    closeSync(descriptor);
    throw tooLarge(path, maxBytes);
  }
  return spool(createReadStream(path, { fd: descriptor }), path, maxBytes);
}

async function openSource(source: PlanSource, maxBytes: number): Promise<PlanBytes> {
  if ("stream" in source) return spool(source.stream, "standard input", maxBytes);
  try {
    return await openFile(source.path, maxBytes);
  } catch (error) {
    throw error instanceof PlanError ? error : unreadable(source.path, error);
  }
}

/** Goes through a plan, and stops now and then. */
export function* scanPlan(bytes: PlanBytes, maxDepth: number): Generator<undefined, PlanFile, undefined> {
  const start = Buffer.alloc(Math.min(FIRST_BYTES, bytes.size));
  bytes.read(start, 0, 0);
  checkForm(start, bytes.name);
  const reader = new JsonReader(bytes, maxDepth);
  reader.seek(bomLength(start));
  if (reader.isAtEnd()) throw emptyPlan(bytes.name);
  const contents = new PlanContents(bytes.name);
  yield* new PlanScan(reader, contents).run();
  bytes.assertUnchanged();
  return new PlanFile(bytes, contents);
}

/**
 * Reads the JSON of `terraform show -json` / `tofu show -json`: size first, then form, then schema. Memory does not grow with it
 * but for a few words for each resource. Throws `PlanError` with one of `PLAN_ERROR_CODES`; no message holds any of the plan's content.
 * What it gives must be disposed of.
 */
export async function readPlan(source: PlanSource, limits: PlanLimits = DEFAULT_PLAN_LIMITS): Promise<PlanFile> {
  const bytes = await openSource(source, limits.maxBytes);
  try {
    const scan = scanPlan(bytes, limits.maxDepth);
    for (;;) {
      const step = scan.next();
      if (step.done === true) return step.value;
      await letOthersWork();
    }
  } catch (error) {
    bytes.close();
    if (error instanceof PlanError || !("path" in source)) throw error;
    throw errorCode(error) === undefined ? error : unreadable(source.path, error);
  }
}
