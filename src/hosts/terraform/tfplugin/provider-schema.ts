import { quote } from "../../../base/quote.js";
import { DIAGNOSTICS_FIELD, hasErrors, readDiagnostics } from "./diagnostics.js";
import type { ProtocolVersion } from "./methods.js";
import { concat, integerField, lengthField, Message } from "./protobuf.js";
import { namesInSchema, readSchema } from "./schema.js";
import type { Block } from "./schema.js";
import { TfpluginError } from "./tfplugin-error.js";

/** Field numbers of `GetProviderSchema.Response`, the same in both versions. */
const RESPONSE = { provider: 1, resources: 2, dataSources: 3 } as const;
const MAP_ENTRY = { key: 1, value: 2 } as const;

/** Schemas of one kind, read when asked for and then kept. */
class SchemaMap {
  readonly #messages: ReadonlyMap<string, Uint8Array>;
  readonly #read = new Map<string, Block>();

  constructor(
    entries: readonly Uint8Array[],
    readonly what: string,
    readonly version: ProtocolVersion,
  ) {
    this.#messages = new Map(
      entries.map((bytes) => {
        const entry = new Message(bytes);
        return [entry.text(MAP_ENTRY.key), entry.message(MAP_ENTRY.value) ?? new Uint8Array(0)];
      }),
    );
  }

  get names(): string[] {
    return [...this.#messages.keys()];
  }

  has(name: string): boolean {
    return this.#messages.has(name);
  }

  get(name: string): Block {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const message = this.#messages.get(name);
    if (message === undefined) {
      throw new TfpluginError("TFPLUGIN_UNKNOWN_TYPE", `the provider has no ${this.what} ${quote(name)}`);
    }
    const block = readSchema(message, this.version);
    this.#read.set(name, block);
    return block;
  }
}

/**
 * What a provider says of itself. Only names are read at first: a large provider's answer has 1,500 types in 10 MB.
 * Holds views of `response`, which must not be changed afterwards. Methods throw `TfpluginError` TFPLUGIN_MESSAGE,
 * TFPLUGIN_SCHEMA, TFPLUGIN_TOO_DEEP, TFPLUGIN_TOO_LARGE.
 */
export class ProviderSchema {
  readonly #provider: Uint8Array | null;
  readonly #resources: SchemaMap;
  readonly #dataSources: SchemaMap;
  #config: Block | null = null;

  constructor(
    response: Uint8Array,
    readonly version: ProtocolVersion,
  ) {
    const message = new Message(response);
    this.#provider = message.message(RESPONSE.provider);
    this.#resources = new SchemaMap(message.repeated(RESPONSE.resources), "resource type", version);
    this.#dataSources = new SchemaMap(message.repeated(RESPONSE.dataSources), "data source", version);
  }

  /** The form of its `provider` block, without our `integration`; empty where it says nothing of one. */
  get config(): Block {
    this.#config ??= readSchema(this.#provider ?? new Uint8Array(0), this.version);
    return this.#config;
  }

  get resourceTypes(): string[] {
    return this.#resources.names;
  }

  get dataSourceTypes(): string[] {
    return this.#dataSources.names;
  }

  hasResource(type: string): boolean {
    return this.#resources.has(type);
  }

  hasDataSource(type: string): boolean {
    return this.#dataSources.has(type);
  }

  /** Throws also TFPLUGIN_UNKNOWN_TYPE. */
  resource(type: string): Block {
    return this.#resources.get(type);
  }

  /** Throws also TFPLUGIN_UNKNOWN_TYPE. */
  dataSource(type: string): Block {
    return this.#dataSources.get(type);
  }
}

/** Name of the nested block that we add to every provider's configuration. */
export const INTEGRATION_BLOCK = "integration";

const STRING_SETTINGS = [
  "source",
  "version",
  "timeout",
  "initialize_timeout",
  "memory",
  "message_size",
  "metadata_size",
  "on_error",
  "isolation",
] as const;
const LIST_SETTINGS = ["hooks", "resources", "after"] as const;
const BOOL_SETTINGS = ["unsigned"] as const;
const DYNAMIC_SETTINGS = ["config", "grants"] as const;

const OPTIONAL_ATTRIBUTE = 5;
const NESTING_MAP = 4;

function optionalAttribute(name: string, type: string): Uint8Array {
  return lengthField(2, concat(lengthField(1, name), lengthField(2, type), integerField(OPTIONAL_ATTRIBUTE, 1)));
}

/** `GetProviderSchema.Response` that holds nothing but provider → block → one nested block; the same in both versions. */
function integrationBlock(): Uint8Array {
  const block = concat(
    ...STRING_SETTINGS.map((name) => optionalAttribute(name, '"string"')),
    ...LIST_SETTINGS.map((name) => optionalAttribute(name, '["list","string"]')),
    ...BOOL_SETTINGS.map((name) => optionalAttribute(name, '"bool"')),
    ...DYNAMIC_SETTINGS.map((name) => optionalAttribute(name, '"dynamic"')),
  );
  const nested = concat(lengthField(1, INTEGRATION_BLOCK), lengthField(2, block), integerField(3, NESTING_MAP));
  return lengthField(RESPONSE.provider, lengthField(2, lengthField(3, nested)));
}

const INTEGRATION_SUFFIX = integrationBlock();

/** Whether `integration` blocks can be allowed in a provider's configuration. */
export type IntegrationBlock =
  /** `suffix` is to be appended to the response; nothing else of it changes. */
  | { readonly kind: "added"; readonly suffix: Uint8Array }
  /** The provider has an attribute or a block of that name already. */
  | { readonly kind: "conflict"; readonly as: "attribute" | "block" }
  /** An answer without a schema: core will say so, or say what the provider's own errors are. */
  | { readonly kind: "no-schema" };

/**
 * What makes `provider "x" { integration "y" { … } }` legal: core merges what is appended to the schema answer. Throws
 * `TfpluginError` TFPLUGIN_MESSAGE or TFPLUGIN_TOO_LARGE.
 */
export function integrationBlockFor(response: Uint8Array): IntegrationBlock {
  const message = new Message(response);
  const provider = message.message(RESPONSE.provider);
  // Core reports a missing provider schema as the provider's fault; an appended one would hide that.
  if (provider === null || hasErrors(readDiagnostics(message.repeated(DIAGNOSTICS_FIELD.schema)))) {
    return { kind: "no-schema" };
  }
  const names = namesInSchema(provider);
  if (names.attributes.has(INTEGRATION_BLOCK)) return { kind: "conflict", as: "attribute" };
  if (names.blocks.has(INTEGRATION_BLOCK)) return { kind: "conflict", as: "block" };
  return { kind: "added", suffix: INTEGRATION_SUFFIX };
}
