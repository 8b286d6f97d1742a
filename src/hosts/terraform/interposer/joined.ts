import { interpretProviderIntegration } from "../../../declare/interpret.js";
import type { IntegrationResult, Runtime } from "../../../runtime/types.js";
import { canonicalJson } from "../../../base/canonical-json.js";
import type { ProviderBlock } from "./provider-blocks.js";

/** Guests of one provider configuration, shared by all sessions of that configuration. */
interface Group {
  /** As its integrations are told of it, and as the runtime knows them. */
  readonly provider: string;
  readonly block: ProviderBlock;
  readonly settings: string;
  readonly broken: Promise<readonly IntegrationResult[]>;
}

/**
 * The integrations of provider configurations, as they came into the run. Core configures a provider in each of its
 * walks, and again when it applies: the guests of a configuration live on from one to the next as long as its settings
 * stay the same.
 */
export class Joined {
  readonly #runtime: Runtime;
  readonly #directory: string;
  readonly #groups: Group[] = [];

  /** Relative sources of integrations start from `directory`. */
  constructor(runtime: Runtime, directory: string) {
    this.#runtime = runtime;
    this.#directory = directory;
  }

  /** All that came in, in their order. */
  get groups(): readonly Pick<Group, "provider" | "block">[] {
    return this.#groups;
  }

  /** The guests of a provider configuration that came in last; null where it has none. */
  of(source: string, alias: string | null): string | null {
    return this.#groups.findLast(({ block }) => block.source === source && block.alias === alias)?.provider ?? null;
  }

  /**
   * Lets the guests of a block take part, with the settings that core gave. Results are of those that could not start;
   * they are given once, to the first session. Rejects with `DeclareError`.
   */
  async join(
    block: ProviderBlock,
    settings: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  ): Promise<{ readonly provider: string; readonly broken: readonly IntegrationResult[] }> {
    const text = canonicalJson([...settings]);
    const known = this.#groups.find(({ provider, settings: own }) => isOf(provider, block.key) && own === text);
    if (known !== undefined) {
      // The first session tells what broke; the others only wait until it is known.
      await known.broken;
      return { provider: known.provider, broken: [] };
    }
    const declarations = block.integrations.map((one) =>
      interpretProviderIntegration(one, settings.get(one.name) ?? {}, this.#directory),
    );
    const others = this.#groups.filter(({ provider }) => isOf(provider, block.key)).length;
    const provider = others === 0 ? block.key : `${block.key}#${others + 1}`;
    const broken = this.#runtime.join(provider, declarations);
    const group: Group = { provider, block, settings: text, broken };
    this.#groups.push(group);
    try {
      return { provider, broken: await broken };
    } catch (error) {
      this.#groups.splice(this.#groups.indexOf(group), 1);
      throw error;
    }
  }
}

/** A configuration whose settings changed while the run went on has a number behind its key. */
function isOf(provider: string, key: string): boolean {
  return provider === key || provider.startsWith(`${key}#`);
}
