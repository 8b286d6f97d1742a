import { providerKey } from "../../../declare/block.js";
import type { ProviderIntegration } from "../../../declare/block.js";
import { canonicalJson } from "../../../base/canonical-json.js";
import { contradicts as literalContradicts } from "../configuration/contradiction.js";
import type { ConfiguredProvider, Literals } from "../configuration/types.js";

/** One provider configuration of the root module, and the integrations under it. */
export interface ProviderBlock {
  /** The provider's source address, with host. */
  readonly source: string;
  /** `aws`, or `aws.eu` with an alias. */
  readonly key: string;
  readonly alias: string | null;
  readonly integrations: readonly ProviderIntegration[];
  readonly literals: Literals;
  readonly written: ReadonlySet<string>;
}

function valuesOf(config: unknown): Map<string, unknown> {
  return new Map<string, unknown>(typeof config === "object" && config !== null ? Object.entries(config) : []);
}

function contradicts({ literals }: ProviderBlock, config: unknown): boolean {
  const values = valuesOf(config);
  // Core converts what is written to what the schema wants.
  return [...literals].some(([name, literal]) => values.has(name) && literalContradicts(literal, values.get(name)));
}

/** Whether an attribute has a value that does not stand in the block. Only a scalar is surely no nested block. */
function holdsMore({ written }: ProviderBlock, config: unknown): boolean {
  return [...valuesOf(config)].some(
    ([name, value]) => ["string", "number", "boolean"].includes(typeof value) && !written.has(name),
  );
}

/**
 * The provider configurations of a root module. Core does not tell a provider which of them it is configured with, so
 * that is found by what they hold.
 */
export class ProviderBlocks {
  readonly #bySource = new Map<string, readonly ProviderBlock[]>();

  /** `sourceOf` gives the full address, with host, of a provider's source as the configuration names it. */
  constructor(
    providers: readonly ConfiguredProvider[],
    integrations: readonly ProviderIntegration[],
    sourceOf: (source: string) => string,
  ) {
    for (const { localName, alias, source, literals, written } of providers) {
      const key = providerKey({ provider: localName, alias });
      const own = integrations.filter((one) => providerKey(one) === key);
      const full = sourceOf(source);
      const known = this.#bySource.get(full) ?? [];
      this.#bySource.set(full, [...known, { source: full, key, alias, integrations: own, literals, written }]);
    }
  }

  /** The source addresses of providers that have integrations under them. */
  get declaredSources(): string[] {
    return [...this.#bySource].filter(([, blocks]) => blocks.some(hasIntegrations)).map(([source]) => source);
  }

  hasIntegrations(source: string): boolean {
    return this.#of(source).some(hasIntegrations);
  }

  /**
   * The blocks that a configuration can come from: with the integrations of these names and no literal against it. With
   * none of the root module's blocks, it is an empty configuration that core makes by itself.
   */
  find(source: string, names: readonly string[], config: unknown): readonly ProviderBlock[] {
    const wanted = canonicalJson([...names].sort());
    const possible = this.#of(source).filter(
      (block) =>
        canonicalJson(block.integrations.map(({ name }) => name).sort()) === wanted && !contradicts(block, config),
    );
    // Core asks the user for a required attribute that is not written, and so what stands in none of them tells nothing.
    const whole = possible.filter((block) => !holdsMore(block, config));
    return whole.length > 0 ? whole : possible;
  }

  #of(source: string): readonly ProviderBlock[] {
    return this.#bySource.get(source) ?? [];
  }
}

function hasIntegrations({ integrations }: ProviderBlock): boolean {
  return integrations.length > 0;
}
