import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationResult, RuntimeNotice } from "../../src/runtime/types.js";
import { jsIntegration, resourceEvent, temporaryFolder } from "../support/projects.js";

/** Counts its calls, and misbehaves over resources whose type says so. */
const CODE = jsIntegration(
  `if (params.type === "loop") for (;;);
   if (params.type === "junk") return undefined;
   if (params.type === "throw") throw new Error("asked for");
   return { status: "success", message: String(++calls) };`,
  {},
  "let calls = 0;",
);

const short = (results: readonly IntegrationResult[]): string[] =>
  results.map(({ status, message, error }) => error?.code ?? `${status} ${message}`);

describe("a guest that is stopped", () => {
  it("costs the call it was in; a fresh guest gets the calls it had not begun, and its neighbour keeps its state", async () => {
    const directory = temporaryFolder({ "code.js": CODE });
    const notices: RuntimeNotice[] = [];
    await using runtime = createRuntime({
      integrations: [
        { name: "fragile", directory, source: "./code.js", timeoutMs: 300 },
        { name: "steady", directory, source: "./code.js", resources: ["ok"] },
      ],
      observer: (notice) => notices.push(notice),
    });
    expect(await runtime.start()).toEqual([]);
    const types = ["ok", "ok", "loop", "ok", "ok"];
    const outcomes = await Promise.all(types.map((type) => runtime.dispatch(resourceEvent(`${type}.a`))));
    expect(outcomes.map(({ results }) => short(results))).toEqual([
      ["success 1", "success 1"],
      ["success 2", "success 2"],
      ["GUEST_TIMEOUT"],
      ["success 1", "success 3"],
      ["success 2", "success 4"],
    ]);
    expect(runtime.report()).toMatchObject([
      { name: "fragile", calls: 5, failures: 1, restarts: 1 },
      { name: "steady", calls: 4, failures: 0, restarts: 0 },
    ]);
    expect(notices.filter(({ type }) => type === "guest-restarted")).toMatchObject([
      { integration: "fragile", code: "GUEST_TIMEOUT" },
    ]);
  });

  it("three times in a row is left alone, and every further event says so at once", async () => {
    const directory = temporaryFolder({ "code.js": CODE });
    await using runtime = createRuntime({
      integrations: [{ name: "hopeless", directory, source: "./code.js", timeoutMs: 100, onError: "warn" }],
      health: { openMs: 3_600_000, maxOpenMs: 3_600_000 },
    });
    expect(await runtime.start()).toEqual([]);
    const codes: string[] = [];
    for (const [at, type] of ["ok", "loop", "loop", "loop", "ok", "ok"].entries()) {
      const { results, verdict } = await runtime.dispatch(resourceEvent(`${type}.r${at}`));
      codes.push(...short(results));
      expect(verdict).toBe(results[0]?.status === "success" ? "pass" : "warn");
    }
    expect(codes).toEqual([
      "success 1",
      "GUEST_TIMEOUT",
      "GUEST_TIMEOUT",
      "GUEST_TIMEOUT",
      "RUNTIME_GAVE_UP",
      "RUNTIME_GAVE_UP",
    ]);
    expect(runtime.report()).toMatchObject([{ circuit: "open" }]);
  });

  it("three times in a row is tried again after a while, and called again when it answers", async () => {
    const directory = temporaryFolder({ "code.js": CODE });
    const states: string[] = [];
    await using runtime = createRuntime({
      integrations: [{ name: "moody", directory, source: "./code.js", timeoutMs: 500 }],
      health: { openMs: 20 },
      observer: (notice) => {
        if (notice.type === "circuit") states.push(notice.state);
      },
    });
    expect(await runtime.start()).toEqual([]);
    for (const at of [1, 2, 3]) {
      expect(short((await runtime.dispatch(resourceEvent(`loop.r${at}`))).results)).toEqual(["GUEST_TIMEOUT"]);
    }
    await expect.poll(() => runtime.report()[0]?.circuit, { timeout: 20_000 }).toBe("closed");
    expect(short((await runtime.dispatch(resourceEvent("ok.a"))).results)).toEqual(["success 1"]);
    expect(states).toEqual(["open", "half-open", "closed"]);
  });
});

describe("a guest that answers wrongly", () => {
  it("fails that event and keeps its state", async () => {
    const directory = temporaryFolder({ "code.js": CODE });
    await using runtime = createRuntime({ integrations: [{ name: "odd", directory, source: "./code.js" }] });
    await runtime.start();
    const outcomes = [];
    for (const type of ["ok", "junk", "throw", "ok"])
      outcomes.push(...short((await runtime.dispatch(resourceEvent(`${type}.a`))).results));
    expect(outcomes).toEqual(["success 1", "PROTOCOL_NOT_JSON_RPC", "GUEST_CRASHED", "success 2"]);
  });
});

/** The sandbox hosts that are children of this process. */
function sandboxHosts(): number[] {
  const listed = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" });
  return listed
    .split("\n")
    .filter((line) => line.includes("sandbox/child/main.js"))
    .map((line) => Number.parseInt(line, 10));
}

describe.runIf(process.platform === "linux")("kill -9 of the sandbox host in the middle of 1,000 events", () => {
  it("leaves every event with its one verdict: calls that were with a guest are sent again", async () => {
    const directory = temporaryFolder({ "code.js": CODE });
    let restarted = 0;
    await using runtime = createRuntime({
      integrations: [
        { name: "one", directory, source: "./code.js" },
        { name: "two", directory, source: "./code.js", after: ["one"] },
      ],
      observer: (notice) => {
        if (notice.type === "sandbox-restarted") restarted++;
      },
    });
    await runtime.start();
    const events = Array.from({ length: 1_000 }, (_, at) => resourceEvent(`ok.r${at}`));
    const seen: string[] = [];
    for await (const { event, results } of runtime.stream(events)) {
      expect(results.map(({ integration, status }) => `${integration} ${status}`)).toEqual([
        "one success",
        "two success",
      ]);
      seen.push("address" in event.params ? (event.params.address ?? "") : "");
      if (seen.length === 300) for (const pid of sandboxHosts()) process.kill(pid, "SIGKILL");
    }
    expect(seen).toEqual(events.map((_, at) => `ok.r${at}`));
    expect(restarted).toBe(1);
    expect(runtime.report()).toMatchObject([
      { calls: 1_000, failures: 0 },
      { calls: 1_000, failures: 0 },
    ]);
  });
});
