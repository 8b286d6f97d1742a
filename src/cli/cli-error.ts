import { AirlockError } from "../protocol/airlock-error.js";

/** What goes wrong at the command line itself. */
export const CLI_ERROR_CODES = [
  /** Arguments that make no sense together. */
  "CLI_USAGE",
  /** There is nothing that could judge. */
  "CLI_NO_INTEGRATIONS",
  /** The report cannot be written where it was wanted. */
  "CLI_OUTPUT",
  /** The user stopped the command. */
  "CLI_INTERRUPTED",
] as const;

export type CliErrorCode = (typeof CLI_ERROR_CODES)[number];

/** A command cannot do what it was asked for. */
export class CliError extends AirlockError<CliErrorCode> {}
