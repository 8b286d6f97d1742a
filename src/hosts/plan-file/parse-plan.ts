import * as v from "valibot";
import { overBounds } from "../../protocol/json.js";
import { findJsonFault } from "./json-fault.js";
import { PlanError, SHOW_JSON } from "./plan-error.js";
import { PlanSchema } from "./plan-schema.js";
import type { PlanDocument } from "./plan-schema.js";

/** A saved plan file is a zip archive (https://developer.hashicorp.com/terraform/internals/json-format). */
const ZIP = Buffer.from("PK\u0003\u0004", "latin1");
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_BOMS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const SUPPORTED_MAJORS = ["0", "1"];

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkForm(bytes: Buffer, name: string): void {
  if (startsWith(bytes, ZIP)) {
    throw new PlanError("PLAN_BINARY", `${name} is a saved plan file, not its JSON`, { remedy: `Run ${SHOW_JSON}` });
  }
  // Without a byte order mark, UTF-16 shows by the zero byte beside the first bracket.
  if (UTF16_BOMS.some((bom) => startsWith(bytes, bom)) || bytes.subarray(0, 2).includes(0)) {
    throw new PlanError("PLAN_ENCODING", `${name} is UTF-16, not UTF-8; the > of Windows PowerShell writes it so`, {
      remedy: 'run cmd /c "tofu show -json FILE > plan.json", which leaves the bytes as they are',
    });
  }
}

function decode(bytes: Buffer, name: string): string {
  try {
    // `ignoreBOM: false` takes a UTF-8 byte order mark off.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw new PlanError("PLAN_ENCODING", `${name} is not UTF-8`, { remedy: `Write it again: ${SHOW_JSON}`, cause });
  }
}

/** What the file most likely is instead. */
function guess(text: string, truncated: boolean): { what: string; remedy: string } {
  if (truncated) {
    return { what: "it ends too early", remedy: `The command that wrote it was cut off; run it again: ${SHOW_JSON}` };
  }
  if (/^\s*\{[^\n]*"@level"/.test(text.slice(0, 10_000))) {
    return { what: "it is the log of plan -json", remedy: `Plan with -out FILE, then run ${SHOW_JSON}` };
  }
  return {
    what: "it breaks the rules of JSON",
    remedy: `Run ${SHOW_JSON}; -json gives JSON, without it show writes text for people`,
  };
}

function parseText(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // V8's message is not passed on: it quotes the text, and a plan holds secrets.
    const { line, column, truncated } = findJsonFault(text) ?? { line: 1, column: 1, truncated: false };
    const { what, remedy } = guess(text, truncated);
    throw new PlanError("PLAN_NOT_JSON", `${name} is not JSON: ${what}, at line ${line}, column ${column}`, {
      remedy,
      location: { file: name, line, column },
    });
  }
}

function checkKind(document: unknown, name: string): void {
  if (!isObject(document)) {
    throw new PlanError("PLAN_INVALID", `${name} is JSON, but not the object that a plan is`, {
      remedy: `Run ${SHOW_JSON}`,
    });
  }
  if ("encrypted_data" in document && "encryption_version" in document) {
    throw new PlanError("PLAN_BINARY", `${name} is an encrypted plan file, not its JSON`, {
      remedy: `Run ${SHOW_JSON}`,
    });
  }
  const isPlan = "planned_values" in document || "resource_changes" in document;
  const isStateFile = "lineage" in document && "version" in document;
  if (isStateFile || (!isPlan && "format_version" in document)) {
    throw new PlanError("PLAN_IS_STATE", `${name} is a state, not a plan`, {
      remedy: `Plan with -out FILE, then run ${SHOW_JSON}; show without FILE gives the state`,
    });
  }
  const version = document["format_version"];
  if (typeof version !== "string") {
    throw new PlanError("PLAN_INVALID", `${name} is JSON, but not that of a plan: it has no format_version`, {
      remedy: `Run ${SHOW_JSON}`,
    });
  }
  if (!SUPPORTED_MAJORS.includes(version.split(".")[0] ?? "")) {
    throw new PlanError(
      "PLAN_FORMAT_VERSION",
      `${name} has the plan format ${JSON.stringify(version.slice(0, 20))}; known are 0.x and 1.x`,
      {
        remedy: "Use a newer airlock, or write the plan with an older core",
      },
    );
  }
}

/**
 * Bytes to plan. `name` is what messages call the file.
 * Throws `PlanError`, with every code but PLAN_NOT_READABLE and PLAN_TOO_LARGE.
 */
export function parsePlan(bytes: Buffer, name: string, maxDepth: number): PlanDocument {
  checkForm(bytes, name);
  const content = startsWith(bytes, UTF8_BOM) ? bytes.subarray(UTF8_BOM.length) : bytes;
  const text = decode(content, name);
  if (text.trim() === "") {
    throw new PlanError("PLAN_EMPTY", `${name} is empty`, {
      remedy: `The command that wrote it failed; run ${SHOW_JSON}`,
    });
  }
  if (overBounds(text, maxDepth, Infinity) !== null) {
    throw new PlanError("PLAN_TOO_DEEP", `${name} nests deeper than ${maxDepth} levels`, {
      remedy: "No plan of a real configuration does; check what wrote it",
    });
  }
  const document = parseText(text, name);
  checkKind(document, name);
  const parsed = v.safeParse(PlanSchema, document, { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue) ?? "(root)";
    const expected =
      issue.kind === "schema" && issue.type === "custom" ? issue.message : (issue.expected ?? "different");
    throw new PlanError("PLAN_INVALID", `${name} is not the JSON of a plan: ${path} must be ${expected}`, {
      remedy: `Write it again: ${SHOW_JSON}`,
    });
  }
  return parsed.output;
}
