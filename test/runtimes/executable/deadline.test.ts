import { describe, expect, it } from "vitest";
import { ECHO, isAlive, NODE_HEAD, request, resultOf, useGuests } from "./guests.js";

const { start } = useGuests();
const TIMEOUT = { code: "GUEST_TIMEOUT", gone: true, integration: "sample" };

/** Answers the first request, never a later one. */
const ONCE = `${NODE_HEAD}let asked = 0; on(({ id }) => { if (asked++ === 0) reply(id, { pid: process.pid }); });\n`;

describe("the deadline of a call", () => {
  it("is kept by a guest that answers in time", async () => {
    const guest = await start(`${NODE_HEAD}on(({ id }) => setTimeout(() => reply(id, {}), 50));\n`, {
      limits: { timeoutMs: 5_000 },
    });
    await resultOf(guest, 1);
    await expect(resultOf(guest, 2)).resolves.toEqual({});
  });

  it("ends a guest that misses it, soon after it", async () => {
    const guest = await start(ONCE, { limits: { timeoutMs: 200 } });
    const { pid } = (await resultOf(guest, 1)) as { pid: number };
    const asked = performance.now();
    await expect(guest.exchange(request(2))).rejects.toMatchObject(TIMEOUT);
    const took = performance.now() - asked;
    expect(took).toBeGreaterThanOrEqual(199);
    expect(took).toBeLessThan(1_000);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("is the one for initialize on the first call only", async () => {
    const slow = `${NODE_HEAD}on(({ id }) => setTimeout(() => reply(id, {}), 400));\n`;
    const patient = await start(slow, { limits: { initializeTimeoutMs: 10_000, timeoutMs: 100 } });
    await expect(resultOf(patient, 1)).resolves.toEqual({});
    await expect(patient.exchange(request(2))).rejects.toMatchObject(TIMEOUT);
    const hasty = await start(slow, { limits: { initializeTimeoutMs: 100, timeoutMs: 10_000 } });
    await expect(hasty.exchange(request(1))).rejects.toMatchObject(TIMEOUT);
  });

  it("counts from when a call was written, not from when it was queued", async () => {
    const guest = await start(`${NODE_HEAD}on(({ id }) => setTimeout(() => reply(id, {}), 150));\n`, {
      limits: { timeoutMs: 800 },
    });
    await expect(Promise.all([1, 2, 3, 4, 5, 6, 7].map((id) => resultOf(guest, id)))).resolves.toHaveLength(7);
  });

  it("takes an answer that came in time but could not be read in time", async () => {
    const guest = await start(ECHO, { limits: { timeoutMs: 300 } });
    await resultOf(guest, 1);
    const answer = resultOf(guest, 2);
    await new Promise((resolve) => setImmediate(resolve));
    const until = performance.now() + 500;
    while (performance.now() < until);
    await expect(answer).resolves.toMatchObject({ id: 2 });
  });

  it("may be longer than a timer can wait", async () => {
    const guest = await start(ECHO, { limits: { timeoutMs: 2 ** 40, initializeTimeoutMs: 2 ** 40 } });
    await expect(resultOf(guest, 1)).resolves.toMatchObject({ id: 1 });
  });
});

describe("after a missed deadline", () => {
  it("a guest that ignores SIGTERM and SIGINT is gone all the same", async () => {
    const guest = await start(
      `#!/bin/sh
trap '' TERM INT HUP
read -r line; echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"result\\":$$}"
while :; do sleep 0.1; done
`,
      { limits: { timeoutMs: 100 } },
    );
    const pid = Number(await resultOf(guest, 1));
    await expect(guest.exchange(request(2))).rejects.toMatchObject(TIMEOUT);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("its grandchildren are gone too", async () => {
    const guest = await start(
      `#!/bin/sh
sh -c 'trap "" TERM; sleep 1000 & echo $! >&2; wait' &
sleep 1000 & child=$!
read -r line; echo "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"result\\":[$!,$child]}"
sleep 1000
`,
      { limits: { timeoutMs: 100 } },
    );
    const pids = (await resultOf(guest, 1)) as number[];
    expect(pids.map(isAlive)).toEqual([true, true]);
    await expect(guest.exchange(request(2))).rejects.toMatchObject(TIMEOUT);
    await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
  });

  it("queued and later calls are told that the guest is gone", async () => {
    const guest = await start(ONCE, { limits: { timeoutMs: 100 } });
    await resultOf(guest, 1);
    const missed = guest.exchange(request(2));
    const queued = guest.exchange(request(3));
    await expect(missed).rejects.toMatchObject(TIMEOUT);
    await expect(queued).rejects.toMatchObject({ code: "GUEST_GONE", gone: true });
    await expect(guest.exchange(request(4))).rejects.toMatchObject({ code: "GUEST_GONE", gone: true });
  });
});
