import type { ResourceEvent } from "../src/index.js";
import { NO_GRANTS } from "../../../src/protocol/grants.js";

/** A request line as the host writes it. */
export function request(id: number | string, method: string, params: unknown = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

export function initialize(config: Record<string, unknown> = {}, more: object = {}): string {
  return request(1, "initialize", {
    protocol_version: 1,
    host: { name: "airlock", version: "0.1.0" },
    core: null,
    integration: { name: "sample", scope: "project" },
    config,
    grants: NO_GRANTS,
    environment: {},
    ...more,
  });
}

export const RUN = { id: "run-1", command: "check", workspace: "default" };

export function resourceEvent(over: Partial<ResourceEvent> = {}): ResourceEvent {
  return {
    run: RUN,
    address: "aws_instance.web",
    mode: "managed",
    type: "aws_instance",
    name: "web",
    index: null,
    module: null,
    provider: { source: "registry.opentofu.org/hashicorp/aws", alias: null },
    action: "create",
    before: null,
    after: { instance_type: "t3.micro", tags: { owner: "me" } },
    after_unknown: { id: true },
    sensitive: [],
    config: null,
    metadata: {},
    ...over,
  };
}
