import { describe, expect, it } from "vitest";
import { GuestError } from "../../../runtimes/guest-error.js";
import { Ending, guestErrorOf, ProgramExit } from "../../../runtimes/wasm/ending.js";

const ROOM = { usedBytes: 65_536, limitBytes: 1_048_576 };
const FULL = { usedBytes: 1_000_000, limitBytes: 1_048_576 };

describe("the ending of a guest", () => {
  it("keeps its first cause, and tells it again at every later call", () => {
    const ending = new Ending();
    ending.check();
    expect(ending.cause).toBeNull();
    const first = new Error("first");
    expect(() => ending.end(first)).toThrow(first);
    expect(() => ending.end(new Error("second"))).toThrow(first);
    expect(() => {
      ending.check();
    }).toThrow(first);
    expect(ending.cause).toBe(first);
  });
});

describe("what came out of guest code", () => {
  it("stays what it is when it is a GuestError", () => {
    const error = new GuestError("GUEST_MESSAGE_TOO_LARGE", "too large", true);
    expect(guestErrorOf(error, "in a test", FULL)).toBe(error);
  });

  it("is GUEST_CRASHED for a trap and an exit, with what happened and the cause", () => {
    const trap = new WebAssembly.RuntimeError("unreachable");
    expect(guestErrorOf(trap, "in a test", ROOM)).toMatchObject({ code: "GUEST_CRASHED", gone: true, cause: trap });
    expect(guestErrorOf(trap, "in a test", ROOM).message).toContain("unreachable");
    expect(guestErrorOf(new ProgramExit(9), "in a test", ROOM).message).toContain("code 9");
  });

  it("is GUEST_MEMORY for the same with the memory at its limit, and tells how much that was", () => {
    for (const error of [new WebAssembly.RuntimeError("unreachable"), new ProgramExit(2)]) {
      expect(guestErrorOf(error, "in a test", FULL)).toMatchObject({ code: "GUEST_MEMORY", gone: true });
    }
    expect(guestErrorOf(new ProgramExit(2), "in a test", FULL).message).toContain("1000000B of 1MiB");
  });

  it("is GUEST_MEMORY for an exhausted stack or engine, whatever the memory", () => {
    expect(guestErrorOf(new RangeError("Maximum call stack size exceeded"), "in a test", ROOM)).toMatchObject({
      code: "GUEST_MEMORY",
      gone: true,
    });
    expect(guestErrorOf(new RangeError("Out of memory"), "in a test", ROOM).message).toContain("memory");
  });

  it("is GUEST_CRASHED for things that are no errors at all", () => {
    expect(guestErrorOf("a text", "in a test", ROOM)).toMatchObject({ code: "GUEST_CRASHED", gone: true });
  });
});
