import { ConfigError, defineIntegration, serve } from "airlock-guest-sdk";
import { Budget } from "./budget.js";
import { readPrices } from "./prices.js";
import type { PriceTable } from "./prices.js";

interface Config {
  readonly maxCost: number;
  readonly prices: PriceTable;
}

serve(
  defineIntegration<Config, Budget>({
    name: "budget-checker",
    version: "1.0.0",
    config({ max_cost: maxCost, prices }) {
      if (typeof maxCost !== "number" || !(maxCost >= 0))
        throw new ConfigError("max_cost must be a number of 0 or more");
      return { maxCost, prices: readPrices(prices) };
    },
    initialize: ({ config }) => new Budget(config.maxCost, config.prices),
    hooks: {
      "plan-stage-start"(_event, { state }) {
        state.reset();
      },
      "post-plan-resource": (event, { state }) => state.add(event),
      "plan-stage-complete": (_event, { state }) => state.judge(),
    },
  }),
);
