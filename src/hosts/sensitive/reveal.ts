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

  /** A value with what the tokens at granted places stand for. */
  in(value: unknown, path: Path): unknown {
    if (typeof value === "string") {
      return this.tokens.has(value) && this.has(path) ? this.tokens.valueOf(value) : value;
    }
    return mapParts(value, (part, key) => this.in(part, [...path, key]));
  }

  /** The same for expressions: a constant stands at the place of its value. */
  inExpressions(expression: unknown, path: Path): unknown {
    if (typeof expression === "object" && expression !== null && "constant_value" in expression) {
      return { ...expression, constant_value: this.in(expression.constant_value, path) };
    }
    return mapParts(expression, (part, key) => this.inExpressions(part, [...path, key]));
  }
}

function mapParts(value: unknown, map: (part: unknown, key: string | number) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value) as [string, unknown][];
  return Object.fromEntries(parts.map(([key, part]) => [key, map(part, key)]));
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
    before: granted.in(one.before, []),
    after: granted.in(one.after, []),
    // Keys of maps stay tokens.
    sensitive: one.sensitive.filter((path) => !granted.has(path) || isSensitive(path.at(-1))),
    ...(isConfigured && { config: { ...config, expressions: granted.inExpressions(config.expressions, []) } }),
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
