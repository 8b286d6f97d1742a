import { AirlockError } from "../protocol/airlock-error.js";

/** How the sandbox host itself fails. */
export const SANDBOX_ERROR_CODES = [
  /** The sandbox host could not be started. */
  "SANDBOX_START",
  /** The sandbox host ended again and again; it is left alone for a while. */
  "SANDBOX_UNSTABLE",
  /** The sandbox host sent something that is no message of ours. */
  "SANDBOX_BAD_FRAME",
  /** The sandbox was used after `close`. */
  "SANDBOX_CLOSED",
] as const;

export type SandboxErrorCode = (typeof SANDBOX_ERROR_CODES)[number];

/** The sandbox host itself failed; the fault is not a guest's alone. */
export class SandboxError extends AirlockError<SandboxErrorCode> {}
