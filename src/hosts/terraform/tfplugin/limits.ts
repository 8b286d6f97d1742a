import { TfpluginError } from "./tfplugin-error.js";

/**
 * Levels of one value, one type or one schema. Schemas of real providers reach about 20; the protocol of ours towards
 * guests allows no more either.
 */
export const MAX_DEPTH = 100;

/** Bytes of one message: what core itself takes for a schema (`maxRecvSize` in its grpc_provider.go). */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Values of one decoded object, each element and each attribute counted. */
export const MAX_VALUES = 1_000_000;

/** Throws `TfpluginError` TFPLUGIN_TOO_LARGE when a message is over `MAX_MESSAGE_BYTES`. */
export function checkMessageSize(bytes: Uint8Array): void {
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new TfpluginError("TFPLUGIN_TOO_LARGE", `a message of ${bytes.length} bytes is over ${MAX_MESSAGE_BYTES}`);
  }
}

/** Throws `TfpluginError` TFPLUGIN_TOO_DEEP when a level is below `MAX_DEPTH`. */
export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new TfpluginError("TFPLUGIN_TOO_DEEP", `it nests deeper than ${MAX_DEPTH} levels`);
}
