import { join } from "node:path";
import { packageRoot } from "./package-root.js";

/** A js policy of few lines that is asked about what is planned, applied and refreshed. */
export const OWNER_POLICY = `
export function handle(line) {
  const { id, method, params } = JSON.parse(line);
  const answer = (result) => JSON.stringify({ jsonrpc: "2.0", id, result });
  if (method === "initialize") {
    const hooks = ["post-plan-resource", "post-apply-resource", "post-refresh-resource"];
    return answer({ name: "owner", version: "1.0.0", protocol_version: 1, stateless: true, hooks });
  }
  if (method === "shutdown") return answer({});
  const { triggers, tags } = params.after;
  return answer({ status: (triggers ?? tags).owner ? "success" : "fail" });
}
`;

/** Asked about what is planned only. */
const PLAN_HOOKS = '["post-plan-resource"]';

function ownerPolicy(types: string, hooks = PLAN_HOOKS): string {
  return `integration "owner" {\n  source    = "./policy.mjs"\n  resources = ["${types}"]\n  hooks     = ${hooks}\n}\n`;
}

function sample(name: string, folder: string, config: string): string {
  const source = JSON.stringify(join(packageRoot(), "integrations", folder));
  return `integration "${name}" {\n  source = ${source}\n  config = ${config}\n}\n`;
}

/** One policy, asked about the plan of types that match a glob. */
export function onePolicy(types: string): string {
  return ownerPolicy(types);
}

/** Five sandboxed integrations, all asked about every plan: three in js, two in wasm; one of them about apply and refresh, too. */
export function fivePolicies({ type, labels }: { readonly type: string; readonly labels: string }): string {
  const tags = `{ required_tags = ["owner"], attribute = "${labels}" }`;
  const rule = `{ name = "owned", type = "${type}", path = "${labels}.owner", operator = "exists" }`;
  return [
    ownerPolicy("*", '["post-plan-resource", "post-apply-resource", "post-refresh-resource"]'),
    sample("tags_js", "required-tags", tags),
    sample("validator", "policy-validator", `{ rules = [${rule}] }`),
    sample("tags_plug_in", "required-tags-wasm-plugin", tags),
    sample("tags_command", "required-tags-wasm-command", tags),
  ].join("\n");
}
