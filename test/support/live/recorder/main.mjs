import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const RESOURCE_HOOKS = ["plan", "apply", "refresh"].flatMap((what) => [
  `pre-${what}-resource`,
  `post-${what}-resource`,
]);
const STAGE_HOOKS = ["init", "plan", "apply"].flatMap((what) => [`${what}-stage-start`, `${what}-stage-complete`]);
const ALL = [
  ...RESOURCE_HOOKS,
  ...STAGE_HOOKS,
  ...["validate-resource", "refresh-stage-complete", "pre-configure-provider", "pre-read-data", "post-read-data"],
];

let config = {};
let who = {};

/** The answer that the configuration has for an event: the first of `say` that fits it. */
function ruleFor(method, params) {
  const value = params.after ?? params.before ?? params.config?.expressions ?? {};
  const name = value.name?.constant_value ?? value.name;
  return (config.say ?? []).find(
    (rule) =>
      rule.hook === method &&
      (rule.name === undefined || rule.name === name) &&
      (rule.action === undefined || rule.action === params.action),
  );
}

function answerOf(method, params) {
  if (method === "initialize") {
    const said = { name: "recorder", version: "1.0.0", protocol_version: 1, hooks: config.hooks ?? ALL };
    return config.resource_types === undefined ? said : { ...said, resource_types: config.resource_types };
  }
  if (method === "shutdown" || method === "ping") return {};
  const rule = ruleFor(method, params);
  if (rule?.does === "exit") process.exit(3);
  if (rule?.does === "hang") return undefined;
  const { status = "success", message = "", findings = [], metadata } = rule ?? {};
  return { status, message, findings, ...(metadata !== undefined && { metadata }) };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") {
    config = params.config;
    who = params.integration;
  }
  // One write to a file opened for appending: lines of several recorders stand in one order and never mix.
  appendFileSync(config.file, `${JSON.stringify({ who, method, params })}\n`);
  const result = answerOf(method, params);
  if (result !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
});
