import type { SourceLocation } from "../protocol/airlock-error.js";
import type { Grants } from "../protocol/grants.js";
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
  /** What is to be installed for it; absent where its source is no literal, or local. */
  readonly remote?: ProviderOrigin;
  /** The registry that its source is looked for in, where that has no host. */
  readonly defaultHost?: string;
}

/** One argument of such a block; its value is null where only core can tell it. */
export interface ProviderArgument {
  readonly name: string;
  readonly offset: number;
  readonly value: Literal | null;
}

/** Such a block as found in a file. */
export interface ProviderIntegrationBlock extends ProviderIntegration {
  readonly source: SourceText;
  readonly arguments: readonly ProviderArgument[];
}

/** What of an integration under a provider must be known before core runs: where it comes from, and what it is given. */
export interface ProviderOrigin {
  readonly source: string;
  readonly version?: string;
  readonly unsigned: boolean;
  readonly grants: Grants;
}

/** A block of `airlock.hcl` that declares no integration: `trust "…" { }` or `registry { }`. */
export interface SettingsBlock {
  readonly source: SourceText;
  readonly offset: number;
  readonly keyword: "trust" | "registry";
  readonly label: string | null;
  readonly arguments: readonly BlockArgument[];
}

/** A piece of a file's text, in UTF-16 units from 0; `end` is the first unit behind it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What one file declares. */
export interface FileContents {
  readonly blocks: readonly IntegrationBlock[];
  readonly providerIntegrations: readonly ProviderIntegrationBlock[];
  /** What `airlock.hcl` says beside that. */
  readonly settings: readonly SettingsBlock[];
  /** What core must not see: the `integration` blocks in `terraform` blocks. In order; without overlap but for commas. */
  readonly hidden: readonly TextRange[];
}

/** The contents of a file that declares nothing. */
export const NO_CONTENTS: FileContents = { blocks: [], providerIntegrations: [], settings: [], hidden: [] };

/** How a provider configuration is written: `aws`, or `aws.eu` with an alias. */
export function providerKey({ provider, alias }: Pick<ProviderIntegration, "provider" | "alias">): string {
  return alias === null ? provider : `${provider}.${alias}`;
}
