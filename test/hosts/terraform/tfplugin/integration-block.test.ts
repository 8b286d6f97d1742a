import { describe, expect, it } from "vitest";
import { parseType } from "../../../../src/hosts/terraform/tfplugin/cty-type.js";
import { concat, integerField, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { integrationBlockFor, ProviderSchema } from "../../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { thrownCode } from "../../../support/codes.js";
import { realSchema, recorded, VERSIONS } from "./fixtures.js";
import { base64, decode } from "./oracle.js";

const STRING = base64('"string"');
const LIST = base64('["list","string"]');
const DYNAMIC = base64('"dynamic"');
const ATTRIBUTES = {
  ...{ source: STRING, version: STRING, timeout: STRING, initialize_timeout: STRING, memory: STRING },
  ...{
    message_size: STRING,
    metadata_size: STRING,
    on_error: STRING,
    isolation: STRING,
    hooks: LIST,
    resources: LIST,
    after: LIST,
    unsigned: base64(`"bool"`),
  },
  ...{ config: DYNAMIC, grants: DYNAMIC },
};
/** What the block comes to for a full protobuf library; nesting 4 is MAP. */
const BLOCK = {
  type_name: "integration",
  nesting: 4,
  block: { attributes: Object.entries(ATTRIBUTES).map(([name, type]) => ({ name, type, optional: true })) },
};

function suffixFor(response: Uint8Array): Uint8Array {
  const found = integrationBlockFor(response);
  return found.kind === "added" ? found.suffix : expect.fail(`it is ${found.kind}`);
}

const inBlock = (content: Uint8Array): Uint8Array => lengthField(1, lengthField(2, content));

describe.each(VERSIONS)("the schema of a provider of protocol %i, with our suffix", (version) => {
  const response = recorded.message(version, "schema");
  const merged = concat(response, suffixFor(response));

  it("has the block beside what the provider has", () => {
    expect(decode("SchemaResponse", merged)["provider"]).toEqual({
      block: { attributes: [{ name: "region", type: STRING, optional: true }], block_types: [BLOCK] },
    });
  });

  it("is otherwise the same: types, meta schema, capabilities", () => {
    const { provider: before, ...restBefore } = decode("SchemaResponse", response);
    const { provider: after, ...restAfter } = decode("SchemaResponse", merged);
    expect(restAfter).toEqual(restBefore);
    expect(restAfter["server_capabilities"]).toEqual({
      plan_destroy: true,
      get_provider_schema_optional: true,
      move: true,
    });
    expect(after).not.toEqual(before);
  });

  it("reads as a map of blocks whose values carry their type", () => {
    const { config } = new ProviderSchema(merged, version);
    expect(config.blocks.get("integration")?.nesting).toBe("map");
    expect(config.type.kind === "object" && config.type.attributes.get("integration")).toEqual(parseType('"dynamic"'));
  });

  it("is not extended twice", () => {
    expect(integrationBlockFor(merged)).toEqual({ kind: "conflict", as: "block" });
  });
});

describe("real providers", () => {
  it.each(["time 0.14.2", "local 1.4.0"])("%s has no configuration, and gets the block", (name) => {
    const response = realSchema(name);
    const merged = concat(response, suffixFor(response));
    expect(decode("SchemaResponse", merged)["provider"]).toMatchObject({ block: { block_types: [BLOCK] } });
    expect(new ProviderSchema(merged, 5).resourceTypes).toEqual(new ProviderSchema(response, 5).resourceTypes);
  });

  it("may have a schema without a block in it", () => {
    const response = lengthField(1, integerField(1, 3));
    const merged = concat(response, suffixFor(response));
    expect(decode("SchemaResponse", merged)["provider"]).toEqual({ version: "3", block: { block_types: [BLOCK] } });
  });
});

describe("no block is added", () => {
  const name = lengthField(1, "integration");

  it("to a provider that has an attribute of the name", () => {
    expect(integrationBlockFor(inBlock(lengthField(2, name)))).toEqual({ kind: "conflict", as: "attribute" });
  });

  it("to a provider that has a block of the name", () => {
    expect(integrationBlockFor(inBlock(lengthField(3, name)))).toEqual({ kind: "conflict", as: "block" });
  });

  it("where the name comes in a later part of the schema", () => {
    const response = concat(lengthField(1, new Uint8Array(0)), inBlock(lengthField(3, name)));
    expect(integrationBlockFor(response)).toEqual({ kind: "conflict", as: "block" });
  });

  it("to an answer without a provider schema, which core reports", () => {
    expect(integrationBlockFor(new Uint8Array(0))).toEqual({ kind: "no-schema" });
  });

  it("to an answer with an error, but to one with a warning it is", () => {
    const diagnostic = (severity: number): Uint8Array => lengthField(4, integerField(1, severity));
    const provider = lengthField(1, new Uint8Array(0));
    expect(integrationBlockFor(concat(provider, diagnostic(1)))).toEqual({ kind: "no-schema" });
    expect(integrationBlockFor(concat(provider, diagnostic(2))).kind).toBe("added");
  });

  it("to what is no message", () => {
    expect(thrownCode(() => integrationBlockFor(Uint8Array.of(0x0a, 0x7f)))).toBe("TFPLUGIN_MESSAGE");
  });
});
