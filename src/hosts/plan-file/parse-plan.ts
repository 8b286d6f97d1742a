import * as v from "valibot";
import { overBounds } from "../../protocol/json.js";
import { faultIn } from "./fault-place.js";
import { bytesInMemory } from "./plan-bytes.js";
import { PlanError, SHOW_JSON } from "./plan-error.js";
import { bomLength, checkForm, checkKind, emptyPlan, invalidPlan } from "./plan-kind.js";
import { PlanSchema } from "./plan-schema.js";
import type { PlanDocument } from "./plan-schema.js";

function decode(bytes: Buffer, name: string): string {
  try {
    // `ignoreBOM: false` takes a UTF-8 byte order mark off.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw new PlanError("PLAN_ENCODING", `${name} is not UTF-8`, { remedy: `Write it again: ${SHOW_JSON}`, cause });
  }
}

function parseText(text: string, content: Buffer, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // V8's message is not passed on: it quotes the text, and a plan holds secrets.
    throw faultIn(bytesInMemory(content, name), 0);
  }
}

/**
 * Bytes to plan. `name` is what messages call the file.
 * Throws `PlanError`, with every code but PLAN_NOT_READABLE and PLAN_TOO_LARGE.
 */
export function parsePlan(bytes: Buffer, name: string, maxDepth: number): PlanDocument {
  checkForm(bytes, name);
  const content = bytes.subarray(bomLength(bytes));
  const text = decode(content, name);
  if (text.trim() === "") throw emptyPlan(name);
  if (overBounds(text, maxDepth, Infinity) !== null) {
    throw new PlanError("PLAN_TOO_DEEP", `${name} nests deeper than ${maxDepth} levels`, {
      remedy: "No plan of a real configuration does; check what wrote it",
    });
  }
  const document = parseText(text, content, name);
  checkKind(document, name);
  const parsed = v.safeParse(PlanSchema, document, { abortEarly: true });
  if (!parsed.success) throw invalidPlan(name, parsed.issues[0]);
  return parsed.output;
}
