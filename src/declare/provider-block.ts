import { quote } from "../base/quote.js";
import type { ProviderArgument, ProviderIntegrationBlock } from "./block.js";
import { checkArgumentName, checkName } from "./names.js";
import type { Problems } from "./problems.js";
import type { SourceText } from "./source-text.js";

/** An `integration` block inside a `provider` block: its names and places. */
export interface InnerBlock {
  readonly offset: number;
  readonly name: string;
  readonly nameOffset: number;
  readonly arguments: readonly ProviderArgument[];
}

/** Collects the integrations of one `provider` block, and tells what is wrong with them before core evaluates them. */
export class ProviderBlock {
  readonly #provider: string;
  readonly #alias: string | null;
  readonly #source: SourceText;
  readonly #problems: Problems;
  readonly #byName = new Map<string, ProviderIntegrationBlock>();

  constructor(provider: string, alias: string | null, source: SourceText, problems: Problems) {
    this.#provider = provider;
    this.#alias = alias;
    this.#source = source;
    this.#problems = problems;
  }

  /** Throws `DECLARE_BAD_NAME` and `DECLARE_DUPLICATE_NAME`; faults of arguments go to the problems. */
  add({ offset, name, nameOffset, arguments: args }: InnerBlock): void {
    checkName(name, nameOffset, this.#source);
    const first = this.#byName.get(name)?.location;
    if (first !== undefined) {
      const provider = `provider ${quote(this.#provider)}`;
      const message = `${provider} has two integrations named ${quote(name)}, the first at ${first.file}:${first.line}:${first.column}`;
      throw this.#source.error("DECLARE_DUPLICATE_NAME", nameOffset, message, {
        integration: name,
        remedy: "Give one of them another name.",
      });
    }
    const seen = new Set<string>();
    for (const argument of args) {
      this.#problems.attempt(() => {
        checkArgumentName(argument.name, argument.offset, this.#source, seen);
      });
    }
    const location = this.#source.locate(offset);
    const named = { provider: this.#provider, alias: this.#alias, name, location };
    this.#byName.set(name, { ...named, source: this.#source, arguments: args });
  }

  /** Those that were added, in their order. */
  get integrations(): readonly ProviderIntegrationBlock[] {
    return [...this.#byName.values()];
  }
}
