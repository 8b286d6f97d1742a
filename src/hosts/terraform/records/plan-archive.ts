import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { unzipSync, zipSync } from "fflate";
import type { Path } from "../../../protocol/events.js";
import { RecordsError } from "./records-error.js";
import { readState } from "./state-file.js";
import type { StateObject } from "./state-file.js";

/** The largest plan file that is read, and the largest plan inside, in bytes. */
const MAX_ARCHIVE_BYTES = 1024 ** 3;
/** The names inside the archive (OpenTofu, `internal/plans/planfile/tfplan.go` and `reader.go`). */
const PLAN_ENTRY = "tfplan";
const STATE_ENTRY = "tfstate";

/** What core plans to do with one resource instance, as its plan file says. Bytes are views of the file. */
export interface PlannedChange {
  readonly address: string;
  /** The key of a deposed object; empty for the current one. */
  readonly deposed: string;
  /** `provider["SOURCE"].ALIAS`. */
  readonly provider: string;
  readonly isNoOp: boolean;
  readonly isDelete: boolean;
  readonly private: Uint8Array;
  /** The values that the change holds, as msgpack: before and after, or the only one. */
  readonly values: readonly Uint8Array[];
  readonly beforeSensitive: readonly Path[];
  readonly afterSensitive: readonly Path[];
}

/** The part of a plan file that tells which object is which. */
export interface PlanArchive {
  readonly changes: readonly PlannedChange[];
  /** Root variables: name and msgpack value. */
  readonly variables: ReadonlyMap<string, Uint8Array>;
  /** The state that the plan starts from, after refresh and moves, as JSON. */
  readonly state: Uint8Array;
}

const EMPTY = new Uint8Array(0);
const NO_OP = 0;
const DELETE = 5;

/**
 * Reads the plan file that `plan -out` wrote (OpenTofu, `internal/plans/internal/planproto/planfile.proto`; the same
 * fields in Terraform). null when the plan is there but encrypted, as OpenTofu can do: then only core can read it.
 * Throws `RecordsError` RECORDS_PLAN_FILE.
 */
export async function readPlanArchive(path: string, maxBytes = MAX_ARCHIVE_BYTES): Promise<PlanArchive | null> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new Error(`it holds ${size} bytes, at most ${maxBytes} are read`);
    const bytes = await readFile(path);
    // An encrypted plan is a JSON object in place of the archive (OpenTofu, `internal/encryption`).
    if (bytes[0] === 0x7b) return null;
    const entries = unpack(bytes, maxBytes);
    const plan = entries[PLAN_ENTRY];
    if (plan === undefined) throw new Error(`it holds no ${PLAN_ENTRY}`);
    return { ...decodePlan(plan), state: entries[STATE_ENTRY] ?? EMPTY };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown reason";
    throw new RecordsError("RECORDS_PLAN_FILE", `the plan file ${path} cannot be read: ${reason}`, {
      cause,
      remedy: "Make the plan again with this core.",
    });
  }
}

/**
 * Writes a plan file anew at `target`, with another state in place of the one that the plan starts from; all else stays.
 * `target` is replaced as a whole. Throws `RecordsError` RECORDS_PLAN_FILE.
 */
export async function replacePlannedState(path: string, state: Uint8Array, target: string): Promise<void> {
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const entries = unzipSync(await readFile(path));
    // As core packs it; a plan is read back soon, so that little time is spent on it.
    await writeFile(temporary, zipSync({ ...entries, [STATE_ENTRY]: state }, { level: 1 }), {
      flag: "wx",
      mode: 0o600,
    });
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    const reason = cause instanceof Error ? cause.message : "unknown reason";
    throw new RecordsError("RECORDS_PLAN_FILE", `metadata cannot be put into the plan file ${path}: ${reason}`, {
      cause,
    });
  }
}

/** The objects of the state in a plan; none where it cannot be read: then addresses stay in doubt, and nothing else. */
export function stateIn({ state }: Pick<PlanArchive, "state">): readonly StateObject[] {
  try {
    return readState(state);
  } catch {
    return [];
  }
}

function unpack(bytes: Uint8Array, maxBytes: number): Readonly<Record<string, Uint8Array>> {
  const seen = new Set<string>();
  return unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (name !== PLAN_ENTRY && name !== STATE_ENTRY) return false;
      if (originalSize > maxBytes) throw new Error(`the ${name} inside is too large`);
      // Core reads the first of two, a zip library the last.
      if (seen.has(name)) throw new Error(`it holds more than one ${name}`);
      seen.add(name);
      return true;
    },
  });
}

