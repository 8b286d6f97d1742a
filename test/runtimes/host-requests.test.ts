import { describe, expect, it } from "vitest";
import { HostRequests } from "../../runtimes/host-requests.js";
import { REQUEST_LIMITS } from "../../src/protocol/limits.js";
import { settled } from "../support/scripted-guest.js";

const request = (id: number): string => JSON.stringify({ jsonrpc: "2.0", id, method: "http/fetch" });

interface Asked {
  readonly line: string;
  readonly over: AbortSignal;
  readonly answer: (line: string | null) => void;
}

/** A host that answers when it is told to. */
function host(answers = true) {
  const asked: Asked[] = [];
  const replies: [call: number, answer: string][] = [];
  const answer = (line: string, over: AbortSignal) =>
    new Promise<string | null>((resolve) => {
      asked.push({ line, over, answer: resolve });
    });
  const observer = { log: () => undefined, ...(answers && { answer }) };
  const requests = new HostRequests(observer, (call, line) => replies.push([call, line]));
  return { requests, asked, replies };
}

const refusals = (replies: readonly (readonly [number, string])[]): unknown[] =>
  replies.map(([call, line]) => {
    const { id, error } = JSON.parse(line) as { id: number; error: { data: { code: string } } };
    return [call, id, error.data.code];
  });

describe("the requests of one guest", () => {
  it("are answered one at a time, in their order", async () => {
    const { requests, asked, replies } = host();
    requests.take(1, request(1));
    requests.take(1, request(2));
    expect(asked.map(({ line }) => line)).toEqual([request(1)]);
    asked[0]?.answer("first");
    await settled();
    expect(asked.map(({ line }) => line)).toEqual([request(1), request(2)]);
    asked[1]?.answer("second");
    await settled();
    expect(replies).toEqual([
      [1, "first"],
      [1, "second"],
    ]);
  });

  it("may wait behind the one under way up to their number, and no more", () => {
    const { requests } = host();
    requests.take(1, request(0));
    for (let id = 1; id <= REQUEST_LIMITS.waiting; id++) expect(requests.take(1, request(id))).toBe(true);
    expect(requests.take(1, request(99))).toBe(false);
  });

  it("end with their call: what waits is refused, what is under way is told, and others go on", async () => {
    const { requests, asked, replies } = host();
    requests.take(1, request(1));
    requests.take(1, request(2));
    requests.take(2, request(3));
    requests.callEnded(1);
    expect(asked[0]?.over.aborted).toBe(true);
    expect(refusals(replies)).toEqual([[1, 2, "REQUEST_INVALID"]]);
    asked[0]?.answer("over");
    await settled();
    expect(asked[1]?.line).toBe(request(3));
    expect(asked[1]?.over.aborted).toBe(false);
  });

  it("end with the guest: nothing is answered any more", async () => {
    const { requests, asked, replies } = host();
    requests.take(1, request(1));
    requests.take(1, request(2));
    requests.close();
    expect(asked[0]?.over.aborted).toBe(true);
    asked[0]?.answer("late");
    await settled();
    expect(replies).toEqual([]);
    expect(requests.take(1, request(3))).toBe(false);
  });

  it("are refused by a host that answers none", () => {
    const { requests, replies } = host(false);
    requests.take(1, request(1));
    requests.take(1, request(2));
    expect(refusals(replies)).toEqual([
      [1, 1, "REQUEST_INVALID"],
      [1, 2, "REQUEST_INVALID"],
    ]);
  });
});
