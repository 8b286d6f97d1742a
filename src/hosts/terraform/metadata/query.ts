import { compile, TreeInterpreter } from "@jmespath-community/jmespath";
import type { JSONValue } from "@jmespath-community/jmespath";
import { formatSize } from "../../../base/size-text.js";
import { MetadataError } from "./metadata-error.js";

/** What a query may cost. */
export interface QueryLimits {
  /** Of the expression, in UTF-16 units. */
  readonly expressionLength: number;
  readonly timeMs: number;
  /** Items of an array and UTF-16 units of a string that come up on the way. */
  readonly items: number;
  readonly stringLength: number;
  /** JSON text of the result, about, in bytes. */
  readonly resultBytes: number;
  /** Levels of the result. */
  readonly depth: number;
}

const MIB = 1024 ** 2;
export const QUERY_LIMITS: QueryLimits = {
  expressionLength: 4096,
  timeMs: 10_000,
  items: 1_000_000,
  stringLength: 16 * MIB,
  resultBytes: 32 * MIB,
  depth: 200,
};

type Interpreter = typeof TreeInterpreter;

/** A limit was met; not a fault of the expression's form. */
class OverLimit extends Error {}

/** Counts what an evaluation costs while it goes on. */
class Meter {
  readonly #limits: QueryLimits;
  readonly #end: number;

  constructor(limits: QueryLimits) {
    this.#limits = limits;
    this.#end = performance.now() + limits.timeMs;
  }

  step(): void {
    if (performance.now() >= this.#end) throw new OverLimit(`it takes longer than ${this.#limits.timeMs} ms`);
  }

  look(value: unknown): void {
    const { items, stringLength } = this.#limits;
    if (Array.isArray(value) && value.length > items) throw new OverLimit(`it makes a list of over ${items} items`);
    if (typeof value === "string" && value.length > stringLength) {
      throw new OverLimit(`it makes a text of over ${stringLength} characters`);
    }
  }
}

/** The library exports one interpreter and no class; each scope is a fresh one, and `let` makes further ones. */
function metered(interpreter: Interpreter, meter: Meter): Interpreter {
  const visit = interpreter.visit.bind(interpreter);
  const withScope = interpreter.withScope.bind(interpreter);
  interpreter.visit = (node, value) => {
    meter.step();
    const result = visit(node, value);
    meter.look(result);
    return result;
  };
  interpreter.withScope = (scope) => metered(withScope(scope), meter);
  return interpreter;
}

/** Walks the result as often as it would be printed: one object may stand in many places. */
function checkResult(value: unknown, { resultBytes, depth: maxDepth }: QueryLimits): void {
  let left = resultBytes;
  const walk = (one: unknown, depth: number): void => {
    left -= typeof one === "string" ? one.length + 3 : 5;
    if (left < 0) throw new OverLimit(`its result is over ${formatSize(resultBytes)}`);
    if (typeof one !== "object" || one === null) return;
    if (depth > maxDepth) throw new OverLimit(`its result nests deeper than ${maxDepth} levels`);
    if (Array.isArray(one)) {
      for (const item of one) walk(item, depth + 1);
      return;
    }
    for (const [key, item] of Object.entries(one)) {
      left -= key.length + 3;
      walk(item, depth + 1);
    }
  };
  walk(value, 1);
}

/**
 * What a JMESPath expression finds (https://jmespath.site). Throws `MetadataError` METADATA_ARGUMENTS for a wrong
 * expression, and for one that costs more than `limits`.
 */
export function runQuery(expression: string, data: JSONValue, limits: QueryLimits = QUERY_LIMITS): unknown {
  try {
    if (expression.length > limits.expressionLength) {
      throw new OverLimit(`it is longer than ${limits.expressionLength} characters`);
    }
    const node = compile(expression);
    const result: unknown = metered(TreeInterpreter.withScope({}), new Meter(limits)).search(node, data);
    checkResult(result, limits);
    return result;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unknown reason";
    throw new MetadataError("METADATA_ARGUMENTS", `the query cannot be answered: ${reason}`, {
      cause,
      remedy:
        cause instanceof OverLimit
          ? "Ask for less: filter first, e.g. [?integration=='cost_tracker'].data"
          : "Queries are JMESPath, e.g. [?data.monthly > `100`].address (https://jmespath.site)",
    });
  }
}
