import { defineIntegration, serve, success, warn } from "airlock-guest-sdk";
import type { ResourceEvent, Verdict } from "airlock-guest-sdk";
import { priceOf, readPrices, toCents } from "./prices.js";
import type { PriceTable } from "./prices.js";

/** A resource that will be gone, or has no price, keeps no price from an earlier run. */
function estimate(event: ResourceEvent, prices: PriceTable): Verdict {
  if (event.mode !== "managed") return success();
  const price = event.action === "delete" || event.after === null ? null : priceOf(event, prices);
  if (price === null) return success("", { metadata: null });
  if (!price.known) return warn(`no price is known for ${price.attribute} "${price.size}"`, { metadata: null });
  return success("", { metadata: { monthly_cost: toCents(price.monthly) / 100, currency: "USD" } });
}

/** What is there already has its price stored, too, though no plan may ever change it. What it warns of, planning warns of. */
function estimateFound(event: ResourceEvent, prices: PriceTable): Verdict {
  const { metadata } = estimate(event, prices);
  return success("", metadata === undefined ? {} : { metadata });
}

serve(
  defineIntegration<PriceTable>({
    name: "cost-estimator",
    version: "1.1.0",
    stateless: true,
    metadataVersion: 1,
    config: ({ prices }) => readPrices(prices),
    hooks: {
      "post-refresh-resource": (event, { config }) => estimateFound(event, config),
      "post-plan-resource": (event, { config }) => estimate(event, config),
    },
  }),
);
