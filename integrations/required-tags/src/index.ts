import { defineIntegration, serve } from "airlock-guest-sdk";
import { judge, readConfig } from "./policy.js";
import type { Config } from "./policy.js";

serve(
  defineIntegration<Config>({
    name: "required-tags",
    version: "1.0.0",
    stateless: true,
    config: readConfig,
    hooks: { "post-plan-resource": (event, { config }) => judge(event, config) },
  }),
);
