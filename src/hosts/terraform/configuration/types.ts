import type { JsonValue } from "../../../declare/literal.js";
import type { SourceLocation } from "../../../protocol/airlock-error.js";

/** Managed resources have `resource` blocks, data sources `data` blocks. */
export type ResourceMode = "managed" | "data";

/** The attributes of a block whose expressions are literals, by name, without those that are core's own (`count` …). */
export type Literals = ReadonlyMap<string, JsonValue>;

/** Which provider configuration a resource uses. */
export interface ProviderReference {
  /** Where the configuration lives: empty for the root module, else the module that the search had to stop in. */
  readonly modulePath: readonly string[];
  /** The name of the provider in that module. */
  readonly localName: string;
  readonly alias: string | null;
  /** As `requiredProviders` spells it. */
  readonly source: string;
}

/** A `resource` or `data` block, once for each module that has it; instances of `count` and `for_each` are not told apart. */
export interface ConfiguredResource {
  /** Names of the module calls from the root module down; empty for the root module. */
  readonly modulePath: readonly string[];
  readonly mode: ResourceMode;
  readonly type: string;
  readonly name: string;
  /** The address without instance keys: `module.a.data.type.name`. */
  readonly address: string;
  /** Whether `count` or `for_each` stands on it, or on a module call of its path: its addresses then have keys. */
  readonly repeated: boolean;
  readonly provider: ProviderReference;
  readonly literals: Literals;
  readonly location: SourceLocation;
}

/** A `provider` block of the root module. */
export interface ConfiguredProvider {
  readonly localName: string;
  readonly alias: string | null;
  /** As `requiredProviders` spells it. */
  readonly source: string;
  readonly literals: Literals;
  /** The names of all its attributes, literal or not, without those that are core's own. */
  readonly written: ReadonlySet<string>;
  readonly location: SourceLocation;
}

/** A variable that is `sensitive` or `ephemeral`: its values must not be shown. */
export interface SensitiveVariable {
  readonly modulePath: readonly string[];
  readonly name: string;
  /** Undefined without a default, and for one that is no literal. */
  readonly defaultValue: JsonValue | undefined;
}

/** A `moved`, `import` or `removed` block; addresses are as written, relative to the module. */
export interface Refactoring {
  readonly kind: "moved" | "import" | "removed";
  readonly modulePath: readonly string[];
  /** Null in `import` blocks. */
  readonly from: string | null;
  /** Null in `removed` blocks. */
  readonly to: string | null;
  readonly location: SourceLocation;
}

/**
 * Where core runs. `remote` is what the root module asks for by a `cloud` block or the backend `remote`. Such a workspace
 * may be set to run locally after all, which only its service knows: `TF_FORCE_LOCAL_BACKEND` in the environment, which
 * core reads (OpenTofu `internal/cloud/backend.go`), is the one thing that makes it `local` here.
 */
export type Execution =
  | { readonly kind: "local" }
  | { readonly kind: "remote"; readonly block: "cloud" | "remote"; readonly location: SourceLocation };

/** What the files of a configuration say, before core evaluates anything. Nothing of it changes. */
export interface StaticConfiguration {
  /**
   * Something could not be read: a module that is not installed, a syntax error, a limit. What is here is right, but
   * there may be more.
   */
  readonly incomplete: boolean;
  readonly resources: readonly ConfiguredResource[];
  /** Those of the root module. */
  readonly providers: readonly ConfiguredProvider[];
  /**
   * The source addresses of all providers that any module names: `NAMESPACE/TYPE`, or `HOST/NAMESPACE/TYPE` where a host
   * is written, in lower case. Includes those that blocks only imply (`hashicorp/NAME`); what core has built in is
   * `terraform.io/builtin/terraform`.
   */
  readonly requiredProviders: ReadonlySet<string>;
  readonly sensitiveVariables: readonly SensitiveVariable[];
  readonly refactorings: readonly Refactoring[];
  readonly execution: Execution;
  /** Folders of modules that are reached from the root by local sources alone, absolute, each once; not the root's. */
  readonly localModules: readonly string[];
  /** The type of the root module's `backend` block; null without one. */
  readonly backend: string | null;
}
