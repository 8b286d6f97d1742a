import { describe, expect, it } from "vitest";
import { isAlive, NODE_HEAD, request, resultOf, settled, useGuests } from "./guests.js";

const { start, logs } = useGuests();
const CRASHED = { code: "GUEST_CRASHED", gone: true, integration: "sample" };
const GONE = { code: "GUEST_GONE", gone: true };

describe("a process that ends in a call", () => {
  it("has crashed when it exits at once", async () => {
    const guest = await start("#!/bin/sh\nexit 0\n");
    const error: unknown = await guest.exchange(request(1)).catch((reason: unknown) => reason);
    // Seen before the request was written, the same end means that the call never reached it.
    expect(["GUEST_CRASHED", "GUEST_GONE"]).toContain((error as { code: string }).code);
  });

  it("tells its exit code and the end of its stderr", async () => {
    const guest = await start(`#!/bin/sh
read -r line; echo first >&2; printf 'la\\033[31mst' >&2; exit 42
`);
    const error: unknown = await guest.exchange(request(1)).catch((reason: unknown) => reason);
    expect(error).toMatchObject(CRASHED);
    const { message } = error as Error;
    expect(message).toMatch(/42[^]*first\nla \[31mst/);
    expect(message).not.toMatch(/\u001b/);
  });

  it("tells the signal", async () => {
    const guest = await start("#!/bin/sh\nread -r line; kill -SEGV $$; sleep 10\n");
    const error: unknown = await guest.exchange(request(1)).catch((reason: unknown) => reason);
    expect(error).toMatchObject(CRASHED);
    expect((error as Error).message).toContain("SIGSEGV");
  });

  it("holds the message about it short, however much it said", async () => {
    const guest = await start(`#!/bin/sh
read -r line; i=0; while [ $i -lt 5000 ]; do echo "line $i of a very long story" >&2; i=$((i+1)); done; exit 1
`);
    const error: unknown = await guest.exchange(request(1)).catch((reason: unknown) => reason);
    expect(error).toMatchObject(CRASHED);
    expect((error as Error).message).toContain("line 4999");
    expect((error as Error).message.length).toBeLessThan(2_500);
  });

  it("has answered when it wrote its answer first", async () => {
    const guest = await start(`#!/bin/sh
read -r line; echo '{"jsonrpc":"2.0","id":1,"result":"bye"}'; exit 3
`);
    await expect(resultOf(guest, 1)).resolves.toBe("bye");
    await expect(guest.exchange(request(2))).rejects.toMatchObject({ gone: true });
    await expect(guest.exchange(request(3))).rejects.toMatchObject(GONE);
  });

  it("tells the signal of a stranger who killed it", async () => {
    const guest = await start(`${NODE_HEAD}on(({ id }) => { if (id === 1) reply(id, process.pid); });\n`);
    const pid = Number(await resultOf(guest, 1));
    const asked = guest.exchange(request(2));
    process.kill(pid, "SIGKILL");
    const error: unknown = await asked.catch((reason: unknown) => reason);
    expect(error).toMatchObject(CRASHED);
    expect((error as Error).message).toContain("SIGKILL");
  });

  it("does not touch another guest", async () => {
    const [fragile, neighbour] = await Promise.all([
      start("#!/bin/sh\nread -r line; kill -9 $$\n"),
      start(`${NODE_HEAD}let count = 0; on(({ id }) => reply(id, ++count));\n`),
    ]);
    await resultOf(neighbour, 1);
    await expect(fragile.exchange(request(1))).rejects.toMatchObject(CRASHED);
    await expect(resultOf(neighbour, 2)).resolves.toBe(2);
  });

  it("has crashed in the middle of a line", async () => {
    const guest = await start(`#!/bin/sh
read -r line; printf '{"jsonrpc":"2.0","id":1,"res'; exit 0
`);
    await expect(guest.exchange(request(1))).rejects.toMatchObject(CRASHED);
  });
});

describe("a process that ends between calls", () => {
  it("never gets the next one", async () => {
    const guest = await start(`${NODE_HEAD}on(({ id }) => { reply(id, process.pid); process.exit(0); });\n`);
    const pid = Number(await resultOf(guest, 1));
    await expect.poll(() => isAlive(pid)).toBe(false);
    await settled();
    await expect(guest.exchange(request(2))).rejects.toMatchObject(GONE);
  });
});

describe("a process that only closes a pipe", () => {
  it("is ended when it closed its stdout", async () => {
    const guest = await start("#!/bin/sh\nread -r line; exec 1>&-; while :; do sleep 0.1; done\n");
    await expect(guest.exchange(request(1))).rejects.toMatchObject({ code: "GUEST_NO_ANSWER", gone: true });
    await expect(guest.exchange(request(2))).rejects.toMatchObject(GONE);
  });

  it("is ended when it closed its stdin and is asked", async () => {
    const guest = await start("#!/bin/sh\nexec 0<&-; echo closed >&2; while :; do sleep 0.1; done\n", {
      limits: { initializeTimeoutMs: 20_000 },
    });
    await expect.poll(() => logs).toHaveLength(1);
    await expect(guest.exchange(request(1))).rejects.toMatchObject({ code: "GUEST_NO_ANSWER", gone: true });
  });
});

describe("what a process leaves behind", () => {
  it("is killed when the process exits", async () => {
    const guest = await start(`#!/bin/sh
sleep 1000 &
read -r line; echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"result\\":$!}"
read -r line; exit 0
`);
    const pid = Number(await resultOf(guest, 1));
    expect(isAlive(pid)).toBe(true);
    await expect(guest.exchange(request(2))).rejects.toMatchObject(CRASHED);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
