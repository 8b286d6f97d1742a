import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { NO_GRANTS } from "../../../src/protocol/grants.js";
import { DEFAULT_LIMITS } from "../../../src/protocol/limits.js";
import { encodeFrame, FrameReader } from "../../../src/sandbox/frames.js";
import { SandboxMessageSchema } from "../../../src/sandbox/messages.js";
import type { HostMessage, SandboxMessage } from "../../../src/sandbox/messages.js";
import { isPlainFrame } from "../../../src/sandbox/plain-frame.js";
import { SANDBOX_ERROR_CODES, SandboxError } from "../../../src/sandbox/sandbox-error.js";
import { orNamed } from "../expected-error.js";
import { chunkSizes, chunksOf, mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

const NAMED = { type: SandboxError, codes: SANDBOX_ERROR_CODES };
const MOST_BYTES = 100_000;
const MOST_VALUES = 65_536;

const toParent: fc.Arbitrary<SandboxMessage> = fc.oneof(
  fc.tuple(fc.constant("answer" as const), fc.nat(), fc.nat(), fc.array(fc.string({ unit: "grapheme" })), fc.nat()),
  fc.tuple(fc.constant("loaded" as const), fc.nat()),
  fc.tuple(fc.constant("log" as const), fc.nat(), fc.constantFrom("info" as const, "error" as const), fc.string()),
  fc.tuple(
    fc.constant("failed" as const),
    fc.nat(),
    fc.nat(),
    fc.constantFrom("GUEST_TIMEOUT" as const, "GUEST_CRASHED" as const),
    fc.string(),
    fc.boolean(),
    fc.option(fc.string()),
  ),
);

const grants = NO_GRANTS;
const toChild: fc.Arbitrary<HostMessage> = fc.oneof(
  fc
    .tuple(fc.nat(), fc.integer({ min: 1, max: 8 }), fc.uint8Array({ maxLength: 50 }), fc.string())
    .map(([id, threads, code, name]): HostMessage => {
      return ["pool", id, threads, { kind: "wasm", name, code: Buffer.from(code), limits: DEFAULT_LIMITS, grants }];
    }),
  fc.tuple(fc.constant("open" as const), fc.nat(), fc.nat()),
  fc.tuple(fc.constant("line" as const), fc.nat(), fc.nat(), fc.nat(), fc.string({ unit: "grapheme" })),
  fc.tuple(fc.constant("close" as const), fc.nat()),
);

function framesOf(messages: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  return fc
    .array(fc.array(messages, { maxLength: 4 }), { maxLength: 3 })
    .map((all) => Buffer.concat(all.map(encodeFrame)));
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return value === null || ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function countOf(value: unknown): number {
  return Array.isArray(value) ? value.reduce<number>((sum, one) => sum + countOf(one), 1) : 1;
}

function readAll(bytes: Buffer, sizes: readonly number[], isAllowed?: (body: Buffer) => boolean): unknown[][] | null {
  const frames: unknown[][] = [];
  const reader = new FrameReader(
    (messages) => frames.push([...messages]),
    () => MOST_BYTES,
    isAllowed,
  );
  const read = orNamed(NAMED, () => {
    for (const chunk of chunksOf(bytes, sizes)) reader.push(chunk);
    return frames;
  });
  return read;
}

export const framesToParent = fuzzTarget({
  name: "frames-to-parent",
  rule: "what the sandbox host sends is known messages of plain values, or SANDBOX_BAD_FRAME",
  testRuns: 500,
  inputs: fc.record({ bytes: mutated(framesOf(toParent)), sizes: chunkSizes }),
  kept: [],
  holds: ({ bytes, sizes }) => {
    const frames = readAll(bytes, sizes, isPlainFrame) ?? [];
    for (const frame of frames) {
      if (!isPlain(frame) || countOf(frame) > MOST_VALUES) throw new Error("a frame holds what it must not");
      v.safeParse(v.array(SandboxMessageSchema), frame, { abortEarly: true });
    }
    deepStrictEqual(readAll(bytes, [bytes.length || 1], isPlainFrame) ?? [], frames);
  },
});

export const framesToChild = fuzzTarget({
  name: "frames-to-child",
  rule: "what the parent sends comes out as it went in, and broken bytes are SANDBOX_BAD_FRAME",
  testRuns: 300,
  inputs: fc.record({
    batches: fc.array(fc.array(toChild, { maxLength: 4 }), { maxLength: 3 }),
    noise: mutated(framesOf(toChild)),
    sizes: chunkSizes,
  }),
  kept: [],
  holds: ({ batches, noise, sizes }) => {
    deepStrictEqual(readAll(Buffer.concat(batches.map(encodeFrame)), sizes), batches);
    readAll(noise, sizes);
  },
});
