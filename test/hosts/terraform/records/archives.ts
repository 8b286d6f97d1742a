import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { zipSync } from "fflate";
import { Packr } from "msgpackr";
import { temporaryFolder } from "../../../support/projects.js";

/*
 * Plan files as core writes them, written from `internal/plans/internal/planproto/planfile.proto` of OpenTofu: messages
 * of field numbers, in a zip archive.
 */

/** Numbers of `enum Action`. */
export const ACTIONS = { noOp: 0, create: 1, read: 2, update: 3, delete: 5, deleteThenCreate: 6, forget: 8 } as const;

/** One step of a sensitive path: an attribute, or the key of an element. */
export type PathStep = { readonly attribute: string } | { readonly key: unknown } | { readonly rawKey: Uint8Array };

export interface ChangeParts {
  readonly address?: string;
  readonly deposed?: string;
  readonly provider?: string;
  readonly action?: number;
  readonly private?: Uint8Array;
  /** As msgpack. */
  readonly values?: readonly Uint8Array[];
  readonly beforeSensitive?: readonly (readonly PathStep[])[];
  readonly afterSensitive?: readonly (readonly PathStep[])[];
}

export interface ArchiveParts {
  readonly changes?: readonly ChangeParts[];
  readonly variables?: Readonly<Record<string, Uint8Array>>;
  /** The JSON of the state. */
  readonly state?: string;
}

const packr = new Packr({ useRecords: false, variableMapSize: true });

export function msgpack(value: unknown): Uint8Array {
  return packr.pack(value);
}

/** The provider configuration of most tests. */
export const PROVIDER = 'provider["registry.opentofu.org/hashicorp/mock"]';

function message(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

function field(writer: BinaryWriter, number: number, data: Uint8Array | string): void {
  writer.tag(number, WireType.LengthDelimited);
  if (typeof data === "string") writer.string(data);
  else writer.bytes(data);
}

/** `DynamicValue` of the plan file. */
function dynamicValue(value: Uint8Array): Uint8Array {
  return message((writer) => {
    field(writer, 1, value);
  });
}

function pathMessage(steps: readonly PathStep[]): Uint8Array {
  return message((writer) => {
    for (const step of steps) {
      const written = message((inner) => {
        if ("attribute" in step) field(inner, 1, step.attribute);
        else field(inner, 2, dynamicValue("key" in step ? msgpack(step.key) : step.rawKey));
      });
      field(writer, 1, written);
    }
  });
}

function changeMessage(parts: ChangeParts): Uint8Array {
  const change = message((writer) => {
    writer.tag(1, WireType.Varint).int32(parts.action ?? ACTIONS.create);
    for (const value of parts.values ?? []) field(writer, 2, dynamicValue(value));
    for (const path of parts.beforeSensitive ?? []) field(writer, 3, pathMessage(path));
    for (const path of parts.afterSensitive ?? []) field(writer, 4, pathMessage(path));
  });
  return message((writer) => {
    if (parts.deposed !== undefined) field(writer, 7, parts.deposed);
    field(writer, 8, parts.provider ?? PROVIDER);
    field(writer, 9, change);
    if (parts.private !== undefined) field(writer, 10, parts.private);
    field(writer, 13, parts.address ?? "mock_thing.one");
  });
}

/** The `tfplan` inside. */
export function planMessage({ changes = [], variables = {} }: ArchiveParts): Uint8Array {
  return message((writer) => {
    // `version`, which is not read.
    writer.tag(1, WireType.Varint).uint32(3);
    for (const [name, value] of Object.entries(variables)) {
      const entry = message((inner) => {
        field(inner, 1, name);
        field(inner, 2, dynamicValue(value));
      });
      field(writer, 2, entry);
    }
    for (const change of changes) field(writer, 3, changeMessage(change));
    // `terraform_version` and `backend`, which are not read.
    field(writer, 14, "1.12.6");
    field(writer, 13, new Uint8Array([8, 1]));
  });
}

/** A whole plan file. */
export function planBytes(parts: ArchiveParts = {}): Uint8Array {
  return zipSync({
    tfplan: planMessage(parts),
    "tfstate-prev": Buffer.from("{}"),
    "tfconfig/m-/main.tf": Buffer.from("# nothing\n"),
    ...(parts.state !== undefined && { tfstate: Buffer.from(parts.state) }),
  });
}

/** Bytes in a file that goes away with the test; its path. */
export function planFile(bytes: Uint8Array | string): string {
  return join(temporaryFolder({ plan: bytes }), "plan");
}

/** A plan file that is written over; for tests of many contents. */
export function rewrittenFile(): (bytes: Uint8Array) => string {
  const path = planFile("");
  return (bytes) => {
    writeFileSync(path, bytes);
    return path;
  };
}
