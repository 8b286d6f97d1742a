import { AirlockError } from "../../../protocol/airlock-error.js";

/** What can be wrong with a configuration that core itself would not tell well. */
export const CONFIGURATION_ERROR_CODES = [
  /** An `integration` block in a module that is not the root module. */
  "CONFIGURATION_MODULE_INTEGRATION",
] as const;

export type ConfigurationErrorCode = (typeof CONFIGURATION_ERROR_CODES)[number];

/** The configuration cannot be run with integrations. */
export class ConfigurationError extends AirlockError<ConfigurationErrorCode> {}
