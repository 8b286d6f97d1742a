import type { Path } from "../../../protocol/events.js";
import { readMsgpack } from "../tfplugin/value.js";
import { toPlanValue } from "../tfplugin/plan-value.js";
import type { Block } from "../tfplugin/schema.js";
import { parseAddress, withoutKeys } from "./address.js";
import { canonicalJson } from "../../../base/canonical-json.js";
import { idIn } from "./object-id.js";
import type { PlanArchive, PlannedChange } from "./plan-archive.js";
import { PlannedValues } from "./planned-values.js";
import type { PartialValue } from "./planned-values.js";
import { parseProviderAddress } from "./provider-address.js";
import type { StateObject } from "./state-file.js";

/** An object whose address is known. */
export interface Place {
  readonly address: string;
  /** The alias of its provider configuration; null for the default one, undefined where nothing says it. */
  readonly alias: string | null | undefined;
}

/** Where an object may be. */
export interface Located {
  /** null while it is in doubt; then `candidates` holds the addresses of the blocks it can come from. */
  readonly address: string | null;
  readonly candidates: readonly string[];
  readonly alias: string | null | undefined;
}

/** A resource block of the configuration that could be meant. */
export interface CandidateBlock {
  /** Without instance keys. */
  readonly address: string;
  /** It stands for one object: neither it nor a module around it has `count` or `for_each`. */
  readonly single: boolean;
  readonly alias: string | null | undefined;
}

/** What the configuration says of where objects come from. */
export interface BlockFinder {
  /** The blocks of this type whose literal values do not contradict `config`. */
  find(mode: "managed" | "data", type: string, config: unknown): readonly CandidateBlock[];
}

/** Where an object's values are sensitive because the configuration says so. */
export interface SensitivePlaces {
  readonly before: readonly Path[];
  readonly after: readonly Path[];
}

const NOTHING_SENSITIVE: SensitivePlaces = { before: [], after: [] };
const NOWHERE: Located = { address: null, candidates: [], alias: undefined };

function exact({ address, alias }: Place): Located {
  return { address, candidates: [], alias };
}

/** Adds to what is sensitive at an address: deposed objects have the address of the current one. */
function addSensitive(
  all: Map<string, SensitivePlaces>,
  address: string,
  before: readonly Path[],
  after: readonly Path[],
) {
  if (before.length + after.length === 0) return;
  const known = all.get(address) ?? NOTHING_SENSITIVE;
  all.set(address, { before: [...known.before, ...before], after: [...known.after, ...after] });
}

/** Candidates that are told; more would help nobody, and stand in every event. */
const MAX_CANDIDATES = 100;

/** The one place, or else the blocks of all that it can be. */
function located(places: readonly Place[]): Located {
  const [first, ...others] = places;
  if (first === undefined) return NOWHERE;
  if (others.every(({ address }) => address === first.address)) return exact(first);
  const aliases = new Set(places.map(({ alias }) => alias));
  return {
    address: null,
    candidates: blocksOf(places),
    alias: aliases.size === 1 ? first.alias : undefined,
  };
}

function blocksOf(places: readonly Place[]): string[] {
  const blocks = new Set<string>();
  for (const { address } of places) {
    if (blocks.size === MAX_CANDIDATES) break;
    blocks.add(withoutKeys(address));
  }
  return [...blocks];
}

/**
 * Which object a provider call is about: the protocol does not say. Exact where an id in the object's private bytes or
 * its value tells; candidates from the configuration otherwise. Never guesses.
 */
export class AddressBook {
  readonly #byId = new Map<string, Place>();
  readonly #byValue = new Map<string, Map<string, Place>>();
  readonly #changes = new Map<string, PlannedChange[]>();
  readonly #sensitive = new Map<string, SensitivePlaces>();
  readonly #planned = new Map<string, PlannedValues<Place>>();
  readonly #tainted = new Map<string, Pick<StateObject, "attributes" | "private">>();
  readonly #noted = new Map<string, string>();
  #coming: readonly Place[] = [];
  readonly #blocks: BlockFinder;

  constructor(blocks: BlockFinder) {
    this.#blocks = blocks;
  }

  /** Takes in the objects of a state. `moved` gives the address that core will know an object by. */
  addState(objects: readonly StateObject[], moved: (address: string) => string = (address) => address): void {
    const sensitive = new Map<string, SensitivePlaces>();
    const ids = new Map<string, Place | null>();
    // Core moves nothing to where something stands.
    const taken = new Set(objects.map(({ address }) => address).filter((address) => moved(address) === address));
    for (const object of objects) {
      const wanted = moved(object.address);
      const place = { address: taken.has(wanted) ? object.address : wanted, alias: object.provider?.alias };
      const id = idIn(object.private);
      const other = id === null ? undefined : ids.get(id);
      // An object that somebody copied by hand has the id of the other; then it tells nothing.
      if (id !== null) ids.set(id, other === undefined || other?.address === place.address ? place : null);
      addSensitive(sensitive, place.address, object.sensitive, object.sensitive);
      if (object.tainted && object.deposed === null) this.#tainted.set(place.address, object);
      const key = valueKey(object.mode, object.type, object.attributes);
      this.#byValue.set(key, (this.#byValue.get(key) ?? new Map<string, Place>()).set(place.address, place));
    }
    for (const [address, places] of sensitive) this.#sensitive.set(address, places);
    for (const [id, place] of ids) {
      if (place === null) this.#byId.delete(id);
      else this.#byId.set(id, place);
    }
  }

