import type { Literal } from "./literal.js";
import type { SourceText } from "./source-text.js";

/** One argument of a block, and where it stands. */
export interface BlockArgument {
  readonly name: string;
  readonly offset: number;
  readonly value: Literal;
}

/** An `integration` block as found in a file, HCL or JSON, before anything of it means something. */
export interface IntegrationBlock {
  readonly source: SourceText;
  readonly offset: number;
  readonly name: string;
  readonly nameOffset: number;
  readonly arguments: readonly BlockArgument[];
}

/** What one file declares. */
export interface FileContents {
  readonly blocks: readonly IntegrationBlock[];
  /** What a user should know though nothing is wrong; each starts with `file:line:column: `. */
  readonly notices: readonly string[];
}

/** What is said of an integration under a provider, which `check` leaves out. */
export function providerNotice(source: SourceText, offset: number, name: string, provider: string): string {
  const { file, line, column } = source.locate(offset);
  const what = `integration ${JSON.stringify(name)} under provider ${JSON.stringify(provider)}`;
  return `${file}:${line}:${column}: ${what} takes part in live runs only, not in check`;
}
