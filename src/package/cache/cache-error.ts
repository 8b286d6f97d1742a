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
  /** Another process holds a package for too long. */
  "CACHE_BUSY",
] as const;

export type CacheErrorCode = (typeof CACHE_ERROR_CODES)[number];

/** The cache of packages cannot serve. */
export class CacheError extends AirlockError<CacheErrorCode> {}