  /** Takes in what core has planned: from now on its ids and values tell addresses. */
  addPlan({ changes }: PlanArchive): void {
    const sensitive = new Map<string, SensitivePlaces>();
    for (const change of changes) {
      const place = { address: change.address, alias: parseProviderAddress(change.provider)?.alias };
      const id = idIn(change.private);
      if (id !== null) this.#byId.set(id, place);
      addSensitive(sensitive, change.address, change.beforeSensitive, change.afterSensitive);
      if (change.deposed !== "" || change.isNoOp || change.isDelete) continue;
      // Data is read, not applied; and a data source may share its type's name with a resource of another form.
      if (parseAddress(change.address)?.mode === "data") continue;
      const type = change.provider + typeOf(change.address);
      const same = this.#changes.get(type);
      if (same === undefined) this.#changes.set(type, [change]);
      else same.push(change);
    }
    for (const [address, places] of sensitive) this.#sensitive.set(address, places);
  }

  /** Where the value at an address is sensitive, as far as core's records tell. */
  sensitiveOf(address: string | null): SensitivePlaces {
    return (address === null ? undefined : this.#sensitive.get(address)) ?? NOTHING_SENSITIVE;
  }

  /** What the state has of an object that core will replace because it is tainted; undefined when it is not. */
  taintedAt(address: string): Pick<StateObject, "attributes" | "private"> | undefined {
    return this.#tainted.get(address);
  }

  /** Takes in where objects will be that no state has yet: those that core imports. */
  addComing(addresses: readonly string[]): void {
    this.#coming = addresses.map((address) => ({ address, alias: undefined }));
  }

  /** Remembers the value of an object that has no place yet: a later state tells it. */
  note(id: string, mode: "managed" | "data", type: string, value: unknown): void {
    this.#noted.set(id, valueKey(mode, type, value));
  }

  ofId(id: string): Place | undefined {
    const key = this.#noted.get(id);
    const [only, ...others] = (key === undefined ? undefined : this.#byValue.get(key)?.values()) ?? [];
    return this.#byId.get(id) ?? (others.length === 0 ? only : undefined);
  }

  /** An object that exists already: by its id, or else by its value; or one that core imports. */
  ofObject(mode: "managed" | "data", type: string, id: string | null, value: unknown): Located {
    const place = id === null ? undefined : this.#byId.get(id);
    if (place !== undefined) return exact(place);
    const known = this.#byValue.get(valueKey(mode, type, value));
    if (known !== undefined) return located([...known.values()]);
    return located(this.#coming.filter(({ address }) => mode === "managed" && typeOf(address) === ` ${type}`));
  }

  /** An object that is only in the configuration yet, or is data. */
  ofConfig(mode: "managed" | "data", type: string, config: unknown): Located {
    const found = this.#blocks.find(mode, type, config);
    const [only, ...others] = found;
    if (only?.single === true && others.length === 0) return exact(only);
    return { ...located(found), address: null, candidates: found.map(({ address }) => address) };
  }

  /** An object that core is about to make as it was planned; `source` is its provider's address. */
  ofPlanned(source: string, type: string, planned: PartialValue, block: Block): Located {
    const suffix = typeOf(`${type}.x`);
    const keys = [...this.#changes.keys()].filter(
      (key) => key.endsWith(suffix) && parseProviderAddress(key.slice(0, -suffix.length))?.source === source,
    );
    return located(keys.flatMap((key) => this.#valuesOf(key, block).find(planned.value)));
  }

  #valuesOf(key: string, block: Block): PlannedValues<Place> {
    const known = this.#planned.get(key);
    if (known !== undefined) return known;
    const entries = (this.#changes.get(key) ?? []).flatMap(({ address, provider, values }) => {
      const after = values.at(-1);
      if (after === undefined) return [];
      const found = { address, alias: parseProviderAddress(provider)?.alias };
      return [{ planned: toPlanValue(readMsgpack(after, block.type)), found }];
    });
    const made = new PlannedValues<Place>(entries);
    this.#planned.set(key, made);
    return made;
  }
}

function valueKey(mode: "managed" | "data", type: string, value: unknown): string {
  return canonicalJson([mode, type, value]);
}

/** ` TYPE` of a managed resource's address; a separator that no provider address can hold comes first. */
function typeOf(address: string): string {
  const [type = ""] = withoutKeys(address).split(".").slice(-2);
  return ` ${type}`;
}
