import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { readLine } from "../../src/cli/read-line.js";

const never = new AbortController().signal;

function inputOf(...chunks: readonly string[]): PassThrough {
  const input = new PassThrough();
  for (const chunk of chunks) input.write(chunk);
  return input;
}

describe("a line of standard input", () => {
  it("is read without its end, in whatever pieces it comes", async () => {
    expect(await readLine(inputOf("y", "e", "s\r\n"), never)).toBe("yes\r");
    const bytes = Buffer.from("één\n");
    const input = new PassThrough();
    for (const byte of bytes) input.write(Buffer.of(byte));
    expect(await readLine(input, never)).toBe("één");
  });

  it("leaves what comes behind it", async () => {
    const input = inputOf("one\ntwo\nthree");
    expect(await readLine(input, never)).toBe("one");
    expect(await readLine(input, never)).toBe("two");
    input.end();
    expect(await readLine(input, never)).toBeNull();
  });

  it("is none without its end, as core takes it", async () => {
    const input = inputOf("yes");
    input.end();
    expect(await readLine(input, never)).toBeNull();
    expect(await readLine(input, never)).toBeNull();
  });

  it("is none when its source fails", async () => {
    const input = new PassThrough();
    const line = readLine(input, never);
    input.destroy(new Error("gone"));
    expect(await line).toBeNull();
  });

  it("is none after an interruption, before or while it is waited for", async () => {
    const controller = new AbortController();
    const input = inputOf();
    const line = readLine(input, controller.signal);
    controller.abort();
    expect(await line).toBeNull();
    expect(await readLine(inputOf("yes\n"), controller.signal)).toBeNull();
    expect(input.listenerCount("data")).toBe(0);
  });

  it("may have 64 KiB and no more", async () => {
    const whole = "y".repeat(64 * 1024);
    expect(await readLine(inputOf(`${whole}\n`), never)).toBe(whole);
    expect(await readLine(inputOf(`${whole}y\n`), never)).toBeNull();
  });
});
