import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Sandbox } from "../../src/sandbox/sandbox.js";
import { rejectedCode } from "../support/codes.js";
import { COUNTER, jsSpec, recorder } from "../support/sandboxed.js";

function kill(sandbox: Sandbox): void {
  if (sandbox.pid === undefined) throw new Error("there is no sandbox host");
  process.kill(sandbox.pid, "SIGKILL");
}

describe("the death of the sandbox host", () => {
  it("ends every call it held, and a fresh one takes over", async () => {
    let restarts = 0;
    await using sandbox = new Sandbox({ restarted: () => restarts++ });
    const pool = sandbox.addPool(jsSpec(COUNTER), 1);
    const guest = await sandbox.open(pool, recorder());
    const first = sandbox.pid;
    const pending = [guest.exchange("loop"), guest.exchange("waiting")].map(rejectedCode);
    kill(sandbox);
    expect(await Promise.all(pending)).toEqual(["GUEST_SANDBOX_DIED", "GUEST_SANDBOX_DIED"]);
    const fresh = await sandbox.open(pool, recorder());
    expect((await fresh.exchange("again")).lines).toEqual(["again 1"]);
    expect(sandbox.pid).not.toBe(first);
    expect(restarts).toBe(1);
  });

  it.skipIf(process.platform === "win32")("follows when it hangs, and owes an answer", async () => {
    await using sandbox = new Sandbox();
    const pool = sandbox.addPool(jsSpec(COUNTER, { timeoutMs: 100, initializeTimeoutMs: 1_000 }), 1);
    const guest = await sandbox.open(pool, recorder());
    if (sandbox.pid === undefined) throw new Error("there is no sandbox host");
    process.kill(sandbox.pid, "SIGSTOP");
    expect(await rejectedCode(guest.exchange("waits"))).toBe("GUEST_SANDBOX_DIED");
  });

  it("while a guest is loading is told to who waits for it", async () => {
    await using sandbox = new Sandbox();
    const opening = rejectedCode(sandbox.open(sandbox.addPool(jsSpec(COUNTER), 1), recorder()));
    kill(sandbox);
    expect(await opening).toBe("GUEST_SANDBOX_DIED");
  });

  it("again and again without a word in between ends in SANDBOX_UNSTABLE", async () => {
    await using sandbox = new Sandbox();
    const pool = sandbox.addPool(jsSpec(COUNTER), 1);
    for (let death = 0; death < 5; death++) {
      const opening = rejectedCode(sandbox.open(pool, recorder()));
      kill(sandbox);
      expect(await opening).toBe("GUEST_SANDBOX_DIED");
    }
    expect(await rejectedCode(sandbox.open(pool, recorder()))).toBe("SANDBOX_UNSTABLE");
  });

  it("again and again is forgotten after a while", async () => {
    await using sandbox = new Sandbox({ coolDownMs: 1 });
    const pool = sandbox.addPool(jsSpec(COUNTER), 1);
    for (let death = 0; death < 5; death++) {
      const opening = rejectedCode(sandbox.open(pool, recorder()));
      kill(sandbox);
      expect(await opening).toBe("GUEST_SANDBOX_DIED");
    }
    await delay(5);
    const guest = await sandbox.open(pool, recorder());
    expect((await guest.exchange("back")).lines).toEqual(["back 1"]);
  });
});

describe("a closed sandbox", () => {
  it("starts nothing any more", async () => {
    const sandbox = new Sandbox();
    const pool = sandbox.addPool(jsSpec(COUNTER), 1);
    await sandbox.close();
    expect(await rejectedCode(sandbox.open(pool, recorder()))).toBe("SANDBOX_CLOSED");
  });
});
