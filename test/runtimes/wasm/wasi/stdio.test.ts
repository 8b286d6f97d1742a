import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ERRNO } from "../../../../runtimes/wasm/wasi/errno.js";
import { thrownCode } from "../../../support/codes.js";
import { wasiHarness } from "./harness.js";

describe("stdin", () => {
  it("gives each line with its LF, one at a time, then its end for ever", () => {
    const { read, recording } = wasiHarness({ lines: ["one", "zwei ä"] });
    expect(read(100)).toBe("one\n");
    expect(recording.reads).toBe(1);
    expect([read(100), read(100), read(100), read(100)]).toEqual(["zwei ä\n", "", "", ""]);
    expect(recording.reads).toBe(3);
  });

  it("gives a line in pieces when the guest asks for few bytes", () => {
    const { read } = wasiHarness({ lines: ["abcde"] });
    expect([read(2), read(3), read(10), read(10)]).toEqual(["ab", "cde", "\n", ""]);
  });

  it("does not block for a read of no bytes", () => {
    const { read, recording } = wasiHarness({ lines: ["one"] });
    expect(read(0)).toBe("");
    expect(recording.reads).toBe(0);
  });

  it("fills several windows in order", () => {
    const { wasi, memory, vectors } = wasiHarness({ lines: ["abcdef"] });
    vectors([2_000, 2], [3_000, 0], [4_000, 100]);
    expect(wasi.fd_read(0, 0, 3, 512)).toBe(ERRNO.success);
    expect(memory.readU32(512)).toBe(7);
    expect(Buffer.from(memory.bytes(2_000, 2)).toString() + Buffer.from(memory.bytes(4_000, 5)).toString()).toBe(
      "abcdef\n",
    );
  });

  it("takes no line when the guest gave a bad pointer", () => {
    const { wasi, vectors, recording } = wasiHarness({ lines: ["one"] });
    vectors([1_024, 10]);
    expect(wasi.fd_read(0, 0, 1, 65_533)).toBe(ERRNO.fault);
    vectors([65_530, 10]);
    expect(wasi.fd_read(0, 0, 1, 512)).toBe(ERRNO.fault);
    expect(recording.reads).toBe(0);
  });

  it("cannot be written", () => {
    expect(wasiHarness().write(0, "x\n")).toBe(ERRNO.badf);
  });
});

describe("stdout", () => {
  it("hands over each line when it is complete", () => {
    const { write, recording } = wasiHarness();
    write(1, "par");
    expect(recording.written).toEqual([]);
    write(1, "tial\nsecond\r\nthi");
    expect(recording.written).toEqual(["partial", "second"]);
  });

  it("gives the same lines however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 8 })),
        fc.integer({ min: 1, max: 5 }),
        (lines, step) => {
          const { wasi, memory, vectors, recording } = wasiHarness();
          const clean = lines.map((line) => line.replaceAll(/[\r\n]/g, ""));
          const bytes = Buffer.from(clean.map((line) => `${line}\n`).join(""));
          for (let at = 0; at < bytes.length; at += step) {
            const chunk = bytes.subarray(at, at + step);
            memory.bytes(1_024, chunk.length).set(chunk);
            vectors([1_024, chunk.length]);
            wasi.fd_write(1, 0, 1, 512);
          }
          expect(recording.written).toEqual(clean);
        },
      ),
    );
  });

  it("says how many bytes it took of several windows", () => {
    const { wasi, memory, vectors, recording } = wasiHarness();
    memory.bytes(1_024, 4).set(Buffer.from("ab\nc"));
    vectors([1_024, 3], [1_027, 1], [1_026, 1]);
    expect(wasi.fd_write(1, 0, 3, 512)).toBe(ERRNO.success);
    expect(memory.readU32(512)).toBe(5);
    expect(recording.written).toEqual(["ab", "c"]);
  });

  it("takes a line of exactly the message size, and ends the guest at one byte more", () => {
    const limits = { messageBytes: 20 };
    const kept = wasiHarness({ limits });
    expect(kept.write(1, `${"x".repeat(20)}\n`)).toBe(ERRNO.success);
    expect(kept.recording.written).toEqual(["x".repeat(20)]);
    const over = wasiHarness({ limits });
    expect(thrownCode(() => over.write(1, "x".repeat(21)))).toBe("GUEST_MESSAGE_TOO_LARGE");
    expect(over.ending.cause).toMatchObject({ code: "GUEST_MESSAGE_TOO_LARGE", gone: true });
  });

  it("ends the guest on bytes that are not UTF-8", () => {
    const { wasi, memory, vectors } = wasiHarness();
    memory.bytes(1_024, 2).set([0xff, 0x0a]);
    vectors([1_024, 2]);
    expect(thrownCode(() => wasi.fd_write(1, 0, 1, 512))).toBe("GUEST_CRASHED");
  });

  it("writes nothing when one of the windows is bad, or too many are named", () => {
    const { wasi, memory, vectors, recording } = wasiHarness();
    memory.bytes(1_024, 2).set(Buffer.from("a\n"));
    vectors([1_024, 2], [65_535, 2]);
    expect(wasi.fd_write(1, 0, 2, 512)).toBe(ERRNO.fault);
    expect(wasi.fd_write(1, 0, 1_025, 512)).toBe(ERRNO.inval);
    expect(wasi.fd_write(1, 0, -1, 512)).toBe(ERRNO.inval);
    expect(wasi.fd_write(1, 65_530, 1, 512)).toBe(ERRNO.fault);
    expect(recording.written).toEqual([]);
  });
});

describe("stderr", () => {
  it("becomes log lines, without empty ones", () => {
    const { write, recording } = wasiHarness();
    write(2, "first\n\r\n\nsec");
    write(2, "ond\r\n");
    expect(recording.logs).toEqual([
      { level: "info", message: "first" },
      { level: "info", message: "second" },
    ]);
    expect(recording.written).toEqual([]);
  });

  it("holds one byte more than a log line may have, and drops the rest", () => {
    const { write, recording } = wasiHarness({ limits: { logLineBytes: 4 } });
    write(2, "abcd\n");
    write(2, "abcde");
    write(2, "fgh\nxyz\n");
    expect(recording.logs.map((record) => record.message)).toEqual(["abcd", "abcde", "xyz"]);
  });

  it("shows broken UTF-8 rather than nothing", () => {
    const { wasi, memory, vectors, recording } = wasiHarness();
    memory.bytes(1_024, 3).set([0x61, 0xff, 0x0a]);
    vectors([1_024, 3]);
    wasi.fd_write(2, 0, 1, 512);
    expect(recording.logs).toEqual([{ level: "info", message: "a\ufffd" }]);
  });
});
