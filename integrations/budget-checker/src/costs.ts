import type { ResourceEvent, ResourceView } from "airlock-guest-sdk";
import { priceOf, toCents } from "./prices.js";
import type { PriceTable } from "./prices.js";

/** One resource, of an event or of the whole view. */
export type Resource = ResourceEvent | ResourceView;

/** What a resource costs a month; `attribute` names its size where the price is our own. */
export type Cost =
  | { readonly known: true; readonly cents: number; readonly attribute: string | null }
  /** It costs something, and nobody knows how much. */
  | { readonly known: false; readonly message: string; readonly attribute: string | null };

/** Whether a resource is there after the plan. */
export function remains({ mode, action, after }: Resource): boolean {
  return mode === "managed" && action !== "delete" && after !== null;
}

/** Knows costs: what another integration attached, and our own prices for what it attached nothing to. */
export class Costs {
  readonly #from: string;
  readonly #prices: PriceTable;

  /** `from`: the name under which the other integration is declared. */
  constructor(from: string, prices: PriceTable) {
    this.#from = from;
    this.#prices = prices;
  }

  /** Whether the other integration attached a cost to a resource. */
  isAttached(resource: Resource): boolean {
    return this.#attached(resource) !== null;
  }

  /** null for a resource that costs nothing, as far as anybody knows. */
  of(resource: Resource): Cost | null {
    const attached = this.#attached(resource);
    if (attached !== null) return attached;
    const price = priceOf(resource, this.#prices);
    if (price === null) return null;
    const { attribute } = price;
    if (price.known) return { known: true, cents: toCents(price.monthly), attribute };
    return { known: false, message: `no price is known for ${attribute} "${price.size}"`, attribute };
  }

  /** What is stored with a resource may be anything: a cost is a number of 0 or more. */
  #attached({ metadata }: Resource): Cost | null {
    const { monthly_cost: cost, currency = "USD" } = Object.hasOwn(metadata, this.#from)
      ? (metadata[this.#from] ?? {})
      : {};
    if (typeof cost !== "number" || !(cost >= 0 && cost < Infinity)) return null;
    if (currency === "USD") return { known: true, cents: toCents(cost), attribute: null };
    const message = `what ${this.#from} attached is not in USD`;
    return { known: false, message, attribute: null };
  }
}
