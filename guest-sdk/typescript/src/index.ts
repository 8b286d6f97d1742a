export { host, HostError } from "./host.js";
export { ConfigError, defineIntegration } from "./integration.js";
export { log } from "./log.js";
export { HOOKS, PROTOCOL_VERSION } from "./protocol.js";
export { serve } from "./serve.js";
export { isRecord, isSensitive, isUnknownAt, valueAt } from "./values.js";
export { fail, finding, success, warn } from "./verdicts.js";
export type { Encoding, FetchAnswer, FetchOptions } from "./host.js";
export type { Context, HookAnswer, HookFunctions, Integration, IntegrationDefinition } from "./integration.js";
export type {
  Action,
  EventOf,
  Finding,
  Grants,
  Hook,
  InitializeParams,
  InitializeResult,
  LogLevel,
  Metadata,
  MigrationEvent,
  NamedVersion,
  Path,
  ProviderEvent,
  ProviderHook,
  ProviderRef,
  ResourceEvent,
  ResourceHook,
  ResourceView,
  Run,
  Severity,
  StageEvent,
  StageHook,
  Status,
  Verdict,
} from "./protocol.js";
export type { VerdictDetails } from "./verdicts.js";
