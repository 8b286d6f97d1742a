import { AirlockError } from "../protocol/airlock-error.js";

/** Why the runtime does not go on. */
export const RUNTIME_ERROR_CODES = [
  /** An option of `createRuntime` that cannot be honoured. */
  "RUNTIME_OPTION",
  /** A method was called out of turn, e.g. `dispatch` before `start`. */
  "RUNTIME_STATE",
  /** A guest ended again and again; the integration is not called until a fresh one has answered a ping. */
  "RUNTIME_GAVE_UP",
  /** This event ended its guest twice; the integration is not asked about it any more in this run. */
  "RUNTIME_QUARANTINED",
  /** Its verdicts together are more than a host keeps; this one is left out. */
  "RUNTIME_VERDICTS_TOO_LARGE",
  /** More metadata for one resource than is stored. */
  "RUNTIME_METADATA_TOO_LARGE",
  /** Metadata that holds a sensitive value of the run. */
  "RUNTIME_METADATA_SECRET",
  /** A newer version of the integration stored the metadata than the one that runs. */
  "RUNTIME_METADATA_NEWER",
] as const;

export type RuntimeErrorCode = (typeof RUNTIME_ERROR_CODES)[number];

/** The runtime cannot or will not go on with an integration. */
export class RuntimeError extends AirlockError<RuntimeErrorCode> {}
