import type { StateObject } from "../records/state-file.js";
import { JsonMembers } from "../tfplugin/json-members.js";
import { PRIVATE_KEY } from "../tfplugin/private-entry.js";
import { NO_METADATA, readEntry, withEntry } from "./entry.js";
import type { Entry, StoredMetadata } from "./entry.js";
import { JsonText } from "./json-text.js";
import type { Span, Splice } from "./json-text.js";
import { MetadataError } from "./metadata-error.js";
import { keepsPrivate } from "./read-metadata.js";

/**
 * What is to be stored for an object from now on; null: as it is. `isDamaged`: what stands there is not ours, and goes
 * with the change.
 */
export type Change = (object: StateObject, stored: StoredMetadata, isDamaged: boolean) => StoredMetadata | null;

/** A state that was changed, and what it could not take. */
export interface EditedState {
  /** The text with its serial counted up; null when nothing of it was to be changed. */
  readonly text: Buffer | null;
  /** Objects that cannot hold metadata, with what was to be stored for them. */
  readonly elsewhere: readonly (readonly [StateObject, StoredMetadata])[];
}

/** How a state is edited. */
export interface EditOptions {
  /** `damaged`: what stands under our key and is not ours goes with the change. */
  readonly discard?: "nothing" | "damaged";
  /** `kept`: it stays the state that it is, as in a plan. */
  readonly serial?: "next" | "kept";
}

/** The instances of a state in the order of `readState`. */
export function instancesOf(state: JsonText): readonly Span[] {
  return state.items(state.members(state.root).get("resources")).flatMap((resource) => {
    const members = state.members(resource);
    const mode = state.string(members.get("mode"));
    return mode === "managed" || mode === "data" ? state.items(members.get("instances")) : [];
  });
}

/**
 * The state with other metadata in it; all else is byte for byte as it was. `objects` are what `readState` gave for
 * these bytes. Throws `MetadataError`: METADATA_FOREIGN for an object that is to be changed and whose key of ours holds
 * what we did not write, unless that may be discarded; METADATA_TOO_LARGE; METADATA_STATE for a state without a serial.
 * Nothing is done by halves.
 */
export function editState(
  bytes: Uint8Array,
  objects: readonly StateObject[],
  change: Change,
  { discard = "nothing", serial = "next" }: EditOptions = {},
): EditedState {
  const written: (readonly [number, Uint8Array])[] = [];
  const elsewhere: (readonly [StateObject, StoredMetadata])[] = [];
  for (const [at, object] of objects.entries()) {
    const found = readEntry(object.private);
    const isDamaged = found.kind === "foreign";
    const entry: Entry = found.kind === "entry" ? found.entry : { id: null, address: null, metadata: NO_METADATA };
    const wanted = change(object, entry.metadata, isDamaged);
    if (wanted === null) continue;
    if (isDamaged && discard === "nothing") throw foreign(object);
    const kept = isDamaged ? withoutKey(object.private) : object.private;
    if (!keepsPrivate(object)) {
      elsewhere.push([object, wanted]);
      continue;
    }
    const write = withEntry(kept, { ...entry, address: object.address, metadata: wanted });
    if (write.kind === "nowhere") elsewhere.push([object, wanted]);
    else if (write.kind === "stored") written.push([at, write.bytes]);
    else if (write.kind === "foreign") throw foreign(object);
    else throw tooLarge(object);
  }
  return { text: written.length === 0 ? null : rewritten(bytes, written, serial), elsewhere };
}

/** The state with these private bytes for its instances, by their place among all. */
function rewritten(
  bytes: Uint8Array,
  written: readonly (readonly [number, Uint8Array])[],
  serial: "next" | "kept",
): Buffer {
  const state = new JsonText(bytes);
  const instances = instancesOf(state);
  const splices = written.map(([at, privateBytes]) => privateSplice(state, instances[at], privateBytes));
  return state.spliced([...splices, ...(serial === "next" ? [nextSerial(state)] : [])]);
}

/** The bytes without anything under our key; they are a JSON object with it. */
function withoutKey(bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  for (let members = new JsonMembers(rest); members.count(PRIVATE_KEY) > 0; members = new JsonMembers(rest)) {
    rest = members.without(PRIVATE_KEY);
  }
  return rest;
}

/** Takes the place of the private bytes; the state's own form of them is base64. */
function privateSplice(state: JsonText, instance: Span | undefined, bytes: Uint8Array): Splice {
  if (instance === undefined) throw unreadable("it holds other objects than were read");
  const text = JSON.stringify(Buffer.from(bytes).toString("base64"));
  const there = state.members(instance).get("private");
  return there === undefined ? state.addition(instance, "private", text) : { ...there, text };
}

function nextSerial(state: JsonText): Splice {
  const serial = state.members(state.root).get("serial");
  const text = serial === undefined ? "" : state.text(serial);
  if (serial === undefined || !/^\d{1,20}$/.test(text)) throw unreadable("it has no serial");
  return { ...serial, text: String(BigInt(text) + 1n) };
}

function unreadable(reason: string): MetadataError {
  return new MetadataError("METADATA_STATE", `the state cannot be changed: ${reason}`, {
    remedy: "See whether core can read it: state pull.",
  });
}

/** What stands under our key of this object is not ours. */
export function foreign({ address }: { readonly address: string | null }): MetadataError {
  const where = address ?? "a resource";
  return new MetadataError("METADATA_FOREIGN", `under Airlock's key of ${where} stands what it did not write`, {
    ...(address !== null && { address }),
    remedy: `Look at it (private in: state pull). To remove it: airlock metadata rm --damaged '${where}'`,
  });
}

function tooLarge({ address }: StateObject): MetadataError {
  return new MetadataError("METADATA_TOO_LARGE", `all that integrations store for ${address} is too large together`, {
    address,
    remedy: "Remove what is no longer wanted: airlock metadata rm --orphans",
  });
}
