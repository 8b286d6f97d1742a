import { providerKey } from "../declare/block.js";
import type { IntegrationDeclaration } from "../declare/declaration.js";
import type { DeclarationsRead } from "../declare/read.js";
import { parseSource } from "../package/source/parse-source.js";
import { sourceText } from "../package/source/source.js";
import type { RemoteSource } from "../package/source/source.js";
import { joinConstraints } from "../package/version/constraints.js";
import type { Constraints } from "../package/version/constraints.js";
import type { SourceLocation } from "../protocol/airlock-error.js";
import type { Grants } from "../protocol/grants.js";

/** One declaration of an integration from elsewhere. */
export interface Use {
  readonly name: string;
  /** How the lock knows it: `NAME`, or `PROVIDER/NAME` under a provider. */
  readonly key: string;
  readonly version: string | undefined;
  readonly unsigned: boolean;
  readonly grants: Grants;
  readonly location: SourceLocation | undefined;
}

/** A source with all its declarations: they run one version. */
export interface WantedSource {
  readonly source: RemoteSource;
  /** As `sourceText` gives it. */
  readonly text: string;
  /** All that declarations ask for; null = anything. */
  readonly constraints: Constraints | null;
  /** Whether every declaration allows a package that nobody signed. */
  readonly unsigned: boolean;
  readonly uses: readonly [Use, ...Use[]];
}

/** The integrations from elsewhere that a root module declares, by source. */
export function wantedSources(
  declared: Pick<DeclarationsRead, "declarations" | "providerIntegrations">,
): readonly WantedSource[] {
  const bySource = new Map<string, { readonly source: RemoteSource; readonly uses: Use[] }>();
  const add = (from: string | undefined, use: Use): void => {
    const source = from === undefined ? undefined : parseSource(from);
    if (source === undefined || source.kind === "local") return;
    const text = sourceText(source);
    const known = bySource.get(text) ?? { source, uses: [] };
    known.uses.push(use);
    bySource.set(text, known);
  };
  for (const declaration of declared.declarations) add(declaration.source, useOf(declaration));
  for (const one of declared.providerIntegrations) {
    if (one.remote === undefined) continue;
    const { source, version, unsigned, grants } = one.remote;
    const { name, location } = one;
    add(source, { name, key: `${providerKey(one)}/${name}`, version, unsigned, grants, location });
  }
  return [...bySource].flatMap(([text, { source, uses }]) => {
    const [first, ...more] = uses;
    return first === undefined ? [] : [wanted(source, text, [first, ...more])];
  });
}

/** A declaration of the project, or of a provider configuration. */
export function useOf(declaration: IntegrationDeclaration): Use {
  const { name, scope, provider, version, unsigned, grants, location } = declaration;
  // A configuration whose settings changed in the run has a number behind its key; what it is granted must not depend on that.
  const key = scope === "provider" ? `${(provider ?? "").replace(/#\d+$/, "")}/${name}` : name;
  return { name, key, version, unsigned, grants, location };
}

function wanted(source: RemoteSource, text: string, uses: readonly [Use, ...Use[]]): WantedSource {
  const versions = uses.flatMap(({ version }) => (version === undefined ? [] : [version]));
  return {
    source,
    text,
    constraints: versions.length === 0 ? null : joinConstraints(versions),
    unsigned: uses.every(({ unsigned }) => unsigned),
    uses,
  };
}
