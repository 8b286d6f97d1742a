import { AirlockError } from "../../protocol/airlock-error.js";

/** Why the cache of packages cannot serve. */
export const CACHE_ERROR_CODES = [
  /** Bytes on disk are not those that were stored. */
  "CACHE_CORRUPT",
  /** The folder cannot be read. */
  "CACHE_UNREADABLE",
  /** The folder cannot be written: read-only, or not this user's. */
  "CACHE_UNWRITABLE",
  /** The disk is full. */
  "CACHE_NO_SPACE",
  /** The command was stopped while it waited for another process. */
  "CACHE_CANCELLED",
] as const;

export type CacheErrorCode = (typeof CACHE_ERROR_CODES)[number];

/** The cache of packages cannot serve. */
export class CacheError extends AirlockError<CacheErrorCode> {}
