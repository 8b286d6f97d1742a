import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { NO_GRANTS } from "../../../src/protocol/grants.js";
import { DEFAULT_LIMITS } from "../../../src/protocol/limits.js";
import { FrameWriter } from "../../../src/sandbox/frame-writer.js";
import { FrameReader } from "../../../src/sandbox/frames.js";
import type { TextFrame } from "../../../src/sandbox/frames.js";
import { readAnswer, SandboxMessageSchema } from "../../../src/sandbox/messages.js";
import type { ControlMessage, SandboxMessage } from "../../../src/sandbox/messages.js";
import { isPlainFrame } from "../../../src/sandbox/plain-frame.js";
import { SANDBOX_ERROR_CODES, SandboxError } from "../../../src/sandbox/sandbox-error.js";
import { orNamed } from "../expected-error.js";
import { chunkSizes, chunksOf, mutated } from "../mutated.js";
import { fuzzTarget } from "../target.js";

const NAMED = { type: SandboxError, codes: SANDBOX_ERROR_CODES };
const MOST_BYTES = 100_000;
const MOST_VALUES = 65_536;

const toParent: fc.Arbitrary<SandboxMessage> = fc.oneof(
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
const toChild: fc.Arbitrary<ControlMessage> = fc.oneof(
  fc
    .tuple(fc.nat(), fc.integer({ min: 1, max: 8 }), fc.uint8Array({ maxLength: 50 }), fc.string())
    .map(([id, threads, code, name]): ControlMessage => {
      return ["pool", id, threads, { kind: "wasm", name, code: Buffer.from(code), limits: DEFAULT_LIMITS, grants }];
    }),
  fc.tuple(fc.constant("open" as const), fc.nat(), fc.nat()),
  fc.tuple(fc.constant("close" as const), fc.nat()),
);

/** What goes with every call, in either direction. */
const texts: fc.Arbitrary<TextFrame<string>> = fc.record(
  {
    guest: fc.nat(),
    seq: fc.nat(),
    figure: fc.oneof(fc.double({ noNaN: true }), fc.nat()),
    text: fc.string({ unit: "grapheme" }),
  },
  { noNullPrototype: true },
);

function batchesOf<Message>(messages: fc.Arbitrary<Message>): fc.Arbitrary<(Message | TextFrame<string>)[][]> {
  return fc.array(fc.array(fc.oneof(messages, texts), { maxLength: 4 }), { maxLength: 3 });
}

function bytesOf(batches: readonly (readonly unknown[])[]): Buffer {
  const written: Uint8Array[] = [];
  const writer = new FrameWriter<unknown>((bytes) => written.push(bytes));
  for (const batch of batches) {
    for (const one of batch) {
      if (Array.isArray(one)) writer.send(one);
      else writer.text(one as TextFrame<string>);
    }
    writer.flush();
  }
  return Buffer.concat(written);
}

function framesOf(messages: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  return batchesOf(messages).map(bytesOf);
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return value === null || ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function countOf(value: unknown): number {
  return Array.isArray(value) ? value.reduce<number>((sum, one) => sum + countOf(one), 1) : 1;
}

/** Messages as they are unpacked, and texts as they stand in their frames. */
function readAll(
  bytes: Buffer,
  sizes: readonly number[],
  isAllowed: (body: Buffer) => boolean = () => true,
): unknown[] | null {
  const read: unknown[] = [];
  const handler = {
    messages: (messages: readonly unknown[]) => read.push(...messages),
    text: ({ text, ...head }: TextFrame<Buffer>) => read.push({ ...head, text: text.toString() }),
    isAllowed,
  };
  const reader = new FrameReader(handler, () => MOST_BYTES);
  return orNamed(NAMED, () => {
    for (const chunk of chunksOf(bytes, sizes)) reader.push(chunk);
    return read;
  });
}

function isText(value: unknown): value is TextFrame<string> {
  return typeof value === "object" && value !== null && "text" in value;
}

export const framesToParent = fuzzTarget({
  name: "frames-to-parent",
  rule: "what the sandbox host sends is known messages of plain values, or SANDBOX_BAD_FRAME",
  testRuns: 500,
  inputs: fc.record({ bytes: mutated(framesOf(toParent)), sizes: chunkSizes }),
  kept: [],
  holds: ({ bytes, sizes }) => {
    const read = readAll(bytes, sizes, isPlainFrame) ?? [];
    const messages = read.filter((one) => !isText(one));
    if (!isPlain(messages) || countOf(messages) > MOST_VALUES) throw new Error("a frame holds what it must not");
    v.safeParse(v.array(SandboxMessageSchema), messages, { abortEarly: true });
    for (const one of read.filter(isText)) orNamed(NAMED, () => readAnswer({ ...one, text: Buffer.from(one.text) }));
    deepStrictEqual(readAll(bytes, [bytes.length || 1], isPlainFrame) ?? [], read);
  },
});

export const framesToChild = fuzzTarget({
  name: "frames-to-child",
  rule: "what the parent sends comes out as it went in, and broken bytes are SANDBOX_BAD_FRAME",
  testRuns: 300,
  inputs: fc.record({
    batches: batchesOf(toChild),
    noise: mutated(framesOf(toChild)),
    sizes: chunkSizes,
  }),
  kept: [],
  holds: ({ batches, noise, sizes }) => {
    deepStrictEqual(readAll(bytesOf(batches), sizes), batches.flat());
    readAll(noise, sizes);
  },
});
