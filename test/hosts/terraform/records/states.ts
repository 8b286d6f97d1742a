/*
 * States as core writes them: format 4, written from `internal/states/statefile/version4.go` of OpenTofu.
 */

/** One `resources` entry; parts that are not given are those of a plain managed resource. */
export function resource(parts: object = {}): object {
  return {
    mode: "managed",
    type: "mock_thing",
    name: "one",
    provider: 'provider["registry.opentofu.org/hashicorp/mock"]',
    instances: [instance()],
    ...parts,
  };
}

export function instance(parts: object = {}): object {
  return { schema_version: 0, attributes: { id: "i-1" }, sensitive_attributes: [], ...parts };
}

export function attribute(value: string): object {
  return { type: "get_attr", value };
}

export function index(value: unknown, type = typeof value): object {
  return { type: "index", value: { value, type } };
}

/** The whole state. */
export function stateBytes(resources: readonly object[] = [], parts: object = {}): Buffer {
  const head = { version: 4, terraform_version: "1.12.6", serial: 3, lineage: "a-b-c", outputs: {} };
  return Buffer.from(JSON.stringify({ ...head, resources, check_results: null, ...parts }, null, 2));
}
