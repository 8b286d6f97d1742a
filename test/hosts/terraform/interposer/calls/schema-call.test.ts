import { describe, expect, it } from "vitest";
import { schemaCall } from "../../../../../src/hosts/terraform/interposer/calls/schema-call.js";
import { ProviderSchema } from "../../../../../src/hosts/terraform/tfplugin/provider-schema.js";
import { concat, lengthField } from "../../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { diagnosticMessage, schemaResponse, TYPE } from "../messages.js";
import { appended, exchange, heard, openSession } from "../sessions.js";
import type { SessionOptions } from "../sessions.js";

const REQUEST = new Uint8Array(0);
const UNDER = { providers: [{}], integrations: [{}] };

async function ask(options: SessionOptions, response = schemaResponse()) {
  const opened = openSession(options);
  opened.session.provider.schema = null;
  return { ...opened, response, ...(await exchange(schemaCall(opened.session, 6), REQUEST, response)) };
}

describe("the schema of a provider", () => {
  it("is kept, and passes through as it is when no integration stands under it", async () => {
    const { session, answer, response } = await ask({ providers: [{}] });
    expect(Buffer.from(answer)).toEqual(Buffer.from(response));
    expect(session.provider.schema?.resourceTypes).toEqual([TYPE]);
  });

  it("has the block of integrations when one stands under it", async () => {
    const { answer, response, session } = await ask(UNDER);
    appended(answer, response);
    expect([...new ProviderSchema(answer, 6).config.blocks.keys()]).toEqual(["integration"]);
    // What we know of it is what the provider said itself.
    expect([...(session.provider.schema?.config.blocks.keys() ?? [])]).toEqual([]);
  });

  it("is not kept as a view of the message, which does not live so long", async () => {
    const response = schemaResponse();
    const { session } = await ask({}, response);
    response.fill(0);
    expect([...session.blockOf("managed", TYPE).attributes.keys()]).toContain("secret");
  });

  it("that could not be had is passed on with the provider's own errors", async () => {
    const response = concat(schemaResponse(), lengthField(4, diagnosticMessage("broken")));
    const { answer } = await ask(UNDER, response);
    expect(Buffer.from(answer)).toEqual(Buffer.from(response));
  });

  const OWN_BLOCK = lengthField(3, lengthField(1, "integration"));
  const OWN_ATTRIBUTE = lengthField(2, concat(lengthField(1, "integration"), lengthField(2, '"string"')));
  it.each([
    ["a block", OWN_BLOCK],
    ["an attribute", OWN_ATTRIBUTE],
  ])("that has %s of that name itself is refused: it would get what is meant for integrations", async (what, own) => {
    const response = concat(schemaResponse(), lengthField(1, lengthField(2, own)));
    const { answer } = await ask(UNDER, response);
    appended(answer, response);
    expect(heard("schema", answer)).toEqual([expect.stringMatching(`^error: .* ${what} \`integration\` of its own$`)]);
    const other = await ask({ providers: [{}] }, response);
    expect(Buffer.from(other.answer)).toEqual(Buffer.from(response));
  });

  it("counts for every session of the provider", async () => {
    const { session } = await ask({});
    expect(session.blockOf("data", TYPE).attributes.size).toBe(5);
  });
});
