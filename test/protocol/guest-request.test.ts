import { describe, expect, it } from "vitest";
import { answerRequest, readGuestRequest, refuseRequest } from "../../src/protocol/guest-request.js";
import { RequestError } from "../../src/protocol/request-error.js";

describe("a request of the guest", () => {
  it("is read with its own id", () => {
    const line = '{"jsonrpc":"2.0","id":"a","method":"http/fetch","params":{"url":"x"}}';
    expect(readGuestRequest(line)).toEqual({ id: "a", method: "http/fetch", params: { url: "x" } });
  });

  it.each([
    '{"jsonrpc":"2.0","method":"log"}',
    '{"jsonrpc":"2.0","id":1,"result":{"method":"x"}}',
    '{"jsonrpc":"2.0","id":1,"method":"x","params":{"__proto__":{}}}',
    '{"method"',
    '["method"]',
  ])("is not seen in %s", (line) => {
    expect(readGuestRequest(line)).toBeNull();
  });

  it("is answered under its id", () => {
    expect(JSON.parse(answerRequest({ id: "a" }, 1))).toEqual({ jsonrpc: "2.0", id: "a", result: 1 });
  });

  it.each([
    ["REQUEST_UNKNOWN", -32_601],
    ["REQUEST_INVALID", -32_602],
    ["REQUEST_NOT_GRANTED", -32_000],
  ] as const)("is refused with %s as %d", (code, number) => {
    const line = refuseRequest({ id: 1 }, new RequestError(code, "no", { remedy: "ask" }));
    expect(JSON.parse(line)).toEqual({
      jsonrpc: "2.0",
      id: 1,
      error: { code: number, message: "no; ask", data: { code } },
    });
  });
});
