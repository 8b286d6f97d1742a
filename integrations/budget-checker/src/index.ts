import { ConfigError, defineIntegration, serve } from "airlock-guest-sdk";
import { Budget } from "./budget.js";
import { Costs } from "./costs.js";
import { readPrices } from "./prices.js";
import type { PriceTable } from "./prices.js";

interface Config {
  readonly maxCost: number;
  readonly costFrom: string;
  readonly prices: PriceTable;
}

serve(
  defineIntegration<Config, Budget>({
    name: "budget-checker",
    version: "1.1.0",
    config({ max_cost: maxCost, cost_from: costFrom = "cost_estimator", prices }) {
      if (typeof maxCost !== "number" || !(maxCost >= 0))
        throw new ConfigError("max_cost must be a number of 0 or more");
      if (typeof costFrom !== "string" || costFrom === "")
        throw new ConfigError("cost_from must be the name of an integration");
      return { maxCost, costFrom, prices: readPrices(prices) };
    },
    initialize: ({ config }) => new Budget(config.maxCost, new Costs(config.costFrom, config.prices)),
    hooks: {
      "plan-stage-start"(_event, { state }) {
        state.reset();
      },
      "post-plan-resource": (event, { state }) => state.add(event),
      "plan-stage-complete": ({ resources }, { state }) => state.judge(resources),
    },
  }),
);
