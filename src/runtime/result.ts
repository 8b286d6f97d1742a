import type { IntegrationDeclaration } from "../declare/declaration.js";
import { AirlockError } from "../protocol/airlock-error.js";
import type { Verdict } from "../protocol/verdict.js";
import type { IntegrationResult, ResultError, ResultHook } from "./types.js";

/** What a guest answered, as a result. */
export function verdictResult(
  {
    declaration: { name, provider },
    metadataVersion,
  }: { readonly declaration: IntegrationDeclaration; readonly metadataVersion: number },
  hook: ResultHook,
  address: string | null,
  { status, message, findings, metadata }: Verdict,
): IntegrationResult {
  return {
    integration: name,
    provider: provider ?? null,
    hook,
    address,
    status,
    message,
    findings,
    metadata,
    ...(metadataVersion > 0 && { metadataVersion }),
    error: null,
  };
}

/** How an integration broke, as a result; `on_error` says what it means. */
export function brokenResult(
  { name, provider, onError }: IntegrationDeclaration,
  hook: ResultHook,
  address: string | null,
  cause: unknown,
): IntegrationResult {
  const error = resultError(cause);
  const status = onError === "warn" ? "warn" : "error";
  return {
    integration: name,
    provider: provider ?? null,
    hook,
    address,
    status,
    message: error.message,
    findings: [],
    metadata: undefined,
    error,
  };
}

/** An error of ours keeps its code; any other is a fault of this program, and says so. */
export function resultError(cause: unknown): ResultError {
  if (cause instanceof AirlockError) {
    const { code, message, remedy } = cause as AirlockError;
    return { code, message, remedy: remedy ?? null };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code: "INTERNAL", message: `internal fault: ${message}`, remedy: "Report this to Airlock's developers." };
}
