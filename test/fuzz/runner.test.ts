import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { temporaryFolder } from "../support/projects.js";
import { main } from "./main.js";
import { latin1, mutated } from "./mutated.js";
import { fuzzTarget } from "./target.js";

/** Runs the runner over processes that do this instead of fuzzing; gives its exit code and what it printed. */
async function runnerOver(body: string, argv: readonly string[], patienceMs?: number) {
  const entry = join(temporaryFolder(), "entry.mjs");
  writeFileSync(
    entry,
    `const { target, seed, seconds } = JSON.parse(process.argv[2]);\n${body}\nprocess.disconnect?.();`,
  );
  const printed: string[] = [];
  const spies = [
    vi.spyOn(console, "log").mockImplementation((line) => printed.push(String(line))),
    vi.spyOn(process.stderr, "write").mockImplementation((line) => printed.push(String(line)) > 0),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  const code = await main([...argv], entry, patienceMs);
  return { code, printed: printed.join("\n") };
}

const ONE = ["--minutes", "0.001", "--target", "lines", "--seed", "7"];

describe("npm run fuzz", () => {
  it("adds up the runs of a target and ends with 0 when nothing is found", async () => {
    const twoBatches = "for (const runs of [40, 2]) process.send({ kind: 'runs', runs });";
    const { code, printed } = await runnerOver(twoBatches, ONE);
    expect(code).toBe(0);
    expect(printed).toMatch(/lines +42 runs .* ok/);
  });

  it("shows what was found with the seed of its batch, goes on with the others, and ends with 1", async () => {
    const fails =
      "if (target === 'lines') for (const m of [{ kind: 'batch', seed: seed + 2 }, { kind: 'failure', text: 'input: 1' }]) process.send(m);";
    const { code, printed } = await runnerOver(fails, [...ONE, "--target", "plan"]);
    expect(code).toBe(1);
    expect(printed).toMatch(/input: 1\n.*--target lines --seed 9\n[^]*plan .* ok/);
  });

  it("takes a process that is killed, and one that hangs, for a finding", async () => {
    expect((await runnerOver("process.kill(process.pid, 'SIGABRT');", ONE)).printed).toContain("SIGABRT");
    const { code, printed } = await runnerOver("for (;;);", ONE, 500);
    expect([code, printed.includes("it hangs")]).toEqual([1, true]);
  });

  it("prints what it has when it is interrupted", async () => {
    const waits =
      "process.send({ kind: 'runs', runs: 3 }); process.kill(process.ppid, 'SIGINT'); setInterval(() => 0, 9);";
    const { code, printed } = await runnerOver(waits, [...ONE, "--target", "plan"]);
    expect(code).toBe(0);
    expect(printed).toMatch(/lines +3 runs/);
    expect(printed).not.toMatch(/^plan/m);
  });

  it.each([
    ["--minutes", "0"],
    ["--seed", "-1"],
    ["--target", "nothing"],
    ["--unknown", "1"],
  ])("refuses %s %s with 2", async (...argv) => {
    expect((await runnerOver("", argv)).code).toBe(2);
  });
});

describe("a target", () => {
  const small = { name: "small", rule: "no byte is 7", testRuns: 1, kept: [latin1("\x07")] };
  const batch = { seed: 1, runs: 300, replays: false };
  const sevens = fuzzTarget({
    ...small,
    inputs: mutated([Buffer.alloc(8)]),
    holds: (bytes) => {
      if (bytes.includes(7)) throw new Error("there is a 7");
    },
  });

  it("gives the smallest input that breaks its rule, as the text that is kept", async () => {
    const { failure } = await sevens.run({ ...batch, runs: 5_000 });
    expect(failure).toMatch(/^seed 1, shrunk \d+ times\ninput: latin1\("(\\x00)*\\x07(\\x00)*"\)\n.*there is a 7/);
  });

  it("tries first what broke it once", async () => {
    const { failure, runs } = await sevens.run({ ...batch, replays: true });
    expect([runs, failure?.includes('latin1("\\x07")')]).toEqual([1, true]);
  });

  it("fails when an input reaches Object.prototype", async () => {
    const polluting = fuzzTarget({
      ...small,
      inputs: fc.constant(small.kept[0]),
      holds: () => {
        Object.defineProperty(Object.prototype, "polluted", { value: 1, configurable: true });
      },
    });
    onTestFinished(() => {
      Reflect.deleteProperty(Object.prototype, "polluted");
    });
    expect((await polluting.run(batch)).failure).toContain("Object.prototype");
  });
});
