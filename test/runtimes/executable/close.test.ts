import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { ECHO, isAlive, NODE_HEAD, request, resultOf, useGuests } from "./guests.js";

const { start, write, logs, directory } = useGuests();
const PID = `${NODE_HEAD}on(({ id }) => reply(id, process.pid));\n`;

describe("close", () => {
  it("lets a guest end by itself at the end of its stdin", async () => {
    const guest = await start(`${PID}rl.on("close", () => setTimeout(() => console.error("ended well"), 50));\n`);
    const pid = Number(await resultOf(guest, 1));
    await guest.close();
    expect(isAlive(pid)).toBe(false);
    expect(logs.map((record) => record.message)).toEqual(["ended well"]);
  });

  it("kills a guest that does not end at the end of its stdin, after half a second", async () => {
    const guest = await start(`${PID}setInterval(() => {}, 1000); process.on("SIGTERM", () => {});\n`);
    const pid = Number(await resultOf(guest, 1));
    const asked = performance.now();
    await guest.close();
    const took = performance.now() - asked;
    expect(took).toBeGreaterThanOrEqual(499);
    expect(took).toBeLessThan(2_500);
    expect(isAlive(pid)).toBe(false);
  });

  it("kills what the guest leaves behind", async () => {
    const guest = await start(`#!/bin/sh
sleep 1000 &
read -r line; echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"result\\":$!}"
read -r line; exit 0
`);
    const pid = Number(await resultOf(guest, 1));
    await guest.close();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("does not wait for a process that left the group and holds the pipes", async () => {
    const guest = await start(`${NODE_HEAD}
const { spawn } = require("node:child_process");
const child = spawn("/bin/sleep", ["1000"], { detached: true, stdio: "inherit" });
on(({ id }) => reply(id, child.pid));
rl.on("close", () => process.exit(0));
`);
    const pid = Number(await resultOf(guest, 1));
    try {
      const asked = performance.now();
      await guest.close();
      expect(performance.now() - asked).toBeLessThan(2_500);
    } finally {
      process.kill(pid, "SIGKILL");
    }
  });

  it("rejects the call in work and those queued, at once", async () => {
    const guest = await start(`${NODE_HEAD}on(() => {});\n`);
    const calls = [guest.exchange(request(1)), guest.exchange(request(2))];
    const rejected = Promise.all(
      calls.map((call) => expect(call).rejects.toMatchObject({ code: "GUEST_GONE", gone: true })),
    );
    await guest.close();
    await rejected;
  });

  it("may be called twice, and after the guest has ended", async () => {
    const guest = await start("#!/bin/sh\nread -r line; exit 1\n");
    await expect(guest.exchange(request(1))).rejects.toMatchObject({ gone: true });
    await Promise.all([guest.close(), guest.close()]);
    await guest.close();
    await expect(guest.exchange(request(2))).rejects.toMatchObject({ code: "GUEST_GONE" });
  });

  it("leaves no listener behind", async () => {
    const before = process.listenerCount("exit");
    const guests = await Promise.all([start(ECHO), start(ECHO), start(ECHO)]);
    expect(process.listenerCount("exit")).toBe(before + 1);
    await Promise.all(guests.map((guest) => guest.close()));
    expect(process.listenerCount("exit")).toBe(before);
  });
});

describe("a host that exits without closing its guests", () => {
  it("takes them and their children with it", async () => {
    const bundle = join(directory, "host.cjs");
    await build({
      entryPoints: [join(import.meta.dirname, "../../../runtimes/executable/executable-guest.ts")],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: bundle,
      logLevel: "silent",
    });
    const program = write(`#!/bin/sh
sleep 1000 &
read -r line; echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"result\\":[$$,$!]}"
trap '' TERM HUP; while :; do sleep 0.1; done
`);
    const script = `
const { startExecutable } = require(${JSON.stringify(bundle)});
const limits = { timeoutMs: 5000, initializeTimeoutMs: 5000, memoryBytes: 1e9, messageBytes: 1e6, logLineBytes: 100, logLinesPerSecond: 10 };
const spec = { kind: "executable", name: "sample", path: ${JSON.stringify(program)}, directory: "/", environment: {}, limits };
startExecutable(spec, { log() {} })
  .then((guest) => guest.exchange("{}"))
  .then(({ lines }) => { console.log(lines[0]); process.exit(0); });
`;
    const host = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
    const pids = (JSON.parse(host.stdout) as { result: number[] }).result;
    expect(pids).toHaveLength(2);
    await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
  });
});
