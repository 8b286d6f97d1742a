import type { AirlockEvent, Path, ResourceView } from "../../protocol/events.js";
import { isSensitive } from "../../protocol/sensitive.js";
import { matchesGlob } from "../../base/glob.js";
import type { Tokens } from "./tokens.js";

/** What stands in front of the types of data sources, as in references to them. */
const DATA = "data.";

type Params = AirlockEvent["params"];
type Shown = Pick<ResourceView, "mode" | "type" | "before" | "after" | "sensitive"> & { readonly config?: unknown };

/** Attribute names from the outside in. */
type Names = readonly string[];

/** The places of one resource type that are granted; each with all below it. */
class Granted {
  constructor(
    private readonly places: readonly Names[],
    private readonly tokens: Tokens,
  ) {}

  /** Indexes of lists are no names: each element is meant. */
  has(path: Path): boolean {
    const names = path.filter((step) => typeof step === "string");
    return this.places.some((place) => place.length <= names.length && place.every((name, at) => name === names[at]));
  }

  /** A value with what the tokens at granted places stand for. Looks along these places only: most of a value is at none. */
  in(value: unknown): unknown {
    return this.#along(value, this.places);
  }

  /** The same for expressions: a constant stands at the place of its value. */
  inExpressions(expression: unknown): unknown {
    return this.#alongExpressions(expression, this.places);
  }

  #along(value: unknown, places: readonly Names[]): unknown {
    if (typeof value === "string") {
      return places.some(isReached) && this.tokens.has(value) ? this.tokens.valueOf(value) : value;
    }
    return mapParts(value, places, (part, within) => this.#along(part, within));
  }

  #alongExpressions(expression: unknown, places: readonly Names[]): unknown {
    if (typeof expression === "object" && expression !== null && "constant_value" in expression) {
      return { ...expression, constant_value: this.#along(expression.constant_value, places) };
    }
    return mapParts(expression, places, (part, within) => this.#alongExpressions(part, within));
  }
}

/** What is left of a place once it is reached. */
function isReached(place: Names): boolean {
  return place.length === 0;
}

/** The value with those parts mapped that some of the places lead to or through; each gets what is left of them. */
function mapParts(
  value: unknown,
  places: readonly Names[],
  map: (part: unknown, within: readonly Names[]) => unknown,
): unknown {
  if (Array.isArray(value)) return value.map((part: unknown) => map(part, places));
  if (typeof value !== "object" || value === null) return value;
  const parts = value as Readonly<Record<string, unknown>>;
  const copy = { ...value };
  for (const key of Object.keys(parts)) {
    const within = places.flatMap((place) => (isReached(place) ? [place] : place[0] === key ? [place.slice(1)] : []));
    if (within.length === 0) continue;
    // Defined, not assigned, so a key `__proto__` stays an ordinary key.
    const part = { value: map(parts[key], within), writable: true, enumerable: true, configurable: true };
    Object.defineProperty(copy, key, part);
  }
  return copy;
}

/** The granted attributes of one type: what stands behind `TYPE.` or, for data sources, `data.TYPE.`. */
function placesOf(grants: readonly string[], { mode, type }: Shown): Names[] {
  return grants.flatMap((grant) => {
    const isData = grant.startsWith(DATA);
    const [glob = "", ...names] = (isData ? grant.slice(DATA.length) : grant).split(".");
    return isData === (mode === "data") && names.length > 0 && matchesGlob(glob, type) ? [names] : [];
  });
}

function revealOne<One extends Shown>(one: One, grants: readonly string[], tokens: Tokens): One {
  const places = placesOf(grants, one);
  if (places.length === 0) return one;
  const granted = new Granted(places, tokens);
  const { config } = one;
  const isConfigured = typeof config === "object" && config !== null && "expressions" in config;
  return {
    ...one,
    before: granted.in(one.before),
    after: granted.in(one.after),
    // Keys of maps stay tokens.
    sensitive: one.sensitive.filter((path) => !granted.has(path) || isSensitive(path.at(-1))),
    ...(isConfigured && { config: { ...config, expressions: granted.inExpressions(config.expressions) } }),
  };
}

/**
 * Params of an event as a guest with these `sensitive` grants gets them: plain values at the granted places, tokens at
 * all others. The very same object where nothing in it is granted.
 */
export function reveal(params: Params, grants: readonly string[], tokens: Tokens): Params {
  if ("type" in params) return revealOne(params, grants, tokens);
  if (!("resources" in params) || params.resources === undefined) return params;
  return { ...params, resources: params.resources.map((one) => revealOne(one, grants, tokens)) };
}
