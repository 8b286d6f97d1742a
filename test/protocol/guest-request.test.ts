import { describe, expect, it } from "vitest";
import { answerGuestRequest } from "../../src/protocol/guest-request.js";

describe("a request of the guest", () => {
  it("is answered with -32601 under its own id", () => {
    const answer = answerGuestRequest('{"jsonrpc":"2.0","id":"a","method":"http/fetch","params":{}}');
    expect(JSON.parse(answer ?? "")).toMatchObject({ jsonrpc: "2.0", id: "a", error: { code: -32601 } });
  });

  it.each([
    '{"jsonrpc":"2.0","method":"log"}',
    '{"jsonrpc":"2.0","id":1,"result":{"method":"x"}}',
    '{"method"',
    '["method"]',
  ])("is not seen in %s", (line) => {
    expect(answerGuestRequest(line)).toBeNull();
  });
});
