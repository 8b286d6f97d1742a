import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Sandbox } from "../../src/sandbox/sandbox.js";
import { rejectedCode } from "../support/codes.js";
import { COUNTER, jsSpec, recorder } from "../support/sandboxed.js";

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = new Sandbox();
});
afterAll(() => sandbox.close());

describe("a guest in the sandbox", () => {
  it("answers in the order it was asked, however many lines are under way", async () => {
    const guest = await sandbox.open(sandbox.addPool(jsSpec(COUNTER), 1), recorder());
    const answers = await Promise.all(Array.from({ length: 500 }, (_, at) => guest.exchange(`line${at}`)));
    expect(answers.map(({ lines }) => lines)).toEqual(Array.from({ length: 500 }, (_, at) => [`line${at} ${at + 1}`]));
    expect(answers.every(({ elapsedUs }) => elapsedUs > 0)).toBe(true);
    await guest.close();
  });

  it("that throws fails that call only and keeps its state", async () => {
    const guest = await sandbox.open(sandbox.addPool(jsSpec(COUNTER), 1), recorder());
    expect(await rejectedCode(guest.exchange("throw"))).toBe("GUEST_CRASHED");
    expect((await guest.exchange("next")).lines).toEqual(["next 2"]);
    await guest.close();
  });

  it("takes a line of exactly the message size, and no larger one", async () => {
    const guest = await sandbox.open(
      sandbox.addPool(jsSpec(`export const handle = () => "ok"`, { messageBytes: 1_000 }), 1),
      recorder(),
    );
    expect((await guest.exchange("é".repeat(500))).lines).toEqual(["ok"]);
    expect(await rejectedCode(guest.exchange("é".repeat(500) + "x"))).toBe("GUEST_MESSAGE_TOO_LARGE");
    expect((await guest.exchange("still there")).lines).toEqual(["ok"]);
    await guest.close();
  });

  it("that logs without end has its log held to the rate, and is told of", async () => {
    const observer = recorder();
    const guest = await sandbox.open(sandbox.addPool(jsSpec(COUNTER, { logLinesPerSecond: 10 }), 1), observer);
    await guest.exchange("log");
    expect(observer.records).toHaveLength(10);
    await guest.close();
  });

  it("rejects what is asked of it after its end", async () => {
    const guest = await sandbox.open(sandbox.addPool(jsSpec(COUNTER), 1), recorder());
    await guest.close();
    await guest.close();
    expect(await rejectedCode(guest.exchange("late"))).toBe("GUEST_GONE");
  });

  it("rejects what was under way when it is closed", async () => {
    const guest = await sandbox.open(sandbox.addPool(jsSpec(COUNTER), 1), recorder());
    const pending = guest.exchange("loop");
    await guest.close();
    expect(await rejectedCode(pending)).toBe("GUEST_GONE");
  });

  it("cannot be opened in a pool that was dropped", async () => {
    const pool = sandbox.addPool(jsSpec(COUNTER), 1);
    sandbox.dropPool(pool);
    expect(await rejectedCode(sandbox.open(pool, recorder()))).toBe("GUEST_GONE");
  });
});

describe("several instances of one integration", () => {
  it("keep a state each", async () => {
    const pool = sandbox.addPool(jsSpec(COUNTER), 2);
    const [one, other] = await Promise.all([sandbox.open(pool, recorder()), sandbox.open(pool, recorder())]);
    await one.exchange("a");
    await one.exchange("a");
    expect((await other.exchange("b")).lines).toEqual(["b 1"]);
    await Promise.all([one.close(), other.close()]);
  });
});

describe("the end of a guest", () => {
  it("leaves its neighbour's state and calls alone", async () => {
    const neighbour = await sandbox.open(sandbox.addPool(jsSpec(COUNTER), 1), recorder());
    await neighbour.exchange("first");
    const looping = await sandbox.open(sandbox.addPool(jsSpec(COUNTER, { timeoutMs: 200 }), 1), recorder());
    await looping.exchange("first");
    const stopped = rejectedCode(looping.exchange("loop"));
    const during = neighbour.exchange("during");
    expect(await stopped).toBe("GUEST_TIMEOUT");
    expect((await during).lines).toEqual(["during 2"]);
    expect((await neighbour.exchange("after")).lines).toEqual(["after 3"]);
    await neighbour.close();
  });

  it("makes room for a fresh one in the same pool, and calls not begun are told apart", async () => {
    const pool = sandbox.addPool(jsSpec(COUNTER, { timeoutMs: 200 }), 1);
    const guest = await sandbox.open(pool, recorder());
    await guest.exchange("first");
    const looping = guest.exchange("loop");
    const waiting = guest.exchange("not begun");
    expect(await rejectedCode(looping)).toBe("GUEST_TIMEOUT");
    expect(await rejectedCode(waiting)).toBe("GUEST_GONE");
    const fresh = await sandbox.open(pool, recorder());
    expect((await fresh.exchange("again")).lines).toEqual(["again 1"]);
    await fresh.close();
  });
});
