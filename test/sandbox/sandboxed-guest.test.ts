import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.js";
import type { HostMessage } from "../../src/sandbox/messages.js";
import { SandboxedGuest } from "../../src/sandbox/sandboxed-guest.js";
import { rejectedCode } from "../support/codes.js";
import { recorder } from "../support/sandboxed.js";

const ID = 7;

/** A guest whose sandbox host is the test itself. */
function guestOf() {
  const sent: HostMessage[] = [];
  const observer = recorder();
  let ends = 0;
  const guest = new SandboxedGuest({
    id: ID,
    limits: { ...DEFAULT_LIMITS, timeoutMs: 11, initializeTimeoutMs: 22, messageBytes: 100 },
    send: (message) => sent.push(message),
    observer,
    ended: () => ends++,
  });
  // Asked for in one test only.
  guest.loaded.catch(() => undefined);
  return { guest, sent, records: observer.records, ends: () => ends };
}

/** Whatever a call came to: its lines, or its code. */
async function outcome(call: Promise<{ readonly lines: readonly string[] }>): Promise<readonly string[] | string> {
  return call.then(
    ({ lines }) => lines,
    (error: unknown) => rejectedCode(Promise.reject(error as Error)),
  );
}

describe("a guest of the sandbox host", () => {
  it("is loaded when the host says so", async () => {
    const { guest } = guestOf();
    expect(guest.busy).toBe(true);
    guest.take(["loaded", ID]);
    await guest.loaded;
    expect(guest.busy).toBe(false);
  });

  it("is not loaded when its code is at fault, and takes no call", async () => {
    const { guest, ends } = guestOf();
    guest.take(["failed", ID, 0, "GUEST_LOAD", "no", true, "mend it"]);
    await expect(guest.loaded).rejects.toMatchObject({ code: "GUEST_LOAD", remedy: "mend it" });
    expect([await outcome(guest.exchange("a")), ends(), guest.busy]).toEqual(["GUEST_GONE", 1, false]);
  });

  it("has the longer time for its first call alone", () => {
    const { guest, sent } = guestOf();
    for (const line of ["a", "b", "c"]) void guest.exchange(line);
    expect(sent).toEqual([
      ["line", ID, 1, 22, "a"],
      ["line", ID, 2, 11, "b"],
      ["line", ID, 3, 11, "c"],
    ]);
  });

  it("gives each call its own answer, whatever their order", async () => {
    const { guest } = guestOf();
    const calls = ["a", "b"].map((line) => outcome(guest.exchange(line)));
    guest.take(["answer", ID, 2, ["for b"], 5]);
    expect(guest.busy).toBe(true);
    guest.take(["loaded", ID]);
    guest.take(["answer", ID, 1, ["for", "a"], 5]);
    expect(await Promise.all(calls)).toEqual([["for", "a"], ["for b"]]);
    expect(guest.busy).toBe(false);
  });

  it("ignores an answer to what was never asked, and a second one", async () => {
    const { guest } = guestOf();
    const call = outcome(guest.exchange("a"));
    guest.take(["answer", ID, 9, ["stray"], 5]);
    guest.take(["answer", ID, 1, ["first"], 5]);
    guest.take(["answer", ID, 1, ["second"], 5]);
    guest.take(["failed", ID, 9, "GUEST_CRASHED", "stray", false, null]);
    expect(await call).toEqual(["first"]);
  });

  it("fails one call and lives on", async () => {
    const { guest, ends } = guestOf();
    const calls = ["a", "b"].map((line) => outcome(guest.exchange(line)));
    guest.take(["failed", ID, 1, "GUEST_CRASHED", "threw", false, null]);
    guest.take(["answer", ID, 2, ["b"], 5]);
    expect(await Promise.all(calls)).toEqual(["GUEST_CRASHED", ["b"]]);
    expect(ends()).toBe(0);
  });

  it("that ends in a call fails it with the reason; the others never reached it", async () => {
    const { guest, ends } = guestOf();
    const calls = ["a", "b", "c"].map((line) => outcome(guest.exchange(line)));
    guest.take(["failed", ID, 2, "GUEST_TIMEOUT", "slow", true, null]);
    expect(await Promise.all(calls)).toEqual(["GUEST_GONE", "GUEST_TIMEOUT", "GUEST_GONE"]);
    guest.take(["failed", ID, 3, "GUEST_CRASHED", "again", true, null]);
    expect([await outcome(guest.exchange("d")), ends()]).toEqual(["GUEST_GONE", 1]);
  });

  it("loses every call with the sandbox host, under one code", async () => {
    const { guest, ends } = guestOf();
    const calls = ["a", "b"].map((line) => outcome(guest.exchange(line)));
    guest.sandboxDied("SIGKILL");
    expect(await Promise.all(calls)).toEqual(["GUEST_SANDBOX_DIED", "GUEST_SANDBOX_DIED"]);
    await expect(guest.loaded).rejects.toMatchObject({ code: "GUEST_SANDBOX_DIED", gone: true });
    expect(ends()).toBe(1);
  });

  it("that is closed tells the host once, and rejects what was under way", async () => {
    const { guest, sent, ends } = guestOf();
    const call = outcome(guest.exchange("a"));
    await guest.close();
    await guest.close();
    guest.sandboxDied("later");
    expect(await call).toBe("GUEST_GONE");
    expect(sent.filter(([type]) => type === "close")).toEqual([["close", ID]]);
    expect(ends()).toBe(1);
  });

  it("takes a line of the message size in bytes, and refuses one more before the host sees it", async () => {
    const { guest, sent } = guestOf();
    void guest.exchange("é".repeat(50));
    expect(await outcome(guest.exchange(`${"é".repeat(50)}x`))).toBe("GUEST_MESSAGE_TOO_LARGE");
    expect(sent).toHaveLength(1);
    expect(guest.busy).toBe(true);
  });

  it("passes its log on", () => {
    const { guest, records } = guestOf();
    guest.take(["log", ID, "warn", "hello"]);
    expect(records).toEqual([{ level: "warn", message: "hello" }]);
  });
});
