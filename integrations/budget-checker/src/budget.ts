import { fail, finding, success, warn } from "airlock-guest-sdk";
import type { ResourceEvent, Verdict } from "airlock-guest-sdk";
import { priceOf, toCents } from "./prices.js";
import type { PriceTable } from "./prices.js";

const RULE = "budget";
const TOP_CONTRIBUTORS = 5;

interface Item {
  readonly address: string;
  readonly cents: number;
}

/** Adds up what the planned resources cost a month, and says at the end whether that is too much. */
export class Budget {
  readonly #maxCents: number;
  readonly #prices: PriceTable;
  #items: Item[] = [];
  #unpriced = 0;

  constructor(maxCost: number, prices: PriceTable) {
    this.#maxCents = toCents(maxCost);
    this.#prices = prices;
  }

  reset(): void {
    this.#items = [];
    this.#unpriced = 0;
  }

  /**
   * Counts a resource that exists after the plan. Warns when its type has prices but none for its size; fails when it
   * costs more than all may cost together, so that a live plan names it where it stands.
   */
  add(event: ResourceEvent): Verdict {
    if (event.mode !== "managed" || event.action === "delete" || event.after === null) return success();
    const price = priceOf(event, this.#prices);
    if (price === null) return success();
    const path = [price.attribute];
    if (!price.known) {
      this.#unpriced += 1;
      const message = `no price is known for ${price.attribute} "${price.size}"`;
      return warn(message, { findings: [finding({ rule: RULE, severity: "low", message, path })] });
    }
    const cents = toCents(price.monthly);
    this.#items.push({ address: nameOf(event), cents });
    if (cents <= this.#maxCents) return success();
    const message = `${usd(cents)} a month alone is over the ${usd(this.#maxCents)} allowed`;
    return fail(message, { findings: [finding({ rule: RULE, severity: "high", message, path })] });
  }

  judge(): Verdict {
    const sum = this.#items.reduce((total, { cents }) => total + cents, 0);
    const gap = this.#unpriced === 0 ? "" : `; ${this.#unpriced} without a price`;
    const metadata = { monthly_cost: sum / 100, max_cost: this.#maxCents / 100, currency: "USD" };
    if (sum <= this.#maxCents) {
      return success(`${usd(sum)} a month of ${usd(this.#maxCents)} allowed${gap}`, { metadata });
    }
    const top = this.#items.toSorted((a, b) => b.cents - a.cents).slice(0, TOP_CONTRIBUTORS);
    const names = top.map(({ address, cents }) => `${address} ${usd(cents)}`).join(", ");
    return fail(`${usd(sum)} a month is over the ${usd(this.#maxCents)} allowed${gap}; most of it: ${names}`, {
      findings: top.map(({ address, cents }) =>
        finding({ rule: RULE, severity: "high", message: `${address} costs ${usd(cents)} a month` }),
      ),
      metadata,
    });
  }
}

/** While it is planned, an instance may be known by its block only. */
function nameOf({ address, address_candidates: candidates = [], type }: ResourceEvent): string {
  return address ?? (candidates.length === 0 ? type : candidates.join(" or "));
}

function usd(cents: number): string {
  return `${(cents / 100).toFixed(2)} USD`;
}
