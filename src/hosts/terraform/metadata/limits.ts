import { VERDICT_LIMITS } from "../../../protocol/limits.js";

/**
 * What can be stored for one resource instance by one integration: bytes of its JSON text, and levels of it. It is what
 * a verdict can hold; what an integration itself may store is less unless its declaration says otherwise.
 */
export const MAX_STORED_BYTES = VERDICT_LIMITS.metadataLength;
export const MAX_STORED_DEPTH = VERDICT_LIMITS.metadataDepth;

/** A larger file of exported metadata is not read, in bytes. */
export const MAX_EXPORT_BYTES = 256 * 1024 ** 2;
