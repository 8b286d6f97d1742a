import { constants } from "node:buffer";
import { createReadStream } from "node:fs";
import { errorCode } from "../../base/error-code.js";
import { formatSize } from "../../base/size-text.js";
import { MAX_JSON_DEPTH } from "../../protocol/limits.js";
import { parsePlan } from "./parse-plan.js";
import { PlanError } from "./plan-error.js";
import type { PlanDocument } from "./plan-schema.js";

/** Where a plan comes from. */
export type PlanSource = { readonly path: string } | { readonly stream: AsyncIterable<Uint8Array | string> };

/** What a plan may take. */
export interface PlanLimits {
  /** Size of the file, in bytes. */
  readonly maxBytes: number;
  /** Levels of objects and arrays. */
  readonly maxDepth: number;
}

/** No string of V8 can be longer, so no larger text could be parsed. */
export const DEFAULT_PLAN_LIMITS: PlanLimits = {
  maxBytes: Math.min(512 * 1024 * 1024, constants.MAX_STRING_LENGTH),
  maxDepth: MAX_JSON_DEPTH,
};

async function collect(stream: AsyncIterable<Uint8Array | string>, name: string, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > maxBytes) {
      throw new PlanError("PLAN_TOO_LARGE", `${name} is over ${formatSize(maxBytes)}`, {
        remedy: "Split the configuration, or plan a part of it with -target",
      });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

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

/**
 * Reads the JSON of `terraform show -json` / `tofu show -json`: size first, then form, then schema.
 * Throws `PlanError` with one of `PLAN_ERROR_CODES`; no message holds any of the plan's content.
 */
export async function readPlan(source: PlanSource, limits: PlanLimits = DEFAULT_PLAN_LIMITS): Promise<PlanDocument> {
  if ("stream" in source) {
    return parsePlan(
      await collect(source.stream, "standard input", limits.maxBytes),
      "standard input",
      limits.maxDepth,
    );
  }
  let bytes: Buffer;
  try {
    bytes = await collect(createReadStream(source.path), source.path, limits.maxBytes);
  } catch (error) {
    throw error instanceof PlanError ? error : unreadable(source.path, error);
  }
  return parsePlan(bytes, source.path, limits.maxDepth);
}
