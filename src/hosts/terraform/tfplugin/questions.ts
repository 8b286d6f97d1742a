import type { ProtocolVersion } from "./methods.js";

/**
 * Calls that leave a provider as it was: what it is made of, and whether a configuration is valid. Core makes them before
 * it configures a provider, and with providers that it never configures.
 */
const QUESTIONS: readonly string[] = [
  "GetMetadata",
  "GetFunctions",
  "GetResourceIdentitySchemas",
  "ValidateEphemeralResourceConfig",
];
const OF_VERSION: Readonly<Record<ProtocolVersion, readonly string[]>> = {
  5: ["GetSchema", "PrepareProviderConfig", "ValidateResourceTypeConfig", "ValidateDataSourceConfig"],
  6: ["GetProviderSchema", "ValidateProviderConfig", "ValidateResourceConfig", "ValidateDataResourceConfig"],
};
/** go-plugin's own: what it opens on each connection. */
const PLUMBING = ["/plugin.GRPCBroker/StartStream", "/plugin.GRPCStdio/StreamStdio", "/grpc.health.v1.Health/Check"];

const PATHS: ReadonlySet<string> = new Set([
  ...PLUMBING,
  ...([5, 6] as const).flatMap((version) =>
    [...QUESTIONS, ...OF_VERSION[version]].map((rpc) => `/tfplugin${version}.Provider/${rpc}`),
  ),
]);

/** Whether the call at a gRPC path asks something and changes nothing in the provider; false for what is not known. */
export function isQuestion(path: string): boolean {
  return PATHS.has(path);
}
