export { createRuntime } from "./runtime/runtime.js";
export { RuntimeError } from "./runtime/runtime-error.js";
export { AirlockError } from "./protocol/airlock-error.js";
export { ProtocolError } from "./protocol/protocol-error.js";
export { HOOKS } from "./protocol/hooks.js";
export { SENSITIVE_VALUE } from "./protocol/events.js";

export type { IntegrationDeclarationInput } from "./declare/declaration.js";
export type { ErrorContext, SourceLocation } from "./protocol/airlock-error.js";
export type {
  AirlockEvent,
  Path,
  ProviderParams,
  ResourceParams,
  ResourceView,
  Run,
  StageParams,
} from "./protocol/events.js";
export type { Hook } from "./protocol/hooks.js";
export type { LogRecord } from "./protocol/messages.js";
export type { Finding, Severity, Status, Verdict } from "./protocol/verdict.js";
export type * from "./runtime/types.js";
