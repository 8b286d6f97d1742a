import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StderrLog } from "../../../runtimes/executable/stderr-log.js";
import { LogLimiter } from "../../../runtimes/log-limiter.js";
import { NODE_HEAD, resultOf, useGuests } from "./guests.js";

const { start, logs } = useGuests();

function capture(logLineBytes: number, logLinesPerSecond = 1_000) {
  const messages: string[] = [];
  const limiter = new LogLimiter(
    { logLineBytes, logLinesPerSecond },
    (record) => messages.push(record.message),
    () => 0,
  );
  const stderr = new StderrLog(limiter, logLineBytes);
  return {
    messages,
    stderr,
    say: (text: string) => {
      stderr.push(Buffer.from(text));
    },
  };
}

describe("lines of stderr", () => {
  it("become log lines of level info, the last one without LF too", async () => {
    const guest = await start(
      `${NODE_HEAD}on(({ id }) => { process.stderr.write("one\\r\\ntwo\\nthr"); reply(id, {}); });\n`,
    );
    await resultOf(guest, 1);
    await guest.close();
    expect(logs).toEqual(["one", "two", "thr"].map((message) => ({ level: "info", message })));
  });

  it("are the same however they were cut into chunks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 10 }),
        fc.nat(7),
        (lines, size) => {
          const kept = lines.map((line) => line.replace(/[\r\n]/g, ""));
          const bytes = Buffer.from(kept.map((line) => `${line}\n`).join(""));
          const { messages, stderr } = capture(1_000);
          for (let at = 0; at < bytes.length; at += size + 1) stderr.push(bytes.subarray(at, at + size + 1));
          stderr.end();
          expect(messages).toEqual(kept);
        },
      ),
    );
  });

  it("of exactly the limit stay whole; longer ones are cut, also when they never end", () => {
    const { messages, stderr, say } = capture(10);
    say(`${"a".repeat(10)}\n${"b".repeat(11)}\n`);
    for (let at = 0; at < 1_000; at++) say("c".repeat(1_000));
    stderr.end();
    expect(messages).toEqual(["a".repeat(10), `${"b".repeat(7)}…`, `${"c".repeat(7)}…`]);
  });

  it("keep the last ten for the message about a crash, even those over the rate", () => {
    const { messages, stderr, say } = capture(100, 1);
    for (let at = 0; at < 50; at++) say(`line ${at}\n\n`);
    expect(messages).toHaveLength(1);
    expect(stderr.lastLines()).toEqual(Array.from({ length: 10 }, (_, at) => `line ${at + 40}`));
  });

  it("keep no more than 2 KiB of them", () => {
    const { stderr, say } = capture(100);
    for (let at = 0; at < 10; at++) say("x".repeat(1_500));
    expect(stderr.lastLines().join("")).toHaveLength(2_048);
  });
});

describe("a guest that floods its stderr", () => {
  it("is not blocked, and its log is held to the rate", async () => {
    const guest = await start(
      `${NODE_HEAD}
on(({ id }) => {
  for (let at = 0; at < 100; at++) require("node:fs").writeSync(2, "noise noise noise noise noise noise 123\\n".repeat(1000));
  reply(id, "done");
});
`,
      { limits: { logLinesPerSecond: 5 } },
    );
    await expect(resultOf(guest, 1)).resolves.toBe("done");
    await guest.close();
    const dropped = logs
      .filter((record) => record.level === "warn")
      .map((record) => Number.parseInt(record.message, 10));
    expect(logs.length).toBeLessThan(100);
    expect(dropped.reduce((sum, count) => sum + count, 0) + logs.length - dropped.length).toBe(100_000);
  });

  it("with one endless line is not blocked either", async () => {
    const guest = await start(
      `${NODE_HEAD}on(({ id }) => { for (let at = 0; at < 100; at++) require("node:fs").writeSync(2, "x".repeat(100_000)); reply(id, "done"); });\n`,
      { limits: { logLineBytes: 50 } },
    );
    await expect(resultOf(guest, 1)).resolves.toBe("done");
    await guest.close();
    expect(logs.map((record) => Buffer.byteLength(record.message))).toEqual([50]);
  });
});
