import { AirlockError } from "../../../protocol/airlock-error.js";

/** Why a real provider cannot be found, trusted, started or reached. */
export const PROVIDER_ERROR_CODES = [
  /** `.terraform.lock.hcl` cannot be read, or is no lock file. */
  "PROVIDER_LOCK_INVALID",
  /** The configuration file of core's command line cannot be read. */
  "PROVIDER_CLI_CONFIG",
  /** What the user set in `TF_REATTACH_PROVIDERS` is not of its form. */
  "PROVIDER_REATTACH",
  /** A source address that no provider can have. */
  "PROVIDER_SOURCE",
  /** Its package is not where the lock file says. */
  "PROVIDER_NOT_INSTALLED",
  /** Its package is there, but cannot be read. */
  "PROVIDER_UNREADABLE",
  /** Its package is not one that the lock file allows. */
  "PROVIDER_LOCK_MISMATCH",
  /** Its program was exchanged after it had been verified. */
  "PROVIDER_CHANGED",
  /** The operating system would not start the program. */
  "PROVIDER_NOT_EXECUTABLE",
  /** It did not say in time where it listens. */
  "PROVIDER_START_TIMEOUT",
  /** It ended before it said where it listens. */
  "PROVIDER_EXITED",
  /** What it said first is no handshake of a provider. */
  "PROVIDER_HANDSHAKE",
  /** It speaks another protocol version than the one that it was announced with, or one that is not known. */
  "PROVIDER_PROTOCOL",
  /** Nothing answers where it said that it listens. */
  "PROVIDER_UNREACHABLE",
  /** It ended while it was in use. */
  "PROVIDER_CRASHED",
  /** The run was stopped while it was starting. */
  "PROVIDER_INTERRUPTED",
  /** The path of a temporary folder is too long for the sockets in it. */
  "PROVIDER_SOCKET_PATH",
  /** The temporary folder of a run could not be made. */
  "PROVIDER_RUN_FOLDER",
  /** The process that cleans up behind a killed run could not be started. */
  "PROVIDER_GUARD",
] as const;

export type ProviderErrorCode = (typeof PROVIDER_ERROR_CODES)[number];

/** A real provider cannot be used. Its message never holds a value of the environment. */
export class ProviderError extends AirlockError<ProviderErrorCode> {}
