/** Where in the user's files a fault was found. Lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The source line itself, for the snippet under the message. */
  readonly text?: string;
}

/** What every error of Airlock carries beside its code. */
export interface ErrorContext {
  /** What the user can do about it; one sentence. */
  readonly remedy?: string;
  /** The integration concerned, by its declared name. */
  readonly integration?: string;
  readonly hook?: string;
  /** The address of the resource concerned. */
  readonly address?: string;
  readonly location?: SourceLocation;
  readonly cause?: unknown;
}

/**
 * Base of every error that Airlock throws on purpose. `Code` is a closed union per domain; docs/errors.md lists all.
 * Tests and callers decide on `code`, never on the text.
 */
export abstract class AirlockError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly remedy: string | undefined;
  readonly integration: string | undefined;
  readonly hook: string | undefined;
  readonly address: string | undefined;
  readonly location: SourceLocation | undefined;

  constructor(code: Code, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = context.remedy;
    this.integration = context.integration;
    this.hook = context.hook;
    this.address = context.address;
    this.location = context.location;
  }
}
