import { DYNAMIC, hasDynamic, parseType } from "./cty-type.js";
import type { CtyType } from "./cty-type.js";
import { checkDepth } from "./limits.js";
import type { ProtocolVersion } from "./methods.js";
import { Message } from "./protobuf.js";
import { TfpluginError } from "./tfplugin-error.js";

/** How often a nested block or a nested attribute may stand. Only blocks know `group`. */
export type Nesting = "single" | "list" | "set" | "map" | "group";

/** One attribute of a block, or of an attribute with attributes of its own (protocol 6). */
export interface Attribute {
  readonly name: string;
  /** The type of its value; of a nested attribute the one that its attributes come to. */
  readonly type: CtyType;
  readonly nested: NestedAttributes | null;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly writeOnly: boolean;
}

/** What an attribute of protocol 6 holds when it has attributes of its own. */
export interface NestedAttributes {
  readonly nesting: Exclude<Nesting, "group">;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface NestedBlock {
  readonly nesting: Nesting;
  readonly block: Block;
}

/** The form of a provider's configuration, of a resource or of a data source. */
export interface Block {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: ReadonlyMap<string, NestedBlock>;
  /** The type of its values on the wire: an object of all its attributes and blocks. */
  readonly type: CtyType;
}

/** Field numbers of `message Schema` and those inside it; both versions but where noted. */
const SCHEMA = { block: 2 } as const;
const BLOCK = { attributes: 2, blockTypes: 3 } as const;
const NESTED_BLOCK = { typeName: 1, block: 2, nesting: 3 } as const;
const OBJECT = { attributes: 1, nesting: 3 } as const;
const ATTRIBUTE = { name: 1, type: 2, required: 4, optional: 5, computed: 6, sensitive: 7 } as const;
/** Field 10 of an attribute is `write_only` in version 5, and `nested_type` in version 6. */
const ATTRIBUTE_6_NESTED_TYPE = 10;
const ATTRIBUTE_WRITE_ONLY = { 5: 10, 6: 11 } as const;

const NESTINGS: readonly (Nesting | undefined)[] = [undefined, "single", "list", "set", "map", "group"];

function schemaError(message: string): TfpluginError {
  return new TfpluginError("TFPLUGIN_SCHEMA", message);
}

/** The type of a nested block's value, as core derives it (`configschema.Block.DecoderSpec`). */
function nestedBlockType(nesting: Nesting, element: CtyType): CtyType {
  if (nesting === "single" || nesting === "group") return element;
  // Blocks of different types cannot share a list or a map, so core sends a tuple or an object with its type.
  if (nesting !== "set" && hasDynamic(element)) return DYNAMIC;
  return { kind: nesting, element };
}

function readNesting(code: number): Nesting {
  const nesting = NESTINGS[code];
  if (nesting === undefined) throw schemaError(`a nested block or attribute of unknown nesting mode ${code}`);
  return nesting;
}

function readNestedAttributes(bytes: Uint8Array, version: ProtocolVersion, depth: number): NestedAttributes {
  const message = new Message(bytes);
  const nesting = readNesting(message.number(OBJECT.nesting));
  if (nesting === "group") throw schemaError("a nested attribute cannot be a group");
  return { nesting, attributes: readAttributes(message.repeated(OBJECT.attributes), version, depth) };
}

function objectType(attributes: ReadonlyMap<string, Attribute>): CtyType {
  return { kind: "object", attributes: new Map([...attributes].map(([name, attribute]) => [name, attribute.type])) };
}

function readAttribute(bytes: Uint8Array, version: ProtocolVersion, depth: number): Attribute {
  const message = new Message(bytes);
  const nestedBytes = version === 6 ? message.message(ATTRIBUTE_6_NESTED_TYPE) : null;
  const nested = nestedBytes === null ? null : readNestedAttributes(nestedBytes, version, depth + 1);
  const type =
    nested === null
      ? parseType(message.bytes(ATTRIBUTE.type))
      : nested.nesting === "single"
        ? objectType(nested.attributes)
        : ({ kind: nested.nesting, element: objectType(nested.attributes) } as const);
  return {
    name: message.text(ATTRIBUTE.name),
    type,
    nested,
    required: message.flag(ATTRIBUTE.required),
    optional: message.flag(ATTRIBUTE.optional),
    computed: message.flag(ATTRIBUTE.computed),
    sensitive: message.flag(ATTRIBUTE.sensitive),
    writeOnly: message.flag(ATTRIBUTE_WRITE_ONLY[version]),
  };
}

function readAttributes(
  messages: readonly Uint8Array[],
  version: ProtocolVersion,
  depth: number,
): ReadonlyMap<string, Attribute> {
  checkDepth(depth);
  return new Map(
    messages.map((bytes) => {
      const attribute = readAttribute(bytes, version, depth);
      return [attribute.name, attribute];
    }),
  );
}

function readBlock(bytes: Uint8Array, version: ProtocolVersion, depth: number): Block {
  const message = new Message(bytes);
  const attributes = readAttributes(message.repeated(BLOCK.attributes), version, depth);
  const blocks = new Map<string, NestedBlock>();
  const types = new Map([...attributes].map(([name, attribute]) => [name, attribute.type]));
  for (const nestedBytes of message.repeated(BLOCK.blockTypes)) {
    const nested = new Message(nestedBytes);
    const name = nested.text(NESTED_BLOCK.typeName);
    const nesting = readNesting(nested.number(NESTED_BLOCK.nesting));
    const block = readBlock(nested.message(NESTED_BLOCK.block) ?? new Uint8Array(0), version, depth + 1);
    blocks.set(name, { nesting, block });
    types.set(name, nestedBlockType(nesting, block.type));
  }
  return { attributes, blocks, type: { kind: "object", attributes: types } };
}

/**
 * Reads a `Schema` message. Throws `TfpluginError` TFPLUGIN_MESSAGE, TFPLUGIN_SCHEMA, TFPLUGIN_TOO_DEEP or
 * TFPLUGIN_TOO_LARGE.
 */
export function readSchema(schema: Uint8Array, version: ProtocolVersion): Block {
  return readBlock(new Message(schema).message(SCHEMA.block) ?? new Uint8Array(0), version, 1);
}

/** What a schema's block names at its top level, without reading more of it. */
export function namesInSchema(schema: Uint8Array): { readonly attributes: Set<string>; readonly blocks: Set<string> } {
  const block = new Message(new Message(schema).message(SCHEMA.block) ?? new Uint8Array(0));
  const names = (messages: readonly Uint8Array[]) => new Set(messages.map((bytes) => new Message(bytes).text(1)));
  return { attributes: names(block.repeated(BLOCK.attributes)), blocks: names(block.repeated(BLOCK.blockTypes)) };
}
