import { describe, expect, it } from "vitest";
import { Sandbox } from "../../src/sandbox/sandbox.js";
import { COUNTER, jsSpec, recorder } from "../support/sandboxed.js";

/** Each takes more heap, once parsed or quoted, than a worker has; running out of it would end the whole process. */
const LINES = {
  "a request of many values": `'{"jsonrpc":"2.0","method":"x","id":1,"params":[' + "{},".repeat(2700000) + "0]}"`,
  "an answer that needs many escapes": `"\\u0001".repeat(8388000)`,
};

describe("a guest that writes", () => {
  it.each(Object.entries(LINES))("%s costs its neighbour nothing", async (_what, line) => {
    await using sandbox = new Sandbox();
    const neighbour = await sandbox.open(sandbox.addPool(jsSpec(COUNTER), 1), recorder());
    const writer = await sandbox.open(
      sandbox.addPool(jsSpec(`export const handle = () => ${line}`, { memoryBytes: 256 * 1024 ** 2 }), 1),
      recorder(),
    );
    expect((await neighbour.exchange("one")).lines).toEqual(["one 1"]);
    expect((await writer.exchange("go")).lines[0]?.length).toBeGreaterThan(8_000_000);
    expect((await neighbour.exchange("two")).lines).toEqual(["two 2"]);
  });
});
