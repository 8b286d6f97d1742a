import fc from "fast-check";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { firstLine, MAX_HANDSHAKE_BYTES, parseHandshake } from "../../../../src/hosts/terraform/providers/handshake.js";
import { rejectedCode, thrownCode } from "../../../support/codes.js";

const SOURCE = "example.com/a/b";

describe("a handshake", () => {
  it.each([
    ["1|5|unix|/tmp/plugin123|grpc|", 5, { network: "unix", path: "/tmp/plugin123" }],
    ["1|6|unix|/tmp/plugin123|grpc||false", 6, { network: "unix", path: "/tmp/plugin123" }],
    ["1|5|tcp|127.0.0.1:10001|grpc", 5, { network: "tcp", host: "127.0.0.1", port: 10_001 }],
    [" 1|5|unix|/tmp/plugin123|grpc|\r", 5, { network: "unix", path: "/tmp/plugin123" }],
  ])("is understood: %j", (line, protocol, address) => {
    expect(parseHandshake(line, SOURCE)).toEqual({ protocol, address });
  });

  it.each([
    ["PROVIDER_HANDSHAKE", ""],
    ["PROVIDER_HANDSHAKE", "hello"],
    ["PROVIDER_HANDSHAKE", "1|5|unix"],
    ["PROVIDER_HANDSHAKE", "1|5|unix||grpc|"],
    ["PROVIDER_HANDSHAKE", "2|5|unix|/s|grpc|"],
    ["PROVIDER_HANDSHAKE", "1|5|unix|/s"],
    ["PROVIDER_HANDSHAKE", "1|5|unix|/s|netrpc|"],
    ["PROVIDER_HANDSHAKE", "1|5|unix|relative|grpc|"],
    ["PROVIDER_HANDSHAKE", "1|5|tcp|192.0.2.1:80|grpc|"],
    ["PROVIDER_HANDSHAKE", `1|5|unix|/s|grpc|${"A".repeat(51)}`],
    ["PROVIDER_PROTOCOL", "1|4|unix|/s|grpc|"],
    ["PROVIDER_PROTOCOL", "1|7|unix|/s|grpc|"],
    ["PROVIDER_PROTOCOL", "1||unix|/s|grpc|"],
  ])("is refused as %s: %j", (code, line) => {
    expect(thrownCode(() => parseHandshake(line, SOURCE))).toBe(code);
  });

  it("may have 50 characters more, which mean nothing", () => {
    expect(parseHandshake(`1|5|unix|/s|grpc|${"A".repeat(50)}`, SOURCE).protocol).toBe(5);
  });

  it("is understood or refused with its own error, whatever it is", () => {
    const line = fc.array(fc.oneof(fc.constantFrom("1", "5", "6", "unix", "tcp", "/s", "grpc"), fc.string()), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(line, (parts) => {
        try {
          parseHandshake(parts.join("|"), SOURCE);
        } catch (error) {
          expect(error).toHaveProperty("code", expect.stringMatching(/^PROVIDER_(HANDSHAKE|PROTOCOL)$/));
        }
      }),
    );
  });
});

describe("the first line of a stream", () => {
  it("is found across pieces, and the rest is thrown away", async () => {
    const stream = new PassThrough();
    const line = firstLine(stream, SOURCE);
    for (const piece of ["on", "e\ntw", "o\n", "x".repeat(1024 * 1024)]) stream.write(piece);
    expect(await line).toBe("one");
    stream.end();
    await new Promise((resolve) => stream.once("end", resolve));
    expect(stream.readableLength).toBe(0);
  });

  it("is missing when the stream ends before", async () => {
    const stream = new PassThrough();
    const line = firstLine(stream, SOURCE);
    stream.end("no line end");
    expect(await line).toBeUndefined();
  });

  it("may have 16 KiB and no more", async () => {
    const longest = new PassThrough();
    longest.end(`${"x".repeat(MAX_HANDSHAKE_BYTES)}\n`);
    expect(await firstLine(longest, SOURCE)).toHaveLength(MAX_HANDSHAKE_BYTES);
    const tooLong = new PassThrough();
    tooLong.end(`${"x".repeat(MAX_HANDSHAKE_BYTES + 1)}\n`);
    expect(await rejectedCode(firstLine(tooLong, SOURCE))).toBe("PROVIDER_HANDSHAKE");
    const endless = new PassThrough();
    endless.write("x".repeat(MAX_HANDSHAKE_BYTES + 1));
    expect(await rejectedCode(firstLine(endless, SOURCE))).toBe("PROVIDER_HANDSHAKE");
  });
});
