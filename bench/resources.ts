import type { AirlockEvent } from "../src/protocol/events.js";

/** The tags that the measured policy asks for. */
export const REQUIRED_TAGS = ["owner", "team"] as const;
/** One resource in ten lacks a tag: the one at this place, which a plan creates. */
const UNTAGGED_PLACE = 3;
const ARCHITECTURES = ["x86_64", "arm64"] as const;
const SIZES = ["t3.micro", "t3.large", "m5.xlarge", "c5.2xlarge"] as const;

/** The type of every generated resource. */
export const RESOURCE_TYPE = "aws_instance";
/** The source address of its provider. */
export const PROVIDER = "registry.opentofu.org/hashicorp/aws";

/** Whether the resource of this index has all required tags. */
export function isTagged(index: number): boolean {
  return index % 10 !== UNTAGGED_PLACE;
}

/**
 * The planned values of one resource, as a cloud provider's plan has them. Their JSON takes exactly `bytes` bytes: the
 * script that the machine starts with is as long as that needs. Throws RangeError when `bytes` are too few.
 */
export function resourceValues(index: number, tagged: boolean, bytes: number): Record<string, unknown> {
  const values = {
    ami: `ami-${String(index).padStart(17, "0")}`,
    architecture: ARCHITECTURES[index % ARCHITECTURES.length],
    associate_public_ip_address: false,
    credit_specification: [],
    ebs_optimized: true,
    instance_type: SIZES[index % SIZES.length],
    metadata_options: [{ http_endpoint: "enabled", http_put_response_hop_limit: 1, http_tokens: "required" }],
    monitoring: index % 2 === 0,
    root_block_device: [{ delete_on_termination: true, encrypted: true, volume_size: 64, volume_type: "gp3" }],
    subnet_id: `subnet-${String(index % 6).padStart(8, "0")}`,
    tags: {
      ...(tagged && { owner: `owner-${index % 40}@example.com` }),
      cost_center: String(1_000 + (index % 20)),
      environment: "production",
      team: `team-${index % 12}`,
    },
    timeouts: null,
    user_data: "",
    vpc_security_group_ids: [`sg-${String(index % 30).padStart(8, "0")}`, "sg-00000001"],
  };
  const missing = bytes - Buffer.byteLength(JSON.stringify(values));
  if (missing < 0) throw new RangeError(`the values of a resource take ${bytes - missing} bytes, not ${bytes}`);
  return { ...values, user_data: "systemctl start app; ".repeat(Math.ceil(missing / 21)).slice(0, missing) };
}

/** An event of one resource with every required tag, whose params take exactly `bytes` bytes of JSON. */
export function resourceEvent(index: number, bytes: number): AirlockEvent {
  const empty = eventAfter(index, {});
  const forValues = bytes - Buffer.byteLength(JSON.stringify(empty.params)) + 2;
  return eventAfter(index, resourceValues(index, true, forValues));
}

function eventAfter(index: number, after: unknown): AirlockEvent {
  return {
    hook: "post-plan-resource",
    params: {
      run: { id: "bench", command: "check", workspace: "default" },
      address: `${RESOURCE_TYPE}.app[${index}]`,
      mode: "managed",
      type: RESOURCE_TYPE,
      name: "app",
      index,
      module: null,
      provider: { source: PROVIDER, alias: null },
      action: "create",
      before: null,
      after,
      after_unknown: { id: true, arn: true },
      config: null,
      sensitive: [],
      metadata: {},
    },
  };
}
