import type { IntegrationDeclaration } from "../declare/declaration.js";
import { checkGraph, levels } from "../declare/graph.js";
import type { Secrets } from "./discretion.js";
import { Integration } from "./integration.js";
import { RuntimeError } from "./runtime-error.js";
import type { Audience, RuntimeObserver } from "./types.js";

/** Every integration of the project, and none of a provider. */
export const WHOLE_PROJECT: Audience = { project: true, provider: null };

type Level = readonly Integration[];

/** The integrations of a run: those of the project, then those of each provider configuration as it came in. */
export class Groups {
  readonly #notify: RuntimeObserver;
  readonly #secrets: Secrets;
  readonly #byProvider = new Map<string | null, readonly Integration[]>();
  readonly #levels = new Map<string, readonly Level[]>();

  constructor(notify: RuntimeObserver, secrets: Secrets) {
    this.#notify = notify;
    this.#secrets = secrets;
  }

  /** All of them, in the order of results. */
  get all(): readonly Integration[] {
    return [...this.#byProvider.values()].flat();
  }

  /**
   * Takes in the integrations of one provider configuration, or with null those of the project, which come first.
   * Throws what `checkGraph` throws, over these and those of the project; and RUNTIME_STATE for a group that is here.
   */
  add(provider: string | null, declarations: readonly IntegrationDeclaration[]): readonly Integration[] {
    if (this.#byProvider.has(provider)) {
      throw new RuntimeError(
        "RUNTIME_STATE",
        `the integrations of provider ${JSON.stringify(provider)} are here already`,
      );
    }
    const project = this.#byProvider.get(null) ?? [];
    checkGraph([...project.map(({ declaration }) => declaration), ...declarations]);
    const first = this.all.length;
    const added = declarations.map((one, index) => new Integration(one, first + index, this.#notify, this.#secrets));
    this.#byProvider.set(provider, added);
    return added;
  }

  /** Those of the audience, in the levels of their order, lowest first; also those that do not run. */
  levels({ project, provider }: Audience): readonly Level[] {
    const key = JSON.stringify([project, provider]);
    const known = this.#levels.get(key);
    if (known !== undefined) return known;
    const own = provider === null ? undefined : this.#byProvider.get(provider);
    const members = [...(project ? (this.#byProvider.get(null) ?? []) : []), ...(own ?? [])];
    const made = inLevels(members);
    // Before the provider has joined its level is not known.
    if (provider === null || own !== undefined) this.#levels.set(key, made);
    return made;
  }
}

function inLevels(integrations: readonly Integration[]): Integration[][] {
  const levelOf = levels(integrations.map(({ declaration }) => declaration));
  const grouped: Integration[][] = Array.from({ length: Math.max(-1, ...levelOf) + 1 }, () => []);
  for (const [at, integration] of integrations.entries()) grouped[levelOf[at] ?? 0]?.push(integration);
  return grouped;
}
