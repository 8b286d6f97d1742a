import * as v from "valibot";
import { PlanError, SHOW_JSON } from "./plan-error.js";

/** A saved plan file is a zip archive (https://developer.hashicorp.com/terraform/internals/json-format). */
const ZIP = Buffer.from("PK\u0003\u0004", "latin1");
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_BOMS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

const SUPPORTED_MAJORS = ["0", "1"];

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

/** How many bytes the byte order mark at the start of UTF-8 takes. */
export function bomLength(bytes: Buffer): number {
  return startsWith(bytes, UTF8_BOM) ? UTF8_BOM.length : 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Refuses by its first bytes what is no JSON in UTF-8. Throws `PlanError`: PLAN_BINARY, PLAN_ENCODING. */
export function checkForm(bytes: Buffer, name: string): void {
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

/** Refuses JSON that is not that of a plan. Throws `PlanError`. */
export function checkKind(document: unknown, name: string): void {
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

/** What is wrong with the form of a plan; `path` is where the issue's own path starts. */
export function invalidPlan(name: string, issue: v.BaseIssue<unknown>, path?: string): PlanError {
  const inside = v.getDotPath(issue);
  const place = [path, inside].filter((part) => part !== undefined && part !== null).join(".");
  const expected = issue.kind === "schema" && issue.type === "custom" ? issue.message : (issue.expected ?? "different");
  return new PlanError("PLAN_INVALID", `${name} is not the JSON of a plan: ${place || "(root)"} must be ${expected}`, {
    remedy: `Write it again: ${SHOW_JSON}`,
  });
}

/** What is said of a file without anything in it. */
export function emptyPlan(name: string): PlanError {
  return new PlanError("PLAN_EMPTY", `${name} is empty`, {
    remedy: `The command that wrote it failed; run ${SHOW_JSON}`,
  });
}
