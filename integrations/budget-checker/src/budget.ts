import { fail, finding, success, warn } from "airlock-guest-sdk";
import type { ResourceEvent, ResourceView, Verdict } from "airlock-guest-sdk";
import { remains } from "./costs.js";
import type { Cost, Costs, Resource } from "./costs.js";
import { toCents } from "./prices.js";

const RULE = "budget";
const TOP_CONTRIBUTORS = 5;

interface Item {
  readonly name: string;
  readonly cost: Cost;
}

/** Adds up what resources cost a month, and says at the end whether that is too much. */
export class Budget {
  readonly #maxCents: number;
  readonly #costs: Costs;
  #planned: Item[] = [];

  constructor(maxCost: number, costs: Costs) {
    this.#maxCents = toCents(maxCost);
    this.#costs = costs;
  }

  reset(): void {
    this.#planned = [];
  }

  /**
   * Counts a resource that exists after the plan. Warns when its price is not known; fails when it costs more than all
   * may cost together, so that a live plan names it where it stands.
   */
  add(event: ResourceEvent): Verdict {
    const [item] = this.#itemsOf([event]);
    if (item === undefined) return success();
    this.#planned.push(item);
    const { cost } = item;
    const path = cost.attribute === null ? {} : { path: [cost.attribute] };
    if (!cost.known) {
      const { message } = cost;
      return warn(message, { findings: [finding({ rule: RULE, severity: "low", message, ...path })] });
    }
    if (cost.cents <= this.#maxCents) return success();
    const message = `${usd(cost.cents)} a month alone is over the ${usd(this.#maxCents)} allowed`;
    return fail(message, { findings: [finding({ rule: RULE, severity: "high", message, ...path })] });
  }

  /**
   * Judges the sum: over everything in the whole view where costs are attached to any of it, else over what was counted
   * while it was planned.
   */
  judge(whole: readonly ResourceView[] = []): Verdict {
    const hasCosts = whole.some((one) => remains(one) && this.#costs.isAttached(one));
    const items = hasCosts ? this.#itemsOf(whole) : this.#planned;
    const known = items.flatMap(({ name, cost }) => (cost.known ? [{ name, cents: cost.cents }] : []));
    const sum = known.reduce((total, { cents }) => total + cents, 0);
    const unknown = items.length - known.length;
    const gap = unknown === 0 ? "" : `; ${unknown} without a price`;
    const metadata = { monthly_cost: sum / 100, max_cost: this.#maxCents / 100, currency: "USD" };
    if (sum <= this.#maxCents) {
      return success(`${usd(sum)} a month of ${usd(this.#maxCents)} allowed${gap}`, { metadata });
    }
    const top = known.toSorted((a, b) => b.cents - a.cents).slice(0, TOP_CONTRIBUTORS);
    const names = top.map(({ name, cents }) => `${name} ${usd(cents)}`).join(", ");
    return fail(`${usd(sum)} a month is over the ${usd(this.#maxCents)} allowed${gap}; most of it: ${names}`, {
      findings: top.map(({ name, cents }) =>
        finding({ rule: RULE, severity: "high", message: `${name} costs ${usd(cents)} a month` }),
      ),
      metadata,
    });
  }

  #itemsOf(resources: readonly Resource[]): Item[] {
    return resources.filter(remains).flatMap((one) => {
      const cost = this.#costs.of(one);
      return cost === null ? [] : [{ name: nameOf(one), cost }];
    });
  }
}

/** While it is planned, an instance may be known by its block only. */
function nameOf(resource: Resource): string {
  if (resource.address !== null) return resource.address;
  const candidates = "address_candidates" in resource ? (resource.address_candidates ?? []) : [];
  return candidates.length === 0 ? resource.type : candidates.join(" or ");
}

function usd(cents: number): string {
  return `${(cents / 100).toFixed(2)} USD`;
}
