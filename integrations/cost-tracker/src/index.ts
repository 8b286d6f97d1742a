import { ConfigError, defineIntegration, serve, success } from "airlock-guest-sdk";
import type { Metadata, ResourceEvent, Verdict } from "airlock-guest-sdk";
import { costIn, historyIn, withRun } from "./history.js";

const DEFAULT_RUNS = 10;
/** 50 entries take at most 7 KiB, which leaves room below a host's limit of 16 KiB for each resource. */
const MOST_RUNS = 50;

interface Config {
  readonly costFrom: string;
  readonly runs: number;
  readonly everyRun: boolean;
}

function readConfig(raw: Record<string, unknown>): Config {
  const { cost_from: costFrom = "cost_estimator", runs = DEFAULT_RUNS, every_run: everyRun = false } = raw;
  if (typeof costFrom !== "string" || costFrom === "") {
    throw new ConfigError("cost_from must be the name of an integration");
  }
  if (typeof runs !== "number" || !Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS) {
    throw new ConfigError(`runs must be a whole number from 1 to ${MOST_RUNS}`);
  }
  if (typeof everyRun !== "boolean") throw new ConfigError("every_run must be true or false");
  return { costFrom, runs, everyRun };
}

function attachedBy(metadata: Metadata, name: string): unknown {
  return Object.hasOwn(metadata, name) ? metadata[name] : undefined;
}

/** Notes what a resource costs in this run: always where `changes`, else only where that is news. */
function track(event: ResourceEvent, own: string, config: Config, changes: boolean): Verdict {
  if (event.mode !== "managed" || event.action === "delete" || event.after === null) return success();
  const cost = costIn(attachedBy(event.metadata, config.costFrom));
  if (cost === null) return success();
  const history = historyIn(attachedBy(event.metadata, own));
  const last = history.at(-1);
  const isNews = last?.monthly_cost !== cost.monthly_cost || last.currency !== cost.currency;
  if (!changes && !isNews && !config.everyRun) return success();
  // A saved plan is judged again by the run that applies it: that one is named, and not both.
  const isSavedPlan = changes && !isNews && last.command === "plan";
  const before = isSavedPlan ? history.slice(0, -1) : history;
  return success("", { metadata: { history: withRun(before, event.run, cost, config.runs) } });
}

serve(
  defineIntegration<Config>({
    name: "cost-tracker",
    version: "1.0.0",
    stateless: true,
    metadataVersion: 1,
    config: readConfig,
    hooks: {
      "post-refresh-resource": (event, { config, integration }) => track(event, integration.name, config, false),
      "post-plan-resource": (event, { config, integration }) =>
        track(event, integration.name, config, event.action !== "no-op"),
    },
  }),
);
