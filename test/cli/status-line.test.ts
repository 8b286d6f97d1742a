import { describe, expect, it } from "vitest";
import { StatusLine } from "../../src/cli/status-line.js";
import { Captured } from "./fake-io.js";

function statusAt(isTTY: boolean) {
  const output = new Captured(isTTY);
  const clock = { now: 0 };
  return { output, clock, status: new StatusLine(output, () => clock.now) };
}

describe("the progress bar", () => {
  it("is never drawn where there is no terminal", () => {
    const { output, clock, status } = statusAt(false);
    clock.now = 60_000;
    status.progress(1, 2);
    status.clear();
    expect(output.text).toBe("");
  });

  it("is not drawn for work that takes less than half a second", () => {
    const { output, clock, status } = statusAt(true);
    clock.now = 499;
    status.progress(1, 2);
    expect(output.text).toBe("");
    clock.now = 500;
    status.progress(1, 2);
    expect(output.text).toContain("1/2 events");
  });

  it("is drawn ten times a second at most", () => {
    const { output, clock, status } = statusAt(true);
    for (clock.now = 1000; clock.now < 2000; clock.now += 1) {
      status.progress(clock.now, 2000);
    }
    expect(output.text.match(/events/g)).toHaveLength(10);
  });

  it("grows, and goes away without a trace", () => {
    const { output, clock, status } = statusAt(true);
    clock.now = 1000;
    status.progress(0, 4);
    clock.now = 2000;
    status.progress(4, 4);
    status.clear();
    status.clear();
    expect(output.text).toBe(
      `\r\u001b[K[${"-".repeat(30)}] 0/4 events\r\u001b[K[${"#".repeat(30)}] 4/4 events\r\u001b[K`,
    );
  });

  it("makes room for a note", () => {
    const { output, clock, status } = statusAt(true);
    clock.now = 1000;
    status.progress(0, 1);
    output.text = "";
    status.note("a note");
    expect(output.text).toBe("\r\u001b[Ka note\n");
  });
});
