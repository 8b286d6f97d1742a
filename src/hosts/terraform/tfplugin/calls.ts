import type { Path } from "../../../protocol/events.js";
import { diagnosticsOf, pathOf, readSteps } from "./diagnostics.js";
import type { Diagnostic } from "./diagnostics.js";
import { Message } from "./protobuf.js";

/*
 * The parts of each call that are used. Field numbers are the same in both versions (tfplugin5.10.proto,
 * tfplugin6.10.proto). A `DynamicValue` is given as the bytes of that message, to be read with `readPlanValue`; all bytes
 * are views of what was given. Every reader throws `TfpluginError` TFPLUGIN_MESSAGE or TFPLUGIN_TOO_LARGE.
 */

/** The bytes of a `DynamicValue` message; null when the field is absent. */
export type DynamicValueBytes = Uint8Array | null;

export interface PlanRequest {
  readonly typeName: string;
  readonly priorState: DynamicValueBytes;
  readonly proposedNewState: DynamicValueBytes;
  readonly config: DynamicValueBytes;
  readonly priorPrivate: Uint8Array;
}

export function readPlanRequest(request: Uint8Array): PlanRequest {
  const message = new Message(request);
  return {
    typeName: message.text(1),
    priorState: message.message(2),
    proposedNewState: message.message(3),
    config: message.message(4),
    priorPrivate: message.bytes(5),
  };
}

export interface PlanResponse {
  readonly plannedState: DynamicValueBytes;
  /** In the form of the plan JSON's `replace_paths`. */
  readonly requiresReplace: readonly Path[];
  readonly plannedPrivate: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

export function readPlanResponse(response: Uint8Array): PlanResponse {
  const message = new Message(response);
  return {
    plannedState: message.message(1),
    requiresReplace: message.repeated(2).map((path) => pathOf(readSteps(path))),
    plannedPrivate: message.bytes(3),
    diagnostics: diagnosticsOf("plan", response),
  };
}

export interface ApplyRequest {
  readonly typeName: string;
  readonly priorState: DynamicValueBytes;
  readonly plannedState: DynamicValueBytes;
  readonly config: DynamicValueBytes;
  readonly plannedPrivate: Uint8Array;
}

export function readApplyRequest(request: Uint8Array): ApplyRequest {
  const message = new Message(request);
  return {
    typeName: message.text(1),
    priorState: message.message(2),
    plannedState: message.message(3),
    config: message.message(4),
    plannedPrivate: message.bytes(5),
  };
}

export interface ApplyResponse {
  readonly newState: DynamicValueBytes;
  readonly private: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

export function readApplyResponse(response: Uint8Array): ApplyResponse {
  const message = new Message(response);
  return {
    newState: message.message(1),
    private: message.bytes(2),
    diagnostics: diagnosticsOf("apply", response),
  };
}

export interface ReadRequest {
  readonly typeName: string;
  readonly currentState: DynamicValueBytes;
  readonly private: Uint8Array;
}

export function readReadRequest(request: Uint8Array): ReadRequest {
  const message = new Message(request);
  return { typeName: message.text(1), currentState: message.message(2), private: message.bytes(3) };
}

export interface ReadResponse {
  readonly newState: DynamicValueBytes;
  readonly private: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

export function readReadResponse(response: Uint8Array): ReadResponse {
  const message = new Message(response);
  return {
    newState: message.message(1),
    private: message.bytes(3),
    diagnostics: diagnosticsOf("read", response),
  };
}

/** A request that names a type and brings its configuration: `readData`, `validateResource`, `validateData`. */
export interface ConfigRequest {
  readonly typeName: string;
  readonly config: DynamicValueBytes;
}

export function readConfigRequest(request: Uint8Array): ConfigRequest {
  const message = new Message(request);
  return { typeName: message.text(1), config: message.message(2) };
}

export interface ReadDataResponse {
  readonly state: DynamicValueBytes;
  readonly diagnostics: readonly Diagnostic[];
}

export function readReadDataResponse(response: Uint8Array): ReadDataResponse {
  return { state: new Message(response).message(1), diagnostics: diagnosticsOf("readData", response) };
}

export interface ConfigureRequest {
  readonly terraformVersion: string;
  readonly config: DynamicValueBytes;
}

export function readConfigureRequest(request: Uint8Array): ConfigureRequest {
  const message = new Message(request);
  return { terraformVersion: message.text(1), config: message.message(2) };
}

/** The request of `validateProvider`; `cutIntegrations` has the same field. */
export function readConfigOfProvider(request: Uint8Array): { readonly config: DynamicValueBytes } {
  return { config: new Message(request).message(1) };
}

export interface ImportRequest {
  readonly typeName: string;
  readonly id: string;
}

export function readImportRequest(request: Uint8Array): ImportRequest {
  const message = new Message(request);
  return { typeName: message.text(1), id: message.text(2) };
}

export interface ImportedResource {
  readonly typeName: string;
  readonly state: DynamicValueBytes;
  readonly private: Uint8Array;
}

export interface ImportResponse {
  readonly resources: readonly ImportedResource[];
  readonly diagnostics: readonly Diagnostic[];
}

export function readImportResponse(response: Uint8Array): ImportResponse {
  const resources = new Message(response).repeated(1).map((bytes) => {
    const resource = new Message(bytes);
    return { typeName: resource.text(1), state: resource.message(2), private: resource.bytes(3) };
  });
  return { resources, diagnostics: diagnosticsOf("import", response) };
}

/** The error that the provider answers to `stop`; "" when there is none. */
export function readStopError(response: Uint8Array): string {
  return new Message(response).text(1);
}

export function readMoveRequest(request: Uint8Array): { readonly sourcePrivate: Uint8Array } {
  return { sourcePrivate: new Message(request).bytes(6) };
}

export function readMoveResponse(response: Uint8Array): { readonly targetPrivate: Uint8Array } {
  return { targetPrivate: new Message(response).bytes(3) };
}
