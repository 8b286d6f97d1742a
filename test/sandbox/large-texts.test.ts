import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Sandbox } from "../../src/sandbox/sandbox.js";
import { jsSpec, recorder } from "../support/sandboxed.js";

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = new Sandbox();
});
afterAll(() => sandbox.close());

/** Echoes; for a number it answers with a text of that length. */
const ECHO = `export const handle = (line) => (/^\\d+$/.test(line) ? "é".repeat(Number(line)) : line);`;
/** Below, about and far above what two threads share in memory. */
const LENGTHS = [10, 30_000, 33_000, 70_000, 10, 140_000, 10, 600_000, 10];

describe("texts of any size", () => {
  it("reach the guest whole and in their order", async () => {
    const guest = await sandbox.open(sandbox.addPool(jsSpec(ECHO), 1), recorder());
    const lines = [...LENGTHS, ...LENGTHS].map((length, at) => `${at}:${"x".repeat(length)}`);
    const answers = await Promise.all(lines.map((line) => guest.exchange(line)));
    expect(answers.map((answer) => answer.lines[0] ?? "")).toEqual(lines);
    await guest.close();
  });

  it("are more than the shared memory holds, and wait for room", async () => {
    const guest = await sandbox.open(sandbox.addPool(jsSpec(ECHO), 1), recorder());
    const lines = Array.from({ length: 64 }, (_, at) => `${at}:${"x".repeat(25_000)}`);
    const answers = await Promise.all(lines.map((line) => guest.exchange(line)));
    expect(answers.map((answer) => answer.lines[0] ?? "")).toEqual(lines);
    await guest.close();
  });

  it("come from the guest whole and in their order", async () => {
    const guest = await sandbox.open(sandbox.addPool(jsSpec(ECHO), 1), recorder());
    const answers = await Promise.all(LENGTHS.map((length) => guest.exchange(String(length))));
    expect(answers.map((answer) => answer.lines[0])).toEqual(LENGTHS.map((length) => "é".repeat(length)));
    await guest.close();
  });

  it("that were answered before the guest ended in its next call are not lost", async () => {
    const source = `export const handle = (line) => { if (line === "loop") for (;;); return line.repeat(200000); };`;
    const guest = await sandbox.open(sandbox.addPool(jsSpec(source, { timeoutMs: 200 }), 1), recorder());
    await guest.exchange("first");
    const answered = guest.exchange("a");
    const ended = guest.exchange("loop");
    ended.catch(() => undefined);
    expect((await answered).lines[0]).toHaveLength(200_000);
    await expect(ended).rejects.toMatchObject({ code: "GUEST_TIMEOUT" });
  });
});
