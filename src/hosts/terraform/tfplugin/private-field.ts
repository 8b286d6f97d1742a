import { concat, lengthField, Message } from "./protobuf.js";

/** Where each call carries a resource's private bytes; the same in both versions. */
const REQUEST_FIELD = { plan: 5, apply: 5, read: 3, move: 6 } as const;
const RESPONSE_FIELD = { plan: 3, apply: 2, read: 3, move: 3 } as const;

/** The calls that carry private bytes in both directions. */
export type PrivateMethod = keyof typeof REQUEST_FIELD;

/** Bytes to append to a response so that core keeps other private bytes than the provider gave: the last field counts. */
export function privateSuffix(method: PrivateMethod, privateBytes: Uint8Array): Uint8Array {
  return lengthField(RESPONSE_FIELD[method], privateBytes);
}

/**
 * The request with other private bytes; all else byte for byte. The old ones are cut out, so that nothing of ours
 * reaches a provider. Throws `TfpluginError` TFPLUGIN_MESSAGE or TFPLUGIN_TOO_LARGE.
 */
export function withRequestPrivate(method: PrivateMethod, request: Uint8Array, privateBytes: Uint8Array): Uint8Array {
  const rest = new Message(request).without(REQUEST_FIELD[method]);
  return privateBytes.length === 0 ? rest : concat(rest, lengthField(REQUEST_FIELD[method], privateBytes));
}
