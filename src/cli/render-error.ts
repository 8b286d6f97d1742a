import { isAbsolute, relative } from "node:path";
import pc from "picocolors";
import { AirlockError } from "../protocol/airlock-error.js";
import type { SourceLocation } from "../protocol/airlock-error.js";
import { safeLine, safeLines } from "../base/neutralise.js";

/** Characters of the source line shown on either side of the fault. */
const SNIPPET_SIDE = 80;
/** Further errors that are shown after the first. */
const MAX_OTHERS = 20;

/** How an error is to be shown. */
export interface ErrorView {
  readonly color: boolean;
  /** Paths inside this folder are shown relative to it. */
  readonly cwd: string;
}

function shownPath(file: string, cwd: string): string {
  const inside = isAbsolute(file) ? relative(cwd, file) : file;
  return safeLine(inside === "" || inside.startsWith("..") ? file : inside, 300);
}

/** The place, then the source line with a caret under the fault. */
function snippet({ file, line, column, text }: SourceLocation, view: ErrorView): string[] {
  const place = `  --> ${shownPath(file, view.cwd)}:${line}:${column}`;
  if (text === undefined) {
    return [place];
  }
  const flat = text.replaceAll("\t", " ");
  const start = Math.max(0, column - 1 - SNIPPET_SIDE);
  const before = safeLine(flat.slice(start, column - 1));
  const after = safeLine(flat.slice(column - 1, column - 1 + SNIPPET_SIDE));
  const gutter = " ".repeat(String(line).length);
  return [place, `   ${gutter} |`, `   ${line} | ${before}${after}`, `   ${gutter} | ${" ".repeat(before.length)}^`];
}

/** Whether an error was thrown on purpose. */
export function isAirlockError(error: unknown): error is AirlockError {
  return error instanceof AirlockError;
}

function othersOf(error: AirlockError): AirlockError[] {
  const others: unknown = "others" in error ? error.others : [];
  return Array.isArray(others) ? others.filter(isAirlockError).slice(0, MAX_OTHERS) : [];
}

function errorLines(error: AirlockError, view: ErrorView): string[] {
  const colors = pc.createColors(view.color);
  const [message = "", ...more] = safeLines(error.message);
  return [
    `${colors.red(colors.bold("Error:"))} ${message}`,
    ...more.map((line) => `  ${line}`),
    ...(error.location === undefined ? [] : snippet(error.location, view)),
    ...(error.remedy === undefined ? [] : safeLines(error.remedy).map((line) => `  ${line}`)),
    `  ${colors.dim(`(${error.code})`)}`,
  ];
}

/** An error as text for a terminal, with all that were found beside it. Ends in a line feed. */
export function renderError(error: AirlockError, view: ErrorView): string {
  const blocks = [error, ...othersOf(error)].map((one) => errorLines(one, view).join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

/** What is said of an exception that nobody expected: one line, never a stack unless it was asked for. */
export function renderInternalError(error: unknown, options: { readonly debug: boolean }): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = `Error: internal error, please report it: ${safeLine(message)} (INTERNAL)\n`;
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return options.debug ? `${line}${safeLines(stack, 500, 100).join("\n")}\n` : line;
}
