import { describe, expect, it } from "vitest";
import { NODE_HEAD, resultOf, useGuests } from "./guests.js";

const { start } = useGuests();

/** Opens \`params.count\` files, of itself or in a process that it starts, and tells how many it could. */
const OPENS = `${NODE_HEAD}
const OPEN = 'let n = 0; try { for (; n < Number(process.argv[1]); n++) require("node:fs").openSync("/dev/null"); } catch {} console.log(n)';
on(({ id, params }) => {
  const { stdout } = require("node:child_process").spawnSync(process.execPath, ["-e", OPEN, String(params.count)]);
  reply(id, Number(stdout));
});
`;

describe("the open files of an executable", () => {
  it("may be nearly as many as its limit: some are Node's own", async () => {
    const guest = await start(OPENS, { limits: { openFiles: 200 } });
    await expect(resultOf(guest, 1, { count: 100 })).resolves.toBe(100);
  });

  it("are never more, in no process of it", async () => {
    const guest = await start(OPENS, { limits: { openFiles: 200 } });
    expect(await resultOf(guest, 1, { count: 300 })).toBeLessThan(200);
  });
});

describe("a crash of an executable", () => {
  it("leaves no core dump, whatever the limit of this process is", async () => {
    const guest = await start(
      `#!/bin/sh\nread -r line; printf '{"jsonrpc":"2.0","id":1,"result":"%s"}\\n' "$(ulimit -c) $(ulimit -Hc)"\n`,
    );
    await expect(resultOf(guest, 1)).resolves.toBe("0 0");
  });
});
