import type { ErrorContext, SourceLocation } from "../protocol/airlock-error.js";
import { DeclareError } from "./declare-error.js";
import type { DeclareErrorCode } from "./declare-error.js";

/** A longer line is of a generated file; a snippet of it would help nobody. */
const MAX_SNIPPET = 500;

/** What makes an error of a fault at an offset: the text of a file, or one place that stands for all of a value. */
export interface FaultPlace {
  error(code: DeclareErrorCode, offset: number, message: string, context?: ErrorContext): DeclareError;
}

/** One place for every fault, whatever the offset; its errors name the integration, too. */
export class FixedPlace implements FaultPlace {
  readonly #location: SourceLocation;
  readonly #integration: string;

  constructor(location: SourceLocation, integration: string) {
    this.#location = location;
    this.#integration = integration;
  }

  error(code: DeclareErrorCode, _offset: number, message: string, context: ErrorContext = {}): DeclareError {
    return new DeclareError(code, message, {
      integration: this.#integration,
      ...context,
      location: this.#location,
    });
  }
}

/** A file's text, and where in it an offset is. Offsets count UTF-16 units from 0. */
export class SourceText implements FaultPlace {
  readonly file: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** Lines end at LF; columns count UTF-16 units from 1 (core counts grapheme clusters, editors mostly do as we do). */
  locate(offset: number): SourceLocation {
    const starts = (this.#lineStarts ??= lineStarts(this.text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const start = starts[low] ?? 0;
    const next = starts[low + 1];
    const line = this.text.slice(start, next === undefined ? undefined : next - 1).replace(/\r$/, "");
    return {
      file: this.file,
      line: low + 1,
      column: offset - start + 1,
      ...(line.length <= MAX_SNIPPET && { text: line }),
    };
  }

  error(code: DeclareErrorCode, offset: number, message: string, context: ErrorContext = {}): DeclareError {
    return new DeclareError(code, message, { ...context, location: this.locate(offset) });
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
