import type { Action } from "../../protocol/events.js";
import { SecretSet } from "../sensitive/secret-set.js";
import { ConfigurationPlaces } from "./configuration-places.js";
import { Places } from "./places.js";
import type { Place } from "./places.js";
import type { PlanDocument, ResourceChange, StateResource } from "./plan-schema.js";
import type { Span } from "./value-scanner.js";

/** The current object of this address is in the plan's changes. */
const PLANNED = 1;
/** Data that is read while applying. */
const PENDING = 2;
/** It is a resource or data source of the plan. */
const COUNTED = 4;

/** One entry of `resource_changes` or `resource_drift`. */
export interface FoundChange {
  /** Its values may be left out. */
  readonly change: ResourceChange;
  readonly action: Action | null;
  readonly place: Span;
  readonly hasAfter: boolean;
  readonly texts: Place["texts"];
}

/** One object of the prior state. */
export interface FoundObject {
  /** Its values may be left out. */
  readonly resource: StateResource;
  readonly place: Span;
  /** Its module, as `addModule` numbered it. */
  readonly module: number;
  readonly hasAfter: boolean;
  readonly texts: Place["texts"];
}

/** What is known of a plan once it was gone through: where everything stands, its secrets, and what is wrong with it. No values. */
export class PlanContents {
  readonly secrets = new SecretSet();
  readonly changes = new Places();
  readonly drift = new Places();
  readonly stateData = new Places();
  readonly stateManaged = new Places();
  readonly configuration = new ConfigurationPlaces();
  /** The aliases of provider configurations, by their keys. */
  aliases: ReadonlyMap<string, string | undefined> = new Map();
  readonly notices: string[] = [];
  readonly #driftNotices: string[] = [];
  readonly #addresses = new Map<string, number>();
  readonly #stateDataAddresses: string[] = [];
  readonly #modules: (string | null)[] = [];

  constructor(readonly name: string) {}

  /** Resources and data sources of the plan, by address. */
  get resources(): number {
    let counted = 0;
    for (const flags of this.#addresses.values()) if ((flags & COUNTED) !== 0) counted += 1;
    return counted;
  }

  addChange({ change, action, place, hasAfter, texts }: FoundChange, places: Places): void {
    const { address, mode, deposed, type } = change;
    const isChange = places === this.changes;
    if (isChange && (deposed === undefined || deposed === "")) this.#flag(address, PLANNED);
    if (action === null || (mode !== "managed" && mode !== "data")) {
      const what =
        action === null ? `actions ${JSON.stringify(change.change.actions)}` : `mode ${JSON.stringify(mode)}`;
      const notices = isChange ? this.notices : this.#driftNotices;
      notices.push(`${address} is left out: its ${what} is not known`);
      return;
    }
    const isData = mode === "data";
    if (isData && (!isChange || change.change.actions.includes("delete"))) return;
    places.add({ ...place, type, module: 0, isData, hasAfter, texts });
    if (isChange) this.#flag(address, isData ? PENDING | COUNTED : COUNTED);
  }

  /** An object of the prior state. A deposed one has the address of another and is left out. */
  addState({ resource, place, module, hasAfter, texts }: FoundObject): void {
    const { address, mode, type, deposed_key } = resource;
    if (deposed_key !== undefined || (mode !== "managed" && mode !== "data")) return;
    const isData = mode === "data";
    (isData ? this.stateData : this.stateManaged).add({ ...place, type, module, isData, hasAfter, texts });
    if (isData) this.#stateDataAddresses.push(address);
  }

  /** Whether the state's data source of this number stands in the changes already. */
  isPending(number: number): boolean {
    return this.#has(this.#stateDataAddresses[number] ?? "", PENDING);
  }

  /** Whether the plan says what becomes of the current object of an address. */
  isPlanned(address: string): boolean {
    return this.#has(address, PLANNED);
  }

  addModule(): number {
    return this.#modules.push(null) - 1;
  }

  nameModule(number: number, module: unknown): void {
    const isObject = typeof module === "object" && module !== null && "address" in module;
    if (isObject && typeof module.address === "string") this.#modules[number] = module.address;
  }

  moduleAddress(number: number): string | null {
    return this.#modules[number] ?? null;
  }

  /** Takes what the rest of the document says. */
  finish(plan: PlanDocument): void {
    this.aliases = new Map(plan.configuration?.provider_config.map(([key, { alias }]) => [key, alias]));
    for (const address of this.#stateDataAddresses) this.#flag(address, COUNTED);
    if (plan.errored) {
      this.notices.push("the plan was written by a run that ended in an error: it may be incomplete");
    }
    this.notices.push(...this.#driftNotices);
  }

  #flag(address: string, flags: number): void {
    this.#addresses.set(address, (this.#addresses.get(address) ?? 0) | flags);
  }

  #has(address: string, flag: number): boolean {
    return ((this.#addresses.get(address) ?? 0) & flag) !== 0;
  }
}
