/** One operator bound to its value. */
export interface Test {
  /** What a value must be, in words. */
  readonly says: string;
  /** Whether a value is right. */
  readonly holds: (value: unknown) => boolean;
  /** What it means that there is no value at all (or null). */
  readonly absentHolds: boolean;
}

/** Binds an operator to its value; a text says what is wrong with the value. */
type Bind = (value: unknown) => Test | string;

const present = (says: string, holds: Test["holds"]): Test => ({ says, holds, absentHolds: false });
const anyway = (says: string, holds: Test["holds"]): Test => ({ says, holds, absentHolds: true });
const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** Equal as JSON: the order of an object's keys does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)));
}

function oneOf(list: unknown[], value: unknown): boolean {
  return list.some((item) => sameJson(item, value));
}

function compare(word: string, holds: (value: number, bound: number) => boolean): Bind {
  return (bound) =>
    typeof bound === "number"
      ? present(`${word} ${bound}`, (value) => typeof value === "number" && holds(value, bound))
      : "must be a number";
}

function listed(bind: (list: unknown[]) => Test): Bind {
  return (value) => (Array.isArray(value) ? bind(value) : "must be a list");
}

const matches: Bind = (pattern) => {
  if (typeof pattern !== "string") return "must be a regular expression";
  try {
    const expression = new RegExp(pattern, "u");
    return present(`a match of ${pattern}`, (value) => typeof value === "string" && expression.test(value));
  } catch {
    return `is not a regular expression: ${pattern}`;
  }
};

function holdsInside(container: unknown, item: unknown): boolean {
  if (typeof container === "string") return typeof item === "string" && container.includes(item);
  if (Array.isArray(container)) return oneOf(container, item);
  return (
    typeof container === "object" && container !== null && typeof item === "string" && Object.hasOwn(container, item)
  );
}

/** Every operator that a rule may name. */
export const OPERATORS: ReadonlyMap<string, Bind> = new Map<string, Bind>([
  ["equals", (wanted) => present(show(wanted), (value) => sameJson(value, wanted))],
  ["not_equals", (wanted) => anyway(`other than ${show(wanted)}`, (value) => !sameJson(value, wanted))],
  ["in", listed((list) => present(`one of ${show(list)}`, (value) => oneOf(list, value)))],
  ["not_in", listed((list) => anyway(`none of ${show(list)}`, (value) => !oneOf(list, value)))],
  ["matches", matches],
  ["exists", () => present("set", () => true)],
  ["absent", () => anyway("absent", () => false)],
  ["greater_than", compare("greater than", (value, bound) => value > bound)],
  ["less_than", compare("less than", (value, bound) => value < bound)],
  ["contains", (wanted) => present(`something that contains ${show(wanted)}`, (value) => holdsInside(value, wanted))],
]);
