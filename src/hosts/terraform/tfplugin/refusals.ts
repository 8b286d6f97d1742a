import { readApplyRequest, readPlanRequest, readReadRequest } from "./calls.js";
import { diagnosticsSuffix } from "./diagnostics.js";
import type { Diagnostic } from "./diagnostics.js";
import { privateSuffix } from "./private-field.js";
import { concat, lengthField } from "./protobuf.js";

/** `DynamicValue` of a msgpack nil. */
const NULL_VALUE = lengthField(1, Uint8Array.of(0xc0));
/** The field of the state in the responses of plan, apply and read. */
const STATE = 1;

/** The calls that can be answered in a provider's place, so that it never gets the request. */
export type RefusableMethod =
  "plan" | "apply" | "read" | "readData" | "configure" | "validateProvider" | "validateResource" | "validateData";

function planRefused(request: Uint8Array): Uint8Array {
  // Core drops a plan that comes with an error; the prior state is what any core could do least with.
  const { priorState, priorPrivate } = readPlanRequest(request);
  return concat(lengthField(STATE, priorState ?? NULL_VALUE), privateSuffix("plan", priorPrivate));
}

function applyRefused(request: Uint8Array): Uint8Array {
  // With an error and a null state core keeps the object exactly as it was before: value, private bytes, identity,
  // dependencies, status (node_resource_abstract_instance.go, apply: `HasErrors() && newVal.IsNull()` gives
  // `state.DeepCopy()`), and after a create keeps nothing. With the prior state in its place core would take private
  // bytes and identity from this response, which does not know them.
  const { plannedPrivate } = readApplyRequest(request);
  return concat(lengthField(STATE, NULL_VALUE), privateSuffix("apply", plannedPrivate));
}

function readRefused(request: Uint8Array): Uint8Array {
  const { currentState, private: privateBytes } = readReadRequest(request);
  return concat(lengthField(STATE, currentState ?? NULL_VALUE), privateSuffix("read", privateBytes));
}

function withoutDiagnostics(method: RefusableMethod, request: Uint8Array): Uint8Array {
  switch (method) {
    case "plan":
      return planRefused(request);
    case "apply":
      return applyRefused(request);
    case "read":
      return readRefused(request);
    case "readData":
      return lengthField(STATE, NULL_VALUE);
    case "configure":
    case "validateProvider":
    case "validateResource":
    case "validateData":
      return new Uint8Array(0);
  }
}

/**
 * A whole response that says no, of either version: nothing changes and nothing is lost. At least one diagnostic must
 * be an error, or core takes it for success. Throws `TfpluginError` TFPLUGIN_MESSAGE or TFPLUGIN_TOO_LARGE.
 */
export function refuse(
  method: RefusableMethod,
  request: Uint8Array,
  diagnostics: readonly [Diagnostic, ...Diagnostic[]],
): Uint8Array {
  const asErrors = diagnostics.some((diagnostic) => diagnostic.severity === "error")
    ? diagnostics
    : diagnostics.map((diagnostic) => ({ ...diagnostic, severity: "error" as const }));
  return concat(withoutDiagnostics(method, request), diagnosticsSuffix(method, asErrors));
}