/** Calls `take` for each field; what it does not read is skipped. */
function eachField(bytes: Uint8Array, take: (field: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const before = reader.pos;
    if (!take(field, reader) && reader.pos === before) reader.skip(type, field);
  }
}

function decodePlan(bytes: Uint8Array): Omit<PlanArchive, "state"> {
  const changes: PlannedChange[] = [];
  const variables = new Map<string, Uint8Array>();
  eachField(bytes, (field, reader) => {
    if (field === 3) changes.push(decodeChange(reader.bytes()));
    else if (field === 2) variables.set(...decodeVariable(reader.bytes()));
    else return false;
    return true;
  });
  return { changes, variables };
}

function decodeVariable(bytes: Uint8Array): [string, Uint8Array] {
  let name = "";
  let value: Uint8Array = EMPTY;
  eachField(bytes, (field, reader) => {
    if (field === 1) name = reader.string();
    else if (field === 2) value = dynamicValue(reader.bytes());
    else return false;
    return true;
  });
  return [name, value];
}

function decodeChange(bytes: Uint8Array): PlannedChange {
  let address = "";
  let deposed = "";
  let provider = "";
  let privateBytes: Uint8Array = EMPTY;
  let change = decodeValues(EMPTY);
  eachField(bytes, (field, reader) => {
    if (field === 13) address = reader.string();
    else if (field === 7) deposed = reader.string();
    else if (field === 8) provider = reader.string();
    else if (field === 9) change = decodeValues(reader.bytes());
    else if (field === 10) privateBytes = reader.bytes();
    else return false;
    return true;
  });
  return { address, deposed, provider, private: privateBytes, ...change };
}

function decodeValues(
  bytes: Uint8Array,
): Pick<PlannedChange, "isNoOp" | "isDelete" | "values" | "beforeSensitive" | "afterSensitive"> {
  let action = NO_OP;
  const values: Uint8Array[] = [];
  const beforeSensitive: Path[] = [];
  const afterSensitive: Path[] = [];
  eachField(bytes, (field, reader) => {
    if (field === 1) action = reader.int32();
    else if (field === 2) values.push(dynamicValue(reader.bytes()));
    else if (field === 3) beforeSensitive.push(decodePath(reader.bytes()));
    else if (field === 4) afterSensitive.push(decodePath(reader.bytes()));
    else return false;
    return true;
  });
  return { isNoOp: action === NO_OP, isDelete: action === DELETE, values, beforeSensitive, afterSensitive };
}

function dynamicValue(bytes: Uint8Array): Uint8Array {
  let value: Uint8Array = EMPTY;
  eachField(bytes, (field, reader) => {
    if (field !== 1) return false;
    value = reader.bytes();
    return true;
  });
  return value;
}

/** Only attribute names and plain keys: a step that is neither ends the path, so that more is taken for sensitive. */
function decodePath(bytes: Uint8Array): Path {
  const path: Path = [];
  let isWhole = true;
  eachField(bytes, (field, reader) => {
    if (field !== 1) return false;
    const step = decodeStep(reader.bytes());
    if (step === null) isWhole = false;
    else if (isWhole) path.push(step);
    return true;
  });
  return path;
}

function decodeStep(bytes: Uint8Array): string | number | null {
  let step: string | number | null = null;
  eachField(bytes, (field, reader) => {
    if (field === 1) step = reader.string();
    else if (field === 2) step = plainKey(dynamicValue(reader.bytes()));
    else return false;
    return true;
  });
  return step;
}

/** A msgpack string, or a whole number below 2^16; null for anything else. */
function plainKey(msgpack: Uint8Array): string | number | null {
  const [head = 0xc0, ...rest] = msgpack;
  if (head <= 0x7f) return head;
  if (head === 0xcc) return rest[0] ?? null;
  if (head === 0xcd) return ((rest[0] ?? 0) << 8) | (rest[1] ?? 0);
  const start = head >= 0xa0 && head <= 0xbf ? 1 : head === 0xd9 ? 2 : head === 0xda ? 3 : null;
  return start === null ? null : Buffer.from(msgpack.subarray(start)).toString("utf8");
}
