import type { SourceLocation } from "../protocol/airlock-error.js";
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

/** An `integration` block inside a `provider` block. Its values are core's to evaluate. */
export interface ProviderIntegration {
  /** The local name of the provider: the label of its block. */
  readonly provider: string;
  /** The `alias` of the provider block; null when it has none, or none that is a plain string. */
  readonly alias: string | null;
  /** Unique within its provider block. */
  readonly name: string;
  readonly location: SourceLocation;
}

/** A piece of a file's text, in UTF-16 units from 0; `end` is the first unit behind it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What one file declares. */
export interface FileContents {
  readonly blocks: readonly IntegrationBlock[];
  readonly providerIntegrations: readonly ProviderIntegration[];
  /** What core must not see: the `integration` blocks in `terraform` blocks. In order; without overlap but for commas. */
  readonly hidden: readonly TextRange[];
}

/** The contents of a file that declares nothing. */
export const NO_CONTENTS: FileContents = { blocks: [], providerIntegrations: [], hidden: [] };

/** How a provider configuration is written: `aws`, or `aws.eu` with an alias. */
export function providerKey({ provider, alias }: Pick<ProviderIntegration, "provider" | "alias">): string {
  return alias === null ? provider : `${provider}.${alias}`;
}
