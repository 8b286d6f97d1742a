import { describe, expect, it } from "vitest";
import { Sandbox } from "../../src/sandbox/sandbox.js";
import { rejectedCode, thrownCode } from "../support/codes.js";
import { COUNTER, jsSpec, recorder } from "../support/sandboxed.js";

describe("a pool", () => {
  it("that was given back opens no guest, and may be given back twice; its neighbour goes on", async () => {
    await using sandbox = new Sandbox();
    const [given, kept] = [sandbox.addPool(jsSpec(COUNTER), 1), sandbox.addPool(jsSpec(COUNTER), 1)];
    const [lost, neighbour] = await Promise.all([sandbox.open(given, recorder()), sandbox.open(kept, recorder())]);
    expect((await lost.exchange("a")).lines).toEqual(["a 1"]);
    sandbox.dropPool(given);
    sandbox.dropPool(given);
    expect(await rejectedCode(sandbox.open(given, recorder()))).toBe("GUEST_GONE");
    expect((await neighbour.exchange("a")).lines).toEqual(["a 1"]);
  });

  it("of a number that was never given is gone", async () => {
    await using sandbox = new Sandbox();
    sandbox.dropPool(42);
    expect(await rejectedCode(sandbox.open(42, recorder()))).toBe("GUEST_GONE");
    expect(sandbox.pid).toBe(undefined);
  });

  it("starts no sandbox host until a guest opens", async () => {
    await using sandbox = new Sandbox();
    const pool = sandbox.addPool(jsSpec(COUNTER), 1);
    expect(sandbox.pid).toBe(undefined);
    const guest = await sandbox.open(pool, recorder());
    expect(sandbox.pid).toBeGreaterThan(0);
    await guest.close();
  });
});

describe("a sandbox that is closed", () => {
  it("starts nothing any more, and may be closed twice and before it started", async () => {
    const sandbox = new Sandbox();
    const pool = sandbox.addPool(jsSpec(COUNTER), 1);
    await sandbox.close();
    await sandbox.close();
    expect(await rejectedCode(sandbox.open(pool, recorder()))).toBe("SANDBOX_CLOSED");
    expect(
      thrownCode(() => {
        sandbox.start();
      }),
    ).toBe("SANDBOX_CLOSED");
  });
});
