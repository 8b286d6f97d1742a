import { defineIntegration, serve } from "airlock-guest-sdk";
import { judge } from "./judge.js";
import { readRules } from "./rules.js";
import type { Rule } from "./rules.js";

serve(
  defineIntegration<readonly Rule[]>({
    name: "policy-validator",
    version: "1.0.0",
    stateless: true,
    config: ({ rules }) => readRules(rules),
    hooks: { "post-plan-resource": (event, { config }) => judge(event, config) },
  }),
);
