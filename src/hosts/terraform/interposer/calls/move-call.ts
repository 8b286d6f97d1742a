import { entryIn, withEntry } from "../../metadata/entry.js";
import { readMoveRequest, readMoveResponse } from "../../tfplugin/calls.js";
import { withoutPrivate } from "../../tfplugin/private-entry.js";
import { privateSuffix, withRequestPrivate } from "../../tfplugin/private-field.js";
import type { CallHandler, RequestDecision } from "../../wire/call-handler.js";

/** `MoveResourceState`: what is stored for an object goes with it to its new type, past the provider. */
export class MoveCall implements CallHandler {
  #source: Uint8Array = new Uint8Array(0);

  request(message: Uint8Array): RequestDecision {
    const { sourcePrivate } = readMoveRequest(message);
    this.#source = Buffer.from(sourcePrivate);
    const own = withoutPrivate(sourcePrivate);
    return { forward: own === sourcePrivate ? message : withRequestPrivate("move", message, own) };
  }

  response(message: Uint8Array): Uint8Array {
    const entry = entryIn(this.#source);
    if (entry.metadata.size === 0) return message;
    const written = withEntry(readMoveResponse(message).targetPrivate, entry);
    return written.kind === "stored" ? Buffer.concat([message, privateSuffix("move", written.bytes)]) : message;
  }
}
