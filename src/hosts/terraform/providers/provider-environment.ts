import type { Environment } from "./cli-files.js";
import { REATTACH_VARIABLE } from "./reattach.js";

/** Both of core's providers have this one (OpenTofu, `internal/plugin/plugin.go`, Handshake). */
const MAGIC_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/**
 * The environment of a provider: core's own, and what go-plugin's client adds (`client.go`, Start). Left out are a
 * client certificate, by which it would speak TLS; a group for its socket, which is ours alone; multiplexing, which core
 * does not speak; and the providers that core was told of.
 */
export function providerEnvironment(
  env: Environment,
  socketFolder: string,
  source: string,
): Record<string, string | undefined> {
  return {
    // Node adds its own unless the key is there, and leaves undefined ones out.
    NODE_V8_COVERAGE: undefined,
    ...unheard(env, source),
    ...env,
    TF_PLUGIN_MAGIC_COOKIE: MAGIC_COOKIE,
    PLUGIN_MIN_PORT: "10000",
    PLUGIN_MAX_PORT: "25000",
    PLUGIN_PROTOCOL_VERSIONS: "5,6",
    PLUGIN_UNIX_SOCKET_DIR: socketFolder,
    PLUGIN_CLIENT_CERT: undefined,
    PLUGIN_UNIX_SOCKET_GROUP: undefined,
    PLUGIN_MULTIPLEX_GRPC: undefined,
    [REATTACH_VARIABLE]: undefined,
  };
}

/**
 * Where nobody asked for logs, the SDKs need not write those that core would read and drop: by default they write
 * everything, about ten lines a call, which is most of what a small provider does (terraform-plugin-log,
 * `tfsdklog/options.go`; terraform-plugin-go, `internal/logging`). What the user set stays. A panic is written all the
 * same.
 */
function unheard(env: Environment, source: string): Record<string, string> {
  const asked = ["TF_LOG", "TF_LOG_PROVIDER"].some((name) => (env[name] ?? "") !== "");
  if (asked) return {};
  const type = source.slice(source.lastIndexOf("/") + 1);
  return { TF_LOG_SDK: "OFF", [`TF_LOG_PROVIDER_${type.toUpperCase().replaceAll("-", "_")}`]: "OFF" };
}
