import { AddressBook } from "../../../../src/hosts/terraform/records/address-book.js";
import type { CandidateBlock } from "../../../../src/hosts/terraform/records/address-book.js";
import type { PlanArchive, PlannedChange } from "../../../../src/hosts/terraform/records/plan-archive.js";
import type { StateObject } from "../../../../src/hosts/terraform/records/state-file.js";
import { NO_METADATA, withEntry } from "../../../../src/hosts/terraform/metadata/entry.js";
import { readSchema } from "../../../../src/hosts/terraform/tfplugin/schema.js";
import { concat, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { PROVIDER } from "./archives.js";

export const SOURCE = "registry.opentofu.org/hashicorp/mock";

/** Private bytes that hold an id, and nothing else. */
export function privateOf(id: string): Uint8Array {
  const written = withEntry(new Uint8Array(0), { id, address: null, metadata: NO_METADATA });
  return written.kind === "stored" ? written.bytes : new Uint8Array(0);
}

/** A managed object of the type `mock_thing`. */
export function stateObject(parts: Partial<StateObject> = {}): StateObject {
  return {
    address: "mock_thing.one",
    mode: "managed",
    type: "mock_thing",
    provider: { source: SOURCE, alias: null },
    deposed: null,
    attributes: { id: "i-1" },
    private: new Uint8Array(0),
    tainted: false,
    sensitive: [],
    ...parts,
  };
}

/** A change that creates an object of the type `mock_thing`. */
export function plannedChange(parts: Partial<PlannedChange> = {}): PlannedChange {
  return {
    address: "mock_thing.one",
    deposed: "",
    provider: PROVIDER,
    isNoOp: false,
    isDelete: false,
    private: new Uint8Array(0),
    values: [],
    beforeSensitive: [],
    afterSensitive: [],
    ...parts,
  };
}

export function planOf(...changes: readonly Partial<PlannedChange>[]): PlanArchive {
  return { changes: changes.map(plannedChange), variables: new Map(), state: new Uint8Array(0) };
}

/** A book over a configuration that has these blocks, whatever is looked for. */
export function book(...blocks: readonly CandidateBlock[]): AddressBook {
  return new AddressBook({ find: () => blocks });
}

/** A block of optional and computed attributes, each of a type in its JSON form. */
export function blockOf(types: Readonly<Record<string, string>>, sensitive: readonly string[] = []) {
  const attributes = Object.entries(types).map(([name, type]) => {
    const flags = Uint8Array.of(0x28, 1, 0x30, 1, ...(sensitive.includes(name) ? [0x38, 1] : []));
    return lengthField(2, concat(lengthField(1, name), lengthField(2, type), flags));
  });
  return readSchema(lengthField(2, concat(...attributes)), 6);
}
