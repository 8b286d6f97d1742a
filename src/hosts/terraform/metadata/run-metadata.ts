import type { Metadata } from "../../plan-file/planned-resource.js";
import type { StoredInfo } from "../../../protocol/events.js";
import type { IntegrationResult } from "../../../runtime/types.js";
import { withoutKeys } from "../records/address.js";
import type { StateObject } from "../records/state-file.js";
import { foreign } from "./edit-state.js";
import { isSame, NO_METADATA, readEntry } from "./entry.js";
import type { StoredMetadata } from "./entry.js";
import type { MetadataError } from "./metadata-error.js";
import type { Sidecar } from "./sidecar.js";

/** What is stored for one object, while events about it go on: each sees what those before it attached. */
export class Attached {
  #stored: StoredMetadata;
  readonly #refusal: MetadataError | null;
  #isChanged = false;

  constructor(stored: StoredMetadata, refusal: MetadataError | null = null) {
    this.#stored = stored;
    this.#refusal = refusal;
  }

  get stored(): StoredMetadata {
    return this.#stored;
  }

  /** Whether integrations attached or cleared something. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** As events hold it. */
  get metadata(): Metadata {
    return Object.fromEntries([...this.#stored].map(([name, { data }]) => [name, data]));
  }

  /** What the runtime must know of it beside. */
  get info(): StoredInfo {
    const versions = new Map([...this.#stored].map(([name, { version }]) => [name, version]));
    return { versions, refusal: this.#refusal };
  }

  /** Takes what integrations said of their own metadata. */
  take(results: readonly IntegrationResult[]): void {
    for (const { integration, metadata, metadataVersion = 0 } of results) {
      if (metadata === undefined) continue;
      const changed = new Map(this.#stored);
      if (metadata === null) changed.delete(integration);
      else changed.set(integration, { version: metadataVersion, data: metadata });
      this.#stored = changed;
      this.#isChanged = true;
    }
  }
}

/**
 * What integrations stored, as far as the private bytes that go by do not say it: of resources that no provider call is
 * about, and of those whose private bytes hold no entry of ours.
 */
export class RunMetadata {
  readonly #sidecar: Sidecar;
  readonly #attached = new Map<string, StoredMetadata>();
  #planned: ReadonlyMap<string, StoredMetadata> = new Map();

  constructor(sidecar: Sidecar) {
    this.#sidecar = sidecar;
  }

  /**
   * What is stored for an object with these private bytes; while its address is in doubt, `candidates` are the blocks it
   * can be of.
   */
  open(privateBytes: Uint8Array, address: string | null, candidates: readonly string[] = []): Attached {
    const found = readEntry(privateBytes);
    const known =
      address === null ? this.#plannedAlike(candidates) : (this.#attached.get(address) ?? this.#planned.get(address));
    if (known !== undefined && found.kind !== "foreign") return new Attached(known);
    if (found.kind === "entry") return new Attached(found.entry.metadata);
    const beside = address === null ? NO_METADATA : this.#sidecar.of(address);
    return new Attached(beside, found.kind === "foreign" ? foreign({ address }) : null);
  }

  /**
   * Takes in what was planned to be stored. Core plans again while it applies, and keeps the private bytes of that: what
   * integrations attached before is known by address alone then.
   */
  expect(planned: ReadonlyMap<string, StoredMetadata>): void {
    this.#planned = planned;
  }

  /** What is planned for all objects of these blocks, where that is the same. */
  #plannedAlike(blocks: readonly string[]): StoredMetadata | undefined {
    if (this.#planned.size === 0 || blocks.length === 0) return undefined;
    const wanted = new Set(blocks);
    const [first, ...others] = [...this.#planned]
      .filter(([address]) => wanted.has(withoutKeys(address)))
      .map(([, stored]) => stored);
    return first !== undefined && others.every((other) => isSame(first, other)) ? first : undefined;
  }

  /** There is nothing beside the state, and nothing that would have to be. */
  get isIdle(): boolean {
    return this.#attached.size === 0 && this.#planned.size === 0 && this.#sidecar.addresses.length === 0;
  }

  /** What was said in this run of an address, beside the calls of its provider; undefined for nothing. */
  saidOf(address: string): StoredMetadata | undefined {
    return this.#attached.get(address);
  }

  /** Keeps what there is no place for in private bytes. */
  keep(address: string, stored: StoredMetadata): void {
    this.#attached.set(address, stored);
  }

  /**
   * Brings the sidecar in line with the new state, and writes it: what the state holds itself and what is of resources
   * that are gone is taken out; `moved` gives the address that core knows an object by now. Throws `MetadataError`
   * METADATA_SIDECAR.
   */
  async finish(objects: readonly StateObject[], moved: (address: string) => string): Promise<void> {
    const now = new Map(objects.filter(({ deposed }) => deposed === null).map((one) => [one.address, one]));
    for (const address of this.#sidecar.addresses) {
      const to = moved(address);
      if (now.has(address) || to === address || !now.has(to) || this.#sidecar.of(to).size > 0) continue;
      this.#sidecar.set(to, this.#sidecar.of(address));
    }
    for (const address of new Set([...this.#sidecar.addresses, ...this.#attached.keys(), ...this.#planned.keys()])) {
      const object = now.get(address);
      const isInState = object !== undefined && readEntry(object.private).kind === "entry";
      if (object === undefined || isInState) this.#sidecar.set(address, NO_METADATA);
      else this.#sidecar.set(address, this.#expectedOf(address));
    }
    await this.#sidecar.save();
  }

  #expectedOf(address: string): StoredMetadata {
    return this.#attached.get(address) ?? this.#planned.get(address) ?? this.#sidecar.of(address);
  }
}
