import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogLimiter } from "../../runtimes/log-limiter.js";
import type { LogRecord } from "../../src/protocol/messages.js";

function limited(logLineBytes: number, logLinesPerSecond: number) {
  const records: LogRecord[] = [];
  const clock = { ms: 5_000 };
  const limiter = new LogLimiter(
    { logLineBytes, logLinesPerSecond },
    (record) => records.push(record),
    () => clock.ms,
  );
  const say = (...messages: string[]): void => {
    for (const message of messages) limiter.push({ level: "info", message });
  };
  return { records, clock, limiter, say, messages: () => records.map((record) => record.message) };
}

describe("the size of a log line", () => {
  it("lets a line of exactly the limit pass as it is", () => {
    const { say, messages } = limited(6, 10);
    say("abcdef", "éèà", "");
    expect(messages()).toEqual(["abcdef", "éèà", ""]);
  });

  it("cuts a longer one and marks the cut", () => {
    const { say, messages } = limited(6, 10);
    say("abcdefg", "ééééé");
    expect(messages()).toEqual(["abc…", "é…"]);
  });

  it("never passes more bytes than the limit, nor half a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const { say, messages } = limited(limit, 10);
        say(text);
        const [message = ""] = messages();
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(limit);
        if (Buffer.byteLength(text) <= limit) expect(message).toBe(text);
        else expect(text.startsWith(message.replace(/…$/u, ""))).toBe(true);
        expect(Buffer.from(message).toString()).toBe(message);
      }),
    );
  });

  it("holds for bytes too, and reads broken UTF-8", () => {
    const { limiter, messages } = limited(6, 10);
    limiter.pushBytes("warn", new TextEncoder().encode("abcdef"));
    limiter.pushBytes("warn", new Uint8Array(1_000).fill(0x61));
    limiter.pushBytes("warn", Uint8Array.of(0x61, 0xff));
    expect(messages()).toEqual(["abcdef", "aaa…", "a\ufffd"]);
  });

  it("keeps the level", () => {
    const { limiter, records } = limited(6, 10);
    limiter.push({ level: "error", message: "x" });
    limiter.pushBytes("debug", new Uint8Array(0));
    expect(records.map((record) => record.level)).toEqual(["error", "debug"]);
  });
});

describe("the rate of log lines", () => {
  it("lets as many pass in a second as the limit says, without a notice", () => {
    const { say, clock, limiter, messages } = limited(100, 2);
    say("a", "b");
    clock.ms += 1_000;
    say("c", "d");
    limiter.flush();
    expect(messages()).toEqual(["a", "b", "c", "d"]);
  });

  it("drops what is over it and tells how many with the first line after the second", () => {
    const { say, clock, records } = limited(100, 2);
    say("a", "b", "c", "d", "e");
    clock.ms += 999;
    say("f");
    clock.ms += 1;
    say("g");
    expect(records.map((record) => record.message.replace(/:.*/, ""))).toEqual(["a", "b", "4 log lines dropped", "g"]);
    expect(records[2]?.level).toBe("warn");
  });

  it("tells at the end, once", () => {
    const { say, limiter, records } = limited(100, 1);
    say("a", "b");
    limiter.flush();
    limiter.flush();
    expect(records).toHaveLength(2);
    expect(records[1]?.message).toContain("1 log line dropped");
  });

  it("counts bytes and records together", () => {
    const { say, limiter, records } = limited(100, 1);
    say("a");
    limiter.pushBytes("info", Uint8Array.of(0x62));
    expect(records).toHaveLength(1);
  });

  it("never passes more than the rate plus one notice in any second, and loses no count", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 200 }), (steps) => {
        const { say, clock, limiter, records } = limited(100, 3);
        let passed = 0;
        let reported = 0;
        for (const step of steps) {
          clock.ms += step;
          say("line");
        }
        limiter.flush();
        for (const { level, message } of records) {
          if (level === "info") passed++;
          else reported += Number.parseInt(message, 10);
        }
        expect(passed + reported).toBe(steps.length);
        const seconds = 1 + steps.reduce((sum, step) => sum + step, 0) / 1_000;
        expect(passed).toBeLessThanOrEqual(3 * Math.ceil(seconds));
      }),
    );
  });
});
