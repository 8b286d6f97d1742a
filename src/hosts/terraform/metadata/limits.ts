/** What an integration may store for one resource instance: bytes of its JSON text, and levels of it. */
export const MAX_STORED_BYTES = 16 * 1024;
export const MAX_STORED_DEPTH = 64;

/** A larger file of exported metadata is not read, in bytes. */
export const MAX_EXPORT_BYTES = 256 * 1024 ** 2;
