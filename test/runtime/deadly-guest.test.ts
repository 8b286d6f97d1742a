import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import { DEADLY, Killer } from "../support/host-killer.js";
import { misbehaving } from "../support/misbehaving.js";
import { resourceEvent, temporaryFolder } from "../support/projects.js";

describe.runIf(process.platform === "linux")("a guest that ends its sandbox host", () => {
  it("is named with the event that does it; its neighbours have every verdict, and its other events have theirs", async () => {
    const directory = temporaryFolder({ "deadly.js": DEADLY });
    const killer = new Killer();
    const common = { directory, timeoutMs: 60_000, initializeTimeoutMs: 60_000 };
    await using runtime = createRuntime({
      integrations: [
        { ...common, name: "deadly", source: "./deadly.js" },
        { ...common, name: "steady", source: "./deadly.js", resources: ["ok"] },
        { ...common, name: "plugin", source: await misbehaving("plug-in"), resources: ["ok"] },
      ],
      processes: killer,
      observer: killer.observe,
    });
    expect(await runtime.start()).toEqual([]);
    const types = Array.from({ length: 40 }, (_, at) => (at === 20 ? "deadly" : "ok"));
    const outcomes = await Promise.all(types.map((type, at) => runtime.dispatch(resourceEvent(`${type}.r${at}`))));
    const broken = outcomes.flatMap(({ results }) => results.filter(({ error }) => error !== null));
    expect(broken.map(({ integration, address, error }) => [integration, address, error?.code])).toEqual([
      ["deadly", "deadly.r20", "RUNTIME_QUARANTINED"],
    ]);
    const { kills } = killer;
    expect(kills).toBeGreaterThanOrEqual(3);
    expect(outcomes.flatMap(({ results }) => results)).toHaveLength(3 * 39 + 1);
    expect(runtime.report()).toMatchObject([
      { name: "deadly", failures: 1, circuit: "closed" },
      { name: "steady", failures: 0, circuit: "closed" },
      { name: "plugin", failures: 0, circuit: "closed" },
    ]);
    // It is not asked about that event any more, so no host ends of it.
    expect((await runtime.dispatch(resourceEvent("deadly.r20"))).results[0]?.error?.code).toBe("RUNTIME_QUARANTINED");
    expect(killer.kills).toBe(kills);
    await runtime.stop();
    expect(killer.hosts).toBe(0);
  });
  it("costs the call where it could have had an effect: it is not sent again under the grant hosts", async () => {
    const directory = temporaryFolder({ "deadly.js": DEADLY });
    const killer = new Killer();
    await using runtime = createRuntime({
      integrations: [
        { name: "deadly", directory, source: "./deadly.js", timeoutMs: 60_000, grants: { hosts: ["example.com:443"] } },
      ],
      processes: killer,
      observer: killer.observe,
    });
    expect(await runtime.start()).toEqual([]);
    const { results } = await runtime.dispatch(resourceEvent("deadly.a"));
    expect(results.map(({ error }) => error?.code)).toEqual(["GUEST_SANDBOX_DIED"]);
    expect(killer.kills).toBe(1);
    expect((await runtime.dispatch(resourceEvent("ok.a"))).results[0]?.message).toBe("1");
  });
});
