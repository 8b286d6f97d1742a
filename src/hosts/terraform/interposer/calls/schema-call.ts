import { safeLine } from "../../../../base/neutralise.js";
import { diagnosticsSuffix } from "../../tfplugin/diagnostics.js";
import { integrationBlockFor, ProviderSchema } from "../../tfplugin/provider-schema.js";
import type { ProtocolVersion } from "../../tfplugin/methods.js";
import type { CallHandler } from "../../wire/call-handler.js";
import type { ProviderSession } from "../session.js";

/** A provider could keep integrations out by a block of its own: core then gives it what is meant for us. */
function conflict(source: string, as: "attribute" | "block"): Uint8Array {
  const summary = `no integration can stand under provider ${safeLine(source)}: it has ${as === "block" ? "a block" : "an attribute"} \`integration\` of its own`;
  const detail = "Declare the integration in airlock.hcl or in a terraform block; it then sees every provider.";
  return diagnosticsSuffix("schema", [{ severity: "error", summary, detail, path: null }]);
}

/**
 * Keeps the provider's schema, and makes `integration` blocks legal in its configuration where the configuration has
 * any. A provider that knows such a block itself keeps it, and is refused where integrations are declared under it.
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
      if (block.kind === "no-schema") return message;
      const suffix = block.kind === "added" ? block.suffix : conflict(provider.source, block.as);
      return Buffer.concat([message, suffix]);
    },
  };
}
