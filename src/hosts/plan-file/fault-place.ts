import { findJsonFault } from "./json-fault.js";
import type { PlanBytes } from "./plan-bytes.js";
import { PlanError, SHOW_JSON } from "./plan-error.js";

const STEP = 1024 * 1024;
/** So much behind the place that was reached is looked through for the fault itself. */
const LOOKED_THROUGH = 64 * STEP;
/** The start of a file tells what it is. */
const START = 10_000;

interface Place {
  readonly line: number;
  readonly column: number;
}

const FIRST = { line: 1, column: 1, truncated: false };

function textOf(bytes: PlanBytes, from: number, length: number): string {
  const buffer = Buffer.alloc(Math.max(0, Math.min(length, bytes.size - from)));
  return buffer.toString("utf8", 0, bytes.read(buffer, 0, from));
}

/** Line and column, from 1, of a place in the bytes; a column is a UTF-16 unit. */
function placeOf(bytes: PlanBytes, offset: number): Place {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: false });
  const buffer = Buffer.alloc(STEP);
  let line = 1;
  let column = 1;
  for (let from = 0; from < offset; from += STEP) {
    const length = bytes.read(buffer.subarray(0, Math.min(STEP, offset - from)), 0, from);
    const text = decoder.decode(buffer.subarray(0, length), { stream: true });
    const lines = text.split("\n");
    line += lines.length - 1;
    column = lines.length === 1 ? column + text.length : text.length - text.lastIndexOf("\n");
  }
  return { line, column };
}

/** What the file most likely is instead. */
function guess(bytes: PlanBytes, truncated: boolean): { what: string; remedy: string } {
  if (truncated) {
    return { what: "it ends too early", remedy: `The command that wrote it was cut off; run it again: ${SHOW_JSON}` };
  }
  if (/^\s*\{[^\n]*"@level"/.test(textOf(bytes, 0, START))) {
    return { what: "it is the log of plan -json", remedy: `Plan with -out FILE, then run ${SHOW_JSON}` };
  }
  return {
    what: "it breaks the rules of JSON",
    remedy: `Run ${SHOW_JSON}; -json gives JSON, without it show writes text for people`,
  };
}

/**
 * PLAN_NOT_JSON for bytes of which the value that starts at `offset` breaks the rules, or is cut off. Says where, and what they may be;
 * quotes nothing of them.
 */
export function faultIn(bytes: PlanBytes, offset: number): PlanError {
  const { line, column, truncated } = findJsonFault(textOf(bytes, offset, LOOKED_THROUGH)) ?? FIRST;
  const start = placeOf(bytes, offset);
  const place = { line: start.line + line - 1, column: line === 1 ? start.column + column - 1 : column };
  return notJson(bytes, place, truncated);
}

/** The same for bytes of which the one at `offset` cannot stand there, or that end there. */
export function faultAt(bytes: PlanBytes, offset: number): PlanError {
  return notJson(bytes, placeOf(bytes, offset), offset >= bytes.size);
}

function notJson(bytes: PlanBytes, { line, column }: Place, truncated: boolean): PlanError {
  const { what, remedy } = guess(bytes, truncated);
  const { name } = bytes;
  return new PlanError("PLAN_NOT_JSON", `${name} is not JSON: ${what}, at line ${line}, column ${column}`, {
    remedy,
    location: { file: name, line, column },
  });
}
