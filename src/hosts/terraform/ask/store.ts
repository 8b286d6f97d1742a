import type { Core } from "../core/find-core.js";
import { CoreError } from "../core/core-error.js";
import { editState } from "../metadata/edit-state.js";
import { NO_METADATA } from "../metadata/entry.js";
import type { Stored, StoredMetadata } from "../metadata/entry.js";
import { MetadataError } from "../metadata/metadata-error.js";
import { objectKey, readMetadata } from "../metadata/read-metadata.js";
import type { Damaged, StoredRow } from "../metadata/read-metadata.js";
import { Sidecar } from "../metadata/sidecar.js";
import { RecordsError } from "../records/records-error.js";
import { readState } from "../records/state-file.js";
import type { StateObject } from "../records/state-file.js";
import type { LiveIo } from "../stages/live-io.js";
import { jsonOf } from "../core/json-output.js";
import { AskPlace } from "./place.js";
import { pushState } from "./push-state.js";

/** What is to be stored from now on: by `objectKey`, then by integration; null removes. */
export type Changes = ReadonlyMap<string, ReadonlyMap<string, Stored | null>>;

/** A root module's metadata: what core's state holds, and the sidecar. */
export class MetadataStore {
  readonly objects: readonly StateObject[];
  readonly rows: readonly StoredRow[];
  readonly damaged: readonly Damaged[];
  readonly #place: AskPlace;
  readonly #state: Buffer;
  readonly #sidecar: Sidecar;

  private constructor(place: AskPlace, state: Buffer, objects: readonly StateObject[], sidecar: Sidecar) {
    this.#place = place;
    this.#state = state;
    this.#sidecar = sidecar;
    this.objects = objects;
    ({ rows: this.rows, damaged: this.damaged } = readMetadata(objects, sidecar));
  }

  /**
   * Asks core for the state. Throws `MetadataError` METADATA_STATE when it does not give one, METADATA_SIDECAR; and what
   * `AskPlace.open` throws. Whoever opens it closes it.
   */
  static async open(core: Core, chdir: string | undefined, io: LiveIo): Promise<MetadataStore> {
    const place = await AskPlace.open(core, chdir, io);
    try {
      const sidecar = await Sidecar.read(place.root, place.workspace);
      const state = await pulled(place);
      return new MetadataStore(place, state, objectsIn(state), sidecar);
    } catch (error) {
      await place.close();
      throw error;
    }
  }

  /** The names of the integrations that are declared. */
  get declared(): ReadonlySet<string> {
    return this.#place.declared;
  }

  close(): Promise<void> {
    return this.#place.close();
  }

  /**
   * Changes what is stored: the state first, by core, then the sidecar. Objects that the state cannot hold metadata for
   * have it in the sidecar. `discard`: for `damaged` ones named in `changes`, what stands there goes. Throws
   * `MetadataError`: METADATA_FOREIGN, METADATA_TOO_LARGE, METADATA_STATE, and then nothing is changed; METADATA_SIDECAR
   * when the sidecar cannot be written.
   */
  async change(changes: Changes, discard: "nothing" | "damaged" = "nothing"): Promise<void> {
    const left = new Map(changes);
    const edited = editState(
      this.#state,
      this.objects,
      (object, stored, isDamaged) => {
        const wanted = left.get(objectKey(object));
        if (wanted === undefined) return null;
        if (isDamaged) return merged(NO_METADATA, wanted);
        const isRemovalOfNothing = [...wanted].every(([name, value]) => value === null && !stored.has(name));
        return isRemovalOfNothing ? null : merged(stored, wanted);
      },
      { discard },
    );
    const inSidecar = new Map(edited.elsewhere.map(([object]) => [objectKey(object), changes.get(objectKey(object))]));
    for (const [key, wanted] of changes) {
      // What the state holds, the sidecar need not.
      const removed = new Map([...wanted].map(([name]) => [name, null] as const));
      const before = this.#sidecar.of(key);
      const after = merged(before, inSidecar.get(key) ?? removed);
      if (after.size > 0 || before.size > 0) this.#sidecar.set(key, after);
    }
    if (edited.text !== null) await pushState(this.#place, edited.text);
    await this.#sidecar.save();
  }
}

function merged(stored: StoredMetadata, changes: ReadonlyMap<string, Stored | null>): StoredMetadata {
  const all = new Map(stored);
  for (const [name, value] of changes) {
    if (value === null) all.delete(name);
    else all.set(name, value);
  }
  return all;
}

async function pulled(place: AskPlace): Promise<Buffer> {
  try {
    return jsonOf(await place.capture("state", "pull"));
  } catch (cause) {
    if (!(cause instanceof CoreError) || (cause.code !== "CORE_FAILED" && cause.code !== "CORE_LIMIT")) throw cause;
    throw new MetadataError("METADATA_STATE", `core did not give the state: ${cause.message}`, {
      cause,
      remedy: "See what is wrong with: state pull. A new folder needs init first.",
    });
  }
}

function objectsIn(state: Buffer): readonly StateObject[] {
  try {
    return readState(state);
  } catch (cause) {
    if (!(cause instanceof RecordsError)) throw cause;
    throw new MetadataError("METADATA_STATE", cause.message, { cause, remedy: "See what core gives: state pull." });
  }
}
