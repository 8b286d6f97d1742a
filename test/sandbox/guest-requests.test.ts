import { describe, expect, it } from "vitest";
import type { GuestObserver } from "../../runtimes/guest.js";
import { DEFAULT_LIMITS, REQUEST_LIMITS } from "../../src/protocol/limits.js";
import { SandboxMessageSchema } from "../../src/sandbox/messages.js";
import type { HostMessage } from "../../src/sandbox/messages.js";
import { SandboxedGuest } from "../../src/sandbox/sandboxed-guest.js";
import { Sandbox } from "../../src/sandbox/sandbox.js";
import { jsSpec } from "../support/sandboxed.js";
import { settled } from "../support/scripted-guest.js";
import * as v from "valibot";

const ID = 7;
const REQUEST = '{"jsonrpc":"2.0","id":"q","method":"http/fetch"}';

/** A guest in a call whose sandbox host is the test itself. */
function guestOf() {
  const sent: HostMessage[] = [];
  const asked: { readonly over: AbortSignal; readonly answer: (line: string) => void }[] = [];
  const observer: GuestObserver = {
    log: () => undefined,
    answer: (_line, over) =>
      new Promise((resolve) => {
        asked.push({ over, answer: resolve });
      }),
  };
  const send = (message: HostMessage) => sent.push(message);
  const guest = new SandboxedGuest({ id: ID, limits: DEFAULT_LIMITS, send, observer, ended: () => undefined });
  guest.loaded.catch(() => undefined);
  const call = guest.exchange("one");
  call.catch(() => undefined);
  const replies = () => sent.filter(([type]) => type === "reply");
  return { guest, call, asked, replies };
}

describe("a request that the sandbox host brings", () => {
  it("is answered in its call", async () => {
    const { guest, asked, replies } = guestOf();
    guest.take(["request", ID, 1, REQUEST]);
    asked[0]?.answer("answer");
    await settled();
    expect(replies()).toEqual([["reply", ID, 1, "answer"]]);
  });

  it("is not looked at for a call that is not under way, nor while another is answered", () => {
    const { guest, asked } = guestOf();
    guest.take(["request", ID, 2, REQUEST]);
    expect(asked).toHaveLength(0);
    guest.take(["request", ID, 1, REQUEST]);
    for (let again = 0; again < 1_000; again++) guest.take(["request", ID, 1, REQUEST]);
    expect(asked).toHaveLength(1);
  });

  it("is over when its call is answered, fails, or is lost", async () => {
    const ends: ((guest: SandboxedGuest) => unknown)[] = [
      (guest) => {
        guest.take(["answer", ID, 1, ["{}"], 1]);
      },
      (guest) => {
        guest.take(["failed", ID, 1, "GUEST_TIMEOUT", "late", true, null]);
      },
      (guest) => {
        guest.sandboxDied("gone");
      },
      (guest) => guest.close(),
    ];
    for (const end of ends) {
      const { guest, asked } = guestOf();
      guest.take(["request", ID, 1, REQUEST]);
      expect(asked[0]?.over.aborted).toBe(false);
      await end(guest);
      expect(asked[0]?.over.aborted).toBe(true);
    }
  });

  it("may have the size of a request and no more", () => {
    const message = (length: number) => ["request", ID, 1, "x".repeat(length)];
    expect(v.is(SandboxMessageSchema, message(REQUEST_LIMITS.requestBytes))).toBe(true);
    expect(v.is(SandboxMessageSchema, message(REQUEST_LIMITS.requestBytes + 1))).toBe(false);
  });
});

describe("a guest in the sandbox", () => {
  const ASKING = `export function handle(line) {
    const { id, method } = JSON.parse(line);
    if (method === undefined) return "heard " + id;
    if (id === "send") { airlock.send('{"jsonrpc":"2.0","id":1,"method":"x"}'); return "sent"; }
    if (id === "bad") { try { airlock.request("no request"); } catch (error) { return error.message; } }
    return airlock.request('{"jsonrpc":"2.0","id":1,"method":"x"}') + " " + id;
  }`;

  it("stands still until it is answered, and calls behind it keep their order", async () => {
    await using sandbox = new Sandbox();
    const answer = () => settled().then(() => "answer");
    const guest = await sandbox.open(sandbox.addPool(jsSpec(ASKING), 1), { log: () => undefined, answer });
    const calls = Array.from({ length: 20 }, (_, id) => guest.exchange(JSON.stringify({ id, method: "m" })));
    const lines = (await Promise.all(calls)).flatMap((exchange) => exchange.lines);
    expect(lines).toEqual(Array.from({ length: 20 }, (_, id) => `answer ${id}`));
  });

  it("is told what is no request", async () => {
    await using sandbox = new Sandbox();
    const guest = await sandbox.open(sandbox.addPool(jsSpec(ASKING), 1), { log: () => undefined });
    const { lines } = await guest.exchange('{"id":"bad","method":"m"}');
    expect(lines[0]).toContain("JSON-RPC");
  });
});
