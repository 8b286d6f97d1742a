import { contradicts, scalarKey } from "./contradiction.js";
import type { ConfiguredResource, ResourceMode, StaticConfiguration } from "./types.js";

/** Candidates that are told; more would help nobody. */
export const MAX_CANDIDATES = 100;

/** The resources of the configuration that a planned object can belong to. */
export interface Candidates {
  /** In the order of the configuration, `MAX_CANDIDATES` at most. */
  readonly resources: readonly ConfiguredResource[];
  /** Their addresses, without instance keys. */
  readonly addresses: readonly string[];
  /** Whether the address of the only one is certain and whole: nothing else can be it, and it has no instance key. */
  readonly exact: boolean;
  /** Whether there are more than are told. */
  readonly more: boolean;
}

/** The resources that have one attribute as a scalar literal, by its value, and those that do not. */
interface AttributeIndex {
  readonly byKey: Map<string, number[]>;
  readonly without: readonly number[];
}

/** The resources of one type, found by what is written in them. */
class TypeIndex {
  readonly #resources: readonly ConfiguredResource[];
  readonly #attributes: ReadonlyMap<string, AttributeIndex>;

  constructor(resources: readonly ConfiguredResource[]) {
    this.#resources = resources;
    const names = new Set(resources.flatMap(({ literals }) => [...literals.keys()]));
    this.#attributes = new Map([...names].map((name) => [name, indexOf(name, resources)]));
  }

  /** The resources that `config` does not contradict, `limit` at most. */
  find(config: Readonly<Record<string, unknown>>, limit: number): ConfiguredResource[] {
    const found: ConfiguredResource[] = [];
    for (const resource of this.#narrowed(config)) {
      if (found.length === limit) break;
      if (isPossible(resource, config)) found.push(resource);
    }
    return found;
  }

  /**
   * Only those that have the right literal for the attribute that tells most, or none for it: planning a thousand
   * resources must not mean a million comparisons.
   */
  #narrowed(config: Readonly<Record<string, unknown>>): readonly ConfiguredResource[] {
    let fewest = this.#resources.length;
    let narrowest: readonly number[] | undefined;
    for (const [name, { byKey, without }] of this.#attributes) {
      const key = scalarKey(config[name]);
      if (key === undefined) continue;
      const same = byKey.get(key) ?? [];
      if (same.length + without.length >= fewest) continue;
      fewest = same.length + without.length;
      narrowest = without.length === 0 ? same : [...same, ...without].sort((a, b) => a - b);
    }
    return narrowest === undefined ? this.#resources : narrowest.flatMap((index) => this.#resources[index] ?? []);
  }
}

function indexOf(name: string, resources: readonly ConfiguredResource[]): AttributeIndex {
  const byKey = new Map<string, number[]>();
  const without: number[] = [];
  for (const [index, { literals }] of resources.entries()) {
    const key = scalarKey(literals.get(name));
    const same = key === undefined ? without : byKey.get(key);
    if (same !== undefined) same.push(index);
    else if (key !== undefined) byKey.set(key, [index]);
  }
  return { byKey, without };
}

function isPossible({ literals }: ConfiguredResource, config: Readonly<Record<string, unknown>>): boolean {
  for (const [name, literal] of literals) {
    if (Object.hasOwn(config, name) && contradicts(literal, config[name])) return false;
  }
  return true;
}

/** Finds the blocks that a provider call can be about: such a call carries no address. */
export class ResourceIndex {
  readonly #byType: ReadonlyMap<string, TypeIndex>;
  readonly #incomplete: boolean;

  constructor({ resources, incomplete }: Pick<StaticConfiguration, "resources" | "incomplete">) {
    this.#incomplete = incomplete;
    const groups = new Map<string, ConfiguredResource[]>();
    for (const resource of resources) {
      const key = keyOf(resource.mode, resource.type);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [resource]);
      else group.push(resource);
    }
    this.#byType = new Map([...groups].map(([key, group]) => [key, new TypeIndex(group)]));
  }

  /**
   * The resources of a type whose literals do not contradict `config`: the evaluated configuration as JSON values, where
   * an attribute that is not known is undefined or absent.
   */
  candidates(type: string, mode: ResourceMode, config: Readonly<Record<string, unknown>>): Candidates {
    const found = this.#byType.get(keyOf(mode, type))?.find(config, MAX_CANDIDATES + 1) ?? [];
    const resources = found.slice(0, MAX_CANDIDATES);
    const [only, second] = resources;
    return {
      resources,
      addresses: resources.map(({ address }) => address),
      exact: only !== undefined && second === undefined && !only.repeated && !this.#incomplete,
      more: found.length > resources.length,
    };
  }
}

function keyOf(mode: ResourceMode, type: string): string {
  return `${mode}.${type}`;
}
