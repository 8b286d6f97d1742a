import { AirlockError } from "../protocol/airlock-error.js";
import type { ErrorContext } from "../protocol/airlock-error.js";

/** Why an integration from elsewhere cannot be installed, or what is installed must not run. */
export const INSTALL_ERROR_CODES = [
  /** The lock does not pin it. */
  "INSTALL_NOT_LOCKED",
  /** The version that is pinned is not one that the declaration allows. */
  "INSTALL_CONSTRAINTS",
  /** There is no archive for this platform. */
  "INSTALL_PLATFORM",
  /** The package that is pinned is not in the cache of this machine. */
  "INSTALL_NOT_CACHED",
  /** What is in the cache, or is published, is not what the lock pins. */
  "INSTALL_MISMATCH",
  /** A declaration grants more than the lock says was approved. */
  "INSTALL_GRANTS",
  /** Nobody signed it, and the declaration does not allow that. */
  "INSTALL_UNSIGNED",
  /** No `trust` block says who may sign it, or those who did are trusted no more. */
  "INSTALL_UNTRUSTED",
  /** No version that is published meets the constraints. */
  "INSTALL_NO_MATCH",
  /** What was published under a name is another package or version. */
  "INSTALL_WRONG_PACKAGE",
  /** The newest version that is allowed is older than the one that is pinned. */
  "INSTALL_ROLLBACK",
  /** Every version that is allowed was withdrawn. */
  "INSTALL_YANKED",
  /** The new version wants more, or comes from somebody else, and nobody has approved that. */
  "INSTALL_NOT_APPROVED",
  /** No declared integration has this name, or it is not from elsewhere. */
  "INSTALL_UNKNOWN_NAME",
] as const;

export type InstallErrorCode = (typeof INSTALL_ERROR_CODES)[number];

/** An integration from elsewhere cannot be installed, or must not run. */
export class InstallError extends AirlockError<InstallErrorCode> {
  /** Further errors found at the same time. */
  readonly others: readonly AirlockError[];

  constructor(
    code: InstallErrorCode,
    message: string,
    context: ErrorContext = {},
    others: readonly AirlockError[] = [],
  ) {
    super(code, message, context);
    this.others = others;
  }
}

/** What to do about whatever `airlock init` can put right. */
export const RUN_INIT = "Run: airlock init";
