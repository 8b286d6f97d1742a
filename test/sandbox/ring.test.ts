import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RECORD, Ring } from "../../src/sandbox/child/ring.js";

const SIZE = 512;

function take(ring: Ring): readonly [kind: number, seq: number, figure: number, text: string] | null {
  const record = ring.peek();
  if (record === null) return null;
  const taken = [record.kind, record.seq, record.figure, record.bytes.toString()] as const;
  ring.release();
  return taken;
}

describe("a ring", () => {
  it("gives every record that it took, whole and in order, whenever it is read", () => {
    const step = fc.oneof(fc.constant("take" as const), fc.string({ unit: "grapheme", maxLength: 30 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const writer = Ring.of(SIZE);
        const reader = new Ring(writer.buffer);
        const waiting: (readonly [number, number, number, string])[] = [];
        for (const [seq, what] of steps.entries()) {
          if (what === "take") expect(take(reader)).toEqual(waiting.shift() ?? null);
          else if (writer.push(RECORD.text, seq, seq / 3, what)) waiting.push([RECORD.text, seq, seq / 3, what]);
        }
        for (const expected of waiting) expect(take(reader)).toEqual(expected);
        expect(take(reader)).toBeNull();
      }),
    );
  });

  it("has room for a record of the most bytes wherever it stands, once it is empty", () => {
    for (let start = 0; start < SIZE; start += 8) {
      const ring = Ring.of(SIZE);
      for (let moved = 0; moved < start; moved += 32) {
        ring.push(RECORD.text, 1, 0, "12345678");
        take(ring);
      }
      expect(ring.push(RECORD.text, 2, 0, new Uint8Array(ring.mostBytes))).toBe(true);
      expect(take(ring)?.[3]).toHaveLength(ring.mostBytes);
    }
  });

  it("says when there is no room, and keeps what it had", () => {
    const ring = Ring.of(SIZE);
    const full = new Uint8Array(SIZE - 64);
    expect([ring.push(RECORD.text, 1, 0, full), ring.hasRoom(100), ring.push(RECORD.text, 2, 0, full)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(take(ring)?.[1]).toBe(1);
    expect(take(ring)).toBeNull();
  });

  it("has its reader told once until the reader listens again", () => {
    const ring = Ring.of(SIZE);
    expect([ring.mustSignal(), ring.mustSignal()]).toEqual([true, false]);
    ring.hears();
    expect(ring.mustSignal()).toBe(true);
  });
});
