import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GrpcMessage } from "../../../../src/hosts/terraform/wire/grpc-message.js";
import { prefixed } from "./raw-peer.js";

describe("a gRPC message", () => {
  it("is whole however its bytes are cut, and never before", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (message, sizes) => {
          const bytes = prefixed(message);
          const held = new GrpcMessage();
          for (let at = 0, n = 0; at < bytes.length; n++) {
            expect(held.isWhole).toBe(false);
            const size = sizes[n % sizes.length] ?? 1;
            expect(held.push(bytes.subarray(at, at + size))).toBeNull();
            at += size;
            expect(Buffer.compare(held.raw(), bytes.subarray(0, at))).toBe(0);
          }
          expect(held.isWhole).toBe(true);
          expect(Buffer.compare(held.message(), message)).toBe(0);
        },
      ),
    );
  });

  it("that came as one piece is not copied", () => {
    const held = new GrpcMessage();
    const bytes = prefixed(Buffer.from("abc"));
    held.push(bytes);
    expect(held.message().buffer).toBe(bytes.buffer);
  });

  it("may be as long as the limit and no longer, whole or not", () => {
    expect(new GrpcMessage(10).push(prefixed(Buffer.alloc(10)))).toBeNull();
    expect(new GrpcMessage(10).push(prefixed(Buffer.alloc(11)))).toBe("WIRE_MESSAGE_TOO_LARGE");
    expect(new GrpcMessage(10).push(prefixed(Buffer.alloc(11)).subarray(0, 5))).toBe("WIRE_MESSAGE_TOO_LARGE");
  });

  it("larger than the room made at once is whole too", () => {
    const message = Buffer.alloc(17 * 1_048_576, 7);
    const bytes = prefixed(message);
    const held = new GrpcMessage();
    for (let at = 0; at < bytes.length; at += 100_000) expect(held.push(bytes.subarray(at, at + 100_000))).toBeNull();
    expect(message.equals(held.message())).toBe(true);
  });

  it("is known to be compressed, of an unknown form, or not alone", () => {
    expect(new GrpcMessage().push(prefixed(Buffer.alloc(3), 1))).toBe("WIRE_COMPRESSED");
    expect(new GrpcMessage().push(prefixed(Buffer.alloc(3), 2))).toBe("WIRE_NOT_UNARY");
    const held = new GrpcMessage();
    expect(held.push(prefixed(Buffer.alloc(3)))).toBeNull();
    expect(held.push(Buffer.of(0))).toBe("WIRE_NOT_UNARY");
    expect(held.raw()).toHaveLength(9);
  });
});
