import type { CliIo } from "./io.js";
import type { Services } from "./services.js";

/** What a command works with. */
export interface CommandContext {
  readonly io: CliIo;
  readonly services: Services;
  /** Says how the process shall end; called once, at the end of the command. */
  finish(code: number): void;
}

/** The formats of commands that show one thing. */
export const FORMATS = ["text", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** Examples under a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join("")}`;
}

/** For options that may be given more than once. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
