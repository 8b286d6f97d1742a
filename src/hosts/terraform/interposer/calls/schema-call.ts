import { integrationBlockFor, ProviderSchema } from "../../tfplugin/provider-schema.js";
import type { ProtocolVersion } from "../../tfplugin/methods.js";
import type { CallHandler } from "../../wire/call-handler.js";
import type { ProviderSession } from "../session.js";

/**
 * Keeps the provider's schema, and makes `integration` blocks legal in its configuration where the configuration has
 * any. A provider that knows such a block itself keeps it.
 */
export function schemaCall(session: ProviderSession, version: ProtocolVersion): CallHandler {
  const { run, provider } = session;
  return {
    request: (message) => ({ forward: message }),
    response(message) {
      // A copy: the schema lives longer than the message.
      provider.schema = new ProviderSchema(Uint8Array.from(message), version);
      if (!run.providers.hasIntegrations(provider.source)) return message;
      const block = integrationBlockFor(message);
      return block.kind === "added" ? Buffer.concat([message, block.suffix]) : message;
    },
  };
}
