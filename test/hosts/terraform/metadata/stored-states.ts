import { expect } from "vitest";
import { withEntry } from "../../../../src/hosts/terraform/metadata/entry.js";
import type { Stored, StoredMetadata } from "../../../../src/hosts/terraform/metadata/entry.js";
import { withPrivate } from "../../../../src/hosts/terraform/tfplugin/private-entry.js";
import { instance, resource, stateBytes } from "../records/states.js";

/** Metadata as integrations store it; version 0 unless it is told. */
export function stored(metadata: Readonly<Record<string, object>>, version = 0): StoredMetadata {
  return new Map(
    Object.entries(metadata).map(([name, data]): [string, Stored] => [name, { version, data: { ...data } }]),
  );
}

/** Private bytes in which something is stored, over what a provider wrote. */
export function holding(metadata: Readonly<Record<string, object>>, original = "", version = 0): Buffer {
  const written = withEntry(Buffer.from(original), { id: null, address: null, metadata: stored(metadata, version) });
  return written.kind === "stored" ? Buffer.from(written.bytes) : expect.fail(`it is ${written.kind}`);
}

/** Private bytes whose envelope is ours and whose entry is not of our form. */
export function holdingWrongEntry(): Buffer {
  const written = withPrivate(new Uint8Array(0), { metadata: [1] });
  return written.kind === "stored" ? Buffer.from(written.bytes) : expect.fail(`it is ${written.kind}`);
}

/** Private bytes with something under our key that nobody of ours wrote. */
export const FOREIGN = Buffer.from('{"airlock":"not ours","own":1}');

/** An instance of a state with these private bytes; without any when left out. */
export function kept(privateBytes?: Buffer | string, parts: object = {}): object {
  return instance({
    ...(privateBytes !== undefined && { private: Buffer.from(privateBytes).toString("base64") }),
    ...parts,
  });
}

/** A state with one managed resource `mock_thing.NAME` for each entry, with one instance. */
export function stateOf(instances: Readonly<Record<string, object>>, ...more: readonly object[]): Buffer {
  const resources = Object.entries(instances).map(([name, one]) => resource({ name, instances: [one] }));
  return stateBytes([...resources, ...more]);
}

export const IN_CORE = resource({
  type: "terraform_data",
  name: "inside",
  provider: 'provider["terraform.io/builtin/terraform"]',
});
