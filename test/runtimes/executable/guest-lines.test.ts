import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endsExchange, GuestLines } from "../../../runtimes/executable/guest-lines.js";

const MIB = 1024 * 1024;

describe("which line ends an exchange", () => {
  it.each([
    '{"jsonrpc":"2.0","method":"log","params":{"message":"x"}}',
    '{"jsonrpc":"2.0","id":1,"method":"http/fetch"}',
    ' {"method":"log","jsonrpc":"2.0"} ',
  ])("a notification or a request does not: %s", (line) => {
    expect(endsExchange(line, 1_000)).toBe(false);
  });

  it.each([
    '{"jsonrpc":"2.0","id":1,"result":{"method":"log"}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"\\"method\\""}}',
    '{"jsonrpc":"2.0","id":1,"result":{},"method":"log"}',
    '{"jsonrpc":"1.0","method":"log"}',
    '[{"jsonrpc":"2.0","method":"log"}]',
    '{"jsonrpc":"2.0","method":"log","__proto__":{}}',
    `{"jsonrpc":"2.0","method":"log","params":${"[".repeat(200)}${"]".repeat(200)}}`,
    "method",
    "",
  ])("an answer does, and all that is no message: %s", (line) => {
    expect(endsExchange(line, 1_000)).toBe(true);
  });

  it("anything is decided without an exception", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(endsExchange(text, 1_000)).toBeTypeOf("boolean");
        expect(endsExchange(`{"method":${text}`, 1_000)).toBeTypeOf("boolean");
      }),
    );
  });
});

describe("the lines that nobody has taken yet", () => {
  it("are given once, in order", () => {
    const lines = new GuestLines(100);
    expect(["a", "b"].map((line) => lines.add(line))).toEqual([true, true]);
    expect(lines.take()).toEqual(["a", "b"]);
    expect(lines.take()).toEqual([]);
  });

  it("may be 1,000, not one more, until they are taken", () => {
    const lines = new GuestLines(100);
    for (let at = 0; at < 1_000; at++) expect(lines.add("")).toBe(true);
    expect(lines.add("")).toBe(false);
    expect(lines.take()).toHaveLength(1_000);
    expect(lines.add("")).toBe(true);
  });

  it("may be one message and 1 MiB, not one byte more, in bytes of UTF-8", () => {
    const lines = new GuestLines(100);
    expect(lines.add("é".repeat(MIB / 2))).toBe(true);
    expect(lines.add("x".repeat(100))).toBe(true);
    expect(lines.add("x")).toBe(false);
    lines.take();
    expect(lines.add("x".repeat(MIB + 101))).toBe(false);
  });
});
