import { AirlockError } from "../../protocol/airlock-error.js";

/** What can be wrong with the lock of integrations. */
export const LOCK_ERROR_CODES = [
  /** It cannot be read, or is over the allowed size. */
  "LOCK_UNREADABLE",
  /** It is not HCL. */
  "LOCK_SYNTAX",
  /** It has the marks of a merge that nobody finished. */
  "LOCK_CONFLICT",
  /** It says something that no lock says. */
  "LOCK_INVALID",
  /** It cannot be written. */
  "LOCK_UNWRITABLE",
] as const;

export type LockErrorCode = (typeof LOCK_ERROR_CODES)[number];

/** The lock cannot be used; nothing of what it pins was. */
export class LockError extends AirlockError<LockErrorCode> {}
