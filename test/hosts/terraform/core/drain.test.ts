import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { Drain } from "../../../../src/hosts/terraform/core/drain.js";

/** More than any pipe holds. */
const MANY = 1_000_000;

function started(): Drain {
  const drain = Drain.start(process.env);
  return drain ?? expect.fail("no drain");
}

/** Says when it has written everything; SIGPIPE would end it before. */
function writer(drain: Drain, bytes: number) {
  const script = `head -c ${bytes} /dev/zero; echo end; echo written >&2`;
  const child = spawn("sh", ["-c", script], { stdio: ["ignore", drain.input, "pipe"] });
  drain.release();
  return { said: text(child.stderr), ended: once(child, "exit") };
}

describe("what writes into a drain", () => {
  it("is read, to its end", async () => {
    const drain = started();
    const read = text(drain.output);
    const { said } = writer(drain, MANY);
    expect(await said).toBe("written\n");
    const all = await read;
    expect(all).toHaveLength(MANY + 4);
    expect(all.endsWith("end\n")).toBe(true);
  });

  it.each([0, MANY])("can go on when nobody reads any more (%i bytes)", async (bytes) => {
    const drain = started();
    drain.output.destroy();
    const { said, ended } = writer(drain, bytes);
    expect(await said).toBe("written\n");
    expect(await ended).toEqual([0, null]);
    drain.end();
  });

  it("is not read to its end when the drain was ended", async () => {
    const drain = started();
    const { said, ended } = writer(drain, MANY);
    await once(drain.output, "readable");
    drain.end();
    await ended;
    expect(await said).not.toContain("written");
  });
});

it("there is none without a shell", () => {
  expect(Drain.start({}, "/nowhere/sh")).toBeUndefined();
});
