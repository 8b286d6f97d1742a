import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StderrTail } from "../../../../src/hosts/terraform/providers/stderr-tail.js";

function tail(...chunks: readonly string[]) {
  const lines: string[] = [];
  const stderr = new StderrTail((line) => lines.push(line));
  for (const chunk of chunks) stderr.push(Buffer.from(chunk));
  stderr.end();
  return { lines, kept: stderr.lines };
}

describe("the stderr of a provider", () => {
  it("is cut into lines, whatever pieces it comes in", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[^\n\r]*$/), { minLength: 1 }), fc.array(fc.nat(20)), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const seen: string[] = [];
        const stderr = new StderrTail((line) => seen.push(line));
        let from = 0;
        for (const cut of cuts) stderr.push(bytes.subarray(from, (from += cut)));
        stderr.push(bytes.subarray(from));
        expect(seen).toEqual(lines.map((line) => Buffer.from(line).toString("utf8")));
      }),
    );
  });

  it("may end without a line end, or with one of Windows", () => {
    expect(tail("one\r\ntwo").lines).toEqual(["one", "two"]);
  });

  it("is kept for its last hundred lines", () => {
    const lines = Array.from({ length: 101 }, (_, at) => String(at));
    expect(tail(lines.join("\n")).kept).toEqual(lines.slice(1));
  });

  it("is kept from a panic on, for a hundred lines", () => {
    const trace = Array.from({ length: 150 }, (_, at) => `frame ${at}`);
    const { kept } = tail(["before", "panic: no", ...trace, "panic: again"].join("\n"));
    expect(kept).toEqual(["panic: no", ...trace.slice(0, 99)]);
    expect(tail("x\nfatal error: all goroutines are asleep\ny").kept).toEqual([
      "fatal error: all goroutines are asleep",
      "y",
    ]);
    expect(tail("x\nSIGABRT: abort\nPC=0x1").kept).toEqual(["SIGABRT: abort", "PC=0x1"]);
    expect(tail("no panic: here").kept).toEqual(["no panic: here"]);
  });

  it("is kept for 2 KiB of a line", () => {
    expect(tail("x".repeat(3000)).kept).toEqual(["x".repeat(2048)]);
  });

  it("is a line after 64 KiB, wherever its end is", () => {
    expect(tail("x".repeat(65_536), "y\n").lines).toEqual([`${"x".repeat(65_536)}y`]);
    expect(tail("x".repeat(65_537), "y\n").lines).toEqual(["x".repeat(65_537), "y"]);
  });
});
