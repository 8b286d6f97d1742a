import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { RuntimeNotice } from "../../src/runtime/types.js";
import { FORMS, misbehaving } from "../support/misbehaving.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";
import { ScriptedGuest, call, scriptedInstance, settled } from "../support/scripted-guest.js";

describe("an instance that is looked at", () => {
  it("pings its guest once it had nothing to do since the last look, and not again before it has answered", async () => {
    const { instance, guests } = scriptedInstance();
    await instance.start();
    const pings: (number | undefined)[] = [];
    for (let look = 0; look < 4; look++) {
      instance.look();
      await settled();
      pings.push(guests[0]?.waiting);
    }
    expect(pings).toEqual([0, 1, 1, 1]);
    guests[0]?.answer();
    await settled();
    instance.look();
    await settled();
    expect(guests[0]?.waiting).toBe(1);
    await instance.stop();
  });

  it("leaves a guest in peace that works, or did since the last look", async () => {
    const { instance, guests } = scriptedInstance();
    await instance.start();
    for (let round = 0; round < 3; round++) {
      const answer = call(instance.turn(), "x");
      await settled();
      instance.look();
      instance.look();
      await settled();
      expect(guests[0]?.waiting).toBe(1);
      guests[0]?.answer();
      await answer;
    }
    await instance.stop();
  });

  it("replaces a guest that ends over its ping; a call that came meanwhile is for the next one", async () => {
    const { instance, guests, restarts } = scriptedInstance();
    await instance.start();
    instance.look();
    instance.look();
    await settled();
    const answer = call(instance.turn(), "1");
    await settled();
    guests[0]?.die("GUEST_TIMEOUT");
    await settled();
    guests[1]?.answer();
    expect(await answer).toBe("1");
    expect(restarts).toMatchObject([{ code: "GUEST_TIMEOUT" }]);
    await instance.stop();
  });

  it("asks nothing of a guest that is still starting, or that is left alone", async () => {
    const { instance, guests } = scriptedInstance((at) => new ScriptedGuest({ holdInitialize: at === 0 }));
    const started = instance.start();
    await settled();
    instance.look();
    instance.look();
    await settled();
    expect(guests[0]?.waiting).toBe(1);
    guests[0]?.answer();
    await started;
    await instance.stop();
    instance.look();
    instance.look();
  });
});

describe.each(FORMS)("an idle %s guest", (form) => {
  it("is pinged, answers, and keeps its state", async () => {
    await using runtime = createRuntime({
      integrations: [{ name: "idle", directory: "/", source: await misbehaving(form), initializeTimeoutMs: 20_000 }],
      health: { idlePingMs: 10 },
    });
    expect(await runtime.start()).toEqual([]);
    // It counts every call, whatever it is.
    let counted = 0;
    for (let own = 1; counted <= own; own++) {
      await delay(50);
      const { results } = await runtime.dispatch(resourceEvent("a.b"));
      counted = Number(results[0]?.message);
    }
    expect(runtime.report()).toMatchObject([{ restarts: 0, failures: 0 }]);
  });
});

describe("a guest that is idle", () => {
  async function idle(onPing: string): Promise<RuntimeNotice[]> {
    const code = jsIntegration(`return { status: "success" };`).replace(
      `if (method === "shutdown" || method === "ping")`,
      `if (method === "ping") { ${onPing} }\n  if (method === "shutdown")`,
    );
    const directory = temporaryFolder({ "code.js": code });
    const restarts: RuntimeNotice[] = [];
    let noticed = (): void => undefined;
    const seen = new Promise<void>((resolve) => (noticed = resolve));
    await using runtime = createRuntime({
      integrations: [{ name: "idle", directory, source: "./code.js", timeoutMs: 200 }],
      health: { idlePingMs: 10 },
      observer: (notice) => {
        if (notice.type === "guest-restarted") restarts.push(notice);
        if (notice.type === "guest-restarted" || notice.type === "log") noticed();
      },
    });
    expect(await runtime.start()).toEqual([]);
    await seen;
    expect((await runtime.dispatch(resourceEvent("a.b"))).results[0]?.error ?? null).toBeNull();
    return restarts;
  }

  const error = `return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: "what?" } });`;

  it.each([
    ["that it does not know ping", `console.log("pinged"); ${error}`],
    ["in a wrong form", `console.log("pinged"); return "hello";`],
    ["by an exception", `console.log("pinged"); throw new Error("asked for");`],
  ])("and answers %s is alive", async (_, onPing) => {
    expect(await idle(onPing)).toEqual([]);
  });

  it("and does not answer in its time is replaced before an event needs it", async () => {
    expect(await idle("for (;;);")).toMatchObject([{ integration: "idle", code: "GUEST_TIMEOUT" }]);
  });
});
