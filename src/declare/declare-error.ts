import { AirlockError } from "../protocol/airlock-error.js";
import type { ErrorContext } from "../protocol/airlock-error.js";

/** What can be wrong with what a user declared. */
export const DECLARE_ERROR_CODES = [
  /** The folder or a file in it cannot be read. */
  "DECLARE_UNREADABLE",
  /** A file is over the allowed size, or its values are nested deeper than allowed. */
  "DECLARE_TOO_LARGE",
  /** Not HCL, or not JSON. */
  "DECLARE_SYNTAX",
  /** A block or an argument where none of its kind may stand. */
  "DECLARE_MISPLACED",
  /** The label of a block is missing, or no name for an integration. */
  "DECLARE_BAD_NAME",
  /** An argument that `integration` blocks do not have. */
  "DECLARE_UNKNOWN_ARGUMENT",
  /** One argument, or one key of an object, twice. */
  "DECLARE_DUPLICATE_ARGUMENT",
  /** An expression where only a literal may stand. */
  "DECLARE_NOT_LITERAL",
  /** A value under a provider that core will know only after apply. */
  "DECLARE_NOT_KNOWN",
  /** A key such as `__proto__`, which would reach into the prototype of an object. */
  "DECLARE_FORBIDDEN_KEY",
  /** A value of the wrong type, out of its bounds, or not one of those allowed. */
  "DECLARE_BAD_VALUE",
  /** Two integrations of one name. */
  "DECLARE_DUPLICATE_NAME",
  /** `after` names an integration that is not declared. */
  "DECLARE_UNKNOWN_AFTER",
  /** Integrations that wait for each other. */
  "DECLARE_CYCLE",
] as const;

export type DeclareErrorCode = (typeof DECLARE_ERROR_CODES)[number];

/** A declaration is wrong; nothing of it was used. */
export class DeclareError extends AirlockError<DeclareErrorCode> {
  /** Further errors found in the same reading, in file order; `MAX_REPORTED_ERRORS` at most with this one. */
  readonly others: readonly DeclareError[];

  constructor(
    code: DeclareErrorCode,
    message: string,
    context: ErrorContext = {},
    others: readonly DeclareError[] = [],
  ) {
    super(code, message, context);
    this.others = others;
  }

  /** The same error, telling of the others too. */
  with(others: readonly DeclareError[]): DeclareError {
    const { remedy, integration, location, cause } = this;
    const context: ErrorContext = {
      ...(remedy !== undefined && { remedy }),
      ...(integration !== undefined && { integration }),
      ...(location !== undefined && { location }),
      ...(cause !== undefined && { cause }),
    };
    return new DeclareError(this.code, this.message, context, others);
  }
}
