import { parseArgs } from "node:util";
import { TARGETS } from "./targets.js";

/** What is fuzzed, and for how long. */
export interface FuzzOptions {
  /** Of all targets together. */
  readonly minutes: number;
  readonly seed: number;
  readonly targets: readonly string[];
}

const MAX_SEED = 2 ** 31;

/** The options of the command line; a text that says what is wrong with it. */
export function fuzzOptions(argv: readonly string[]): FuzzOptions | string {
  const names = TARGETS.map(({ name }) => name);
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        minutes: { type: "string", default: "1" },
        seed: { type: "string" },
        target: { type: "string", multiple: true },
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes < Infinity)) return "--minutes takes a number that is more than 0";
  const seed = values.seed === undefined ? Math.floor(Math.random() * MAX_SEED) : Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed >= MAX_SEED) return "--seed takes a whole number under 2^31";
  for (const name of values.target ?? []) {
    if (!names.includes(name)) return `there is no target ${name}; there are ${names.join(", ")}`;
  }
  return { minutes, seed, targets: values.target ?? names };
}
