import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { GUEST_ERROR_CODES, GuestError } from "../../../runtimes/guest-error.js";
import { limitModule, PAGE_BYTES } from "../../../runtimes/wasm/limit.js";
import { parseModule } from "../../../runtimes/wasm/module.js";
import { describeModule } from "../../../runtimes/wasm/flavour.js";
import { orNamed } from "../expected-error.js";
import { mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";
import { moduleBytes } from "../wasm-bytes.js";
import type { ModuleParts, Op, Sizes } from "../wasm-bytes.js";

const NAMED = { type: GuestError, codes: GUEST_ERROR_CODES };
const MOST_PAGES = 40;
const MOST_ELEMENTS = 200;

const sizesUpTo = (most: number): fc.Arbitrary<Sizes> =>
  fc
    .tuple(fc.nat(most), fc.option(fc.oneof(fc.nat(most), fc.constantFrom(65_000, 0))))
    .map(([minimum, room]): Sizes => [minimum, room === null ? null : Math.min(minimum + room, 65_536)]);
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.tuple(fc.constant("grow-memory" as const), fc.oneof(fc.nat(5), fc.constantFrom(-1, 70_000))),
  fc.tuple(fc.constant("memory-size" as const)),
  fc.tuple(fc.constant("grow-table" as const), fc.nat(2), fc.oneof(fc.nat(20), fc.constantFrom(-1))),
  fc.tuple(fc.constant("table-size" as const), fc.nat(2)),
  fc.tuple(fc.constant("store" as const), fc.nat(4 * PAGE_BYTES), fc.integer()),
  fc.tuple(fc.constant("load" as const), fc.nat(4 * PAGE_BYTES)),
  fc.tuple(fc.constant("call" as const), fc.nat(3)),
);
const parts: fc.Arbitrary<ModuleParts> = fc.record({
  memories: fc.array(sizesUpTo(8), { maxLength: 1 }),
  tables: fc.array(sizesUpTo(30), { maxLength: 3 }),
  bodies: fc.array(fc.array(op, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  padding: fc.nat(4),
  custom: fc.uint8Array({ maxLength: 10 }),
  start: fc.option(fc.nat(2)),
});
const limits = fc.record({ memoryBytes: fc.nat(MOST_PAGES * PAGE_BYTES), tableElements: fc.nat(MOST_ELEMENTS) });

/** What the module's functions give one after the other, and what its memory then is; traps by their text. */
function behaviour(bytes: Uint8Array): unknown[] {
  const seen: unknown[] = [];
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    for (const [name, entry] of Object.entries(exports)) {
      if (entry instanceof WebAssembly.Memory) seen.push(entry.buffer.byteLength, Buffer.from(entry.buffer).indexOf(2));
      else if (typeof entry === "function") seen.push([name, outcome(entry as () => unknown)]);
    }
  } catch (error) {
    seen.push(String(error));
  }
  return seen;
}

function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return error.message;
    throw error;
  }
}

/** The sizes as the limits leave them: every minimum first, then what is left in order. */
function within(sizes: readonly Sizes[], most: number): Sizes[] {
  let left = most - sizes.reduce((sum, [minimum]) => sum + minimum, 0);
  return sizes.map(([minimum, maximum]) => {
    const growth = Math.min((maximum ?? Infinity) - minimum, left);
    left -= growth;
    return [minimum, minimum + growth];
  });
}

export const wasmLimit = fuzzTarget({
  name: "wasm-limit",
  rule: "a valid module with limits written in is valid, has them, and behaves as one that was built with them",
  testRuns: 150,
  inputs: fc.record({ parts, limits }),
  kept: [],
  holds: ({ parts: given, limits: most }) => {
    const bytes = moduleBytes(given);
    if (!WebAssembly.validate(bytes)) throw new Error("the generated module is not valid");
    const pages = Math.floor(most.memoryBytes / PAGE_BYTES);
    const fits = (sizes: readonly Sizes[], limit: number): boolean =>
      sizes.reduce((sum, [min]) => sum + min, 0) <= limit;
    const limited = orNamed(NAMED, () => limitModule(bytes, most));
    deepStrictEqual(limited !== null, fits(given.memories, pages) && fits(given.tables, most.tableElements));
    if (limited === null) return;
    deepStrictEqual(WebAssembly.validate(limited), true);
    const built = {
      ...given,
      memories: within(given.memories, pages),
      tables: within(given.tables, most.tableElements),
    };
    // Code offsets in the text of a trap may move; what it says does not.
    deepStrictEqual(behaviour(limited), behaviour(moduleBytes(built)));
    deepStrictEqual(limitModule(limited, most), limited);
  },
});

const BUILT = moduleBytes({
  memories: [[1, 9]],
  tables: [
    [2, null],
    [1, 30],
  ],
  bodies: [
    [["grow-memory", 2], ["memory-size"], ["store", 8, -7], ["load", 8]],
    [
      ["call", 0],
      ["grow-table", 1, 5],
    ],
  ],
  padding: 1,
  custom: Uint8Array.of(1, 2, 3),
  start: 0,
});

/** Elements of the tables and pages of the memories that a module may come to have. */
function bounds(bytes: Uint8Array): { pages: number; elements: number } {
  const { memories, tables } = parseModule(bytes);
  const sum = (all: readonly { maximum: number | null }[]): number =>
    all.reduce((total, one) => total + (one.maximum ?? Infinity), 0);
  return { pages: sum(memories), elements: sum(tables) };
}

export const wasmBytes = fuzzTarget({
  name: "wasm-bytes",
  rule: "any bytes of a module are refused by name, or come out bounded, and valid if they were",
  testRuns: 300,
  inputs: fc.record({ bytes: mutated(fc.oneof(fc.constant(BUILT), parts.map(moduleBytes))), limits }),
  kept: [],
  holds: ({ bytes, limits: most }) => {
    orNamed(NAMED, () => describeModule(bytes));
    const limited = orNamed(NAMED, () => limitModule(bytes, most));
    if (limited === null) return;
    if (WebAssembly.validate(bytes)) deepStrictEqual(WebAssembly.validate(limited), true);
    const { pages, elements } = bounds(limited);
    if (pages * PAGE_BYTES > most.memoryBytes || elements > most.tableElements)
      throw new Error("it may grow beyond its limits");
  },
});
