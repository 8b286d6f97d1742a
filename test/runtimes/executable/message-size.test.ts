import { describe, expect, it } from "vitest";
import { ECHO, isAlive, NODE_HEAD, request, resultOf, useGuests } from "./guests.js";

const { start } = useGuests();
const TOO_LARGE = { code: "GUEST_MESSAGE_TOO_LARGE", gone: true, integration: "sample" };
const GONE = { code: "GUEST_GONE", gone: true };
const frame = Buffer.byteLength('{"jsonrpc":"2.0","id":1,"result":""}');

/** Answers with a result that makes the whole line as long as `params.size` says. */
const SIZED = `${NODE_HEAD}
on(({ id, params }) => process.stdout.write('{"jsonrpc":"2.0","id":1,"result":"' + "x".repeat(params.size - ${frame}) + '"}\\n'));
`;

describe("the size of an answer", () => {
  it("may be exactly the allowed one", async () => {
    const guest = await start(SIZED, { limits: { messageBytes: 100_000 } });
    const { lines } = await guest.exchange(request(1, { size: 100_000 }));
    expect(lines.map((line) => line.length)).toEqual([100_000]);
  });

  it("ends the guest when it is one byte over", async () => {
    const guest = await start(SIZED, { limits: { messageBytes: 100_000 } });
    await expect(guest.exchange(request(1, { size: 100_001 }))).rejects.toMatchObject(TOO_LARGE);
    await expect(guest.exchange(request(2))).rejects.toMatchObject(GONE);
  });

  it("of 100 MB is refused without holding it", async () => {
    const guest = await start(SIZED);
    await resultOf(guest, 1, { size: 100 });
    const before = process.memoryUsage.rss();
    await expect(guest.exchange(request(1, { size: 100_000_000 }))).rejects.toMatchObject(TOO_LARGE);
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe("the size of a request", () => {
  it("may be exactly the allowed one", async () => {
    const guest = await start(ECHO.replace("reply(request.id, request)", "reply(request.id, request.params.length)"), {
      limits: { messageBytes: 1_000 },
    });
    const text = "x".repeat(1_000 - Buffer.byteLength(request(1, "")));
    await expect(resultOf(guest, 1, text)).resolves.toBe(text.length);
  });

  it("is refused one byte over it, and the guest lives on", async () => {
    const guest = await start(ECHO, { limits: { messageBytes: 1_000 } });
    const text = "é".repeat(500);
    await expect(guest.exchange(request(1, text))).rejects.toMatchObject({ ...TOO_LARGE, gone: false });
    await expect(resultOf(guest, 2)).resolves.toMatchObject({ id: 2 });
  });
});

describe("what a guest writes beside its answer", () => {
  it("may be many log notifications", async () => {
    const guest = await start(`${NODE_HEAD}
on(({ id }) => { write('{"jsonrpc":"2.0","method":"log","params":{"message":"x"}}\\n'.repeat(999)); reply(id, {}); });
`);
    expect((await guest.exchange(request(1))).lines).toHaveLength(1_000);
  });

  it.each([
    ["more than 1,000 lines", `'{"jsonrpc":"2.0","method":"log"}\\n'.repeat(1001)`],
    ["long lines without end", `'{"jsonrpc":"2.0","method":"log","params":"' + "x".repeat(99000) + '"}\\n'`],
  ])("ends the guest when it is %s", async (_what, text) => {
    const guest = await start(`${NODE_HEAD}on(() => { for (;;) write(${text}); });\n`, {
      limits: { messageBytes: 100_000 },
    });
    await expect(guest.exchange(request(1))).rejects.toMatchObject(TOO_LARGE);
  });

  it("ends the guest when it comes without end and without a request", async () => {
    const guest = await start(`${NODE_HEAD}
on(({ id }) => { reply(id, process.pid); setTimeout(() => { for (;;) write('{"jsonrpc":"2.0","method":"log"}\\n'); }, 20); });
`);
    const pid = Number(await resultOf(guest, 1));
    await expect.poll(() => isAlive(pid)).toBe(false);
    await expect(guest.exchange(request(2))).rejects.toMatchObject({ gone: true });
  });

  it("ends the guest when it is not UTF-8", async () => {
    const guest = await start(`#!/bin/sh
read -r line; printf '{"jsonrpc":"2.0","id":1,"result":"\\377"}\\n'; read -r line
`);
    await expect(guest.exchange(request(1))).rejects.toMatchObject({ code: "PROTOCOL_NOT_JSON" });
    await expect(guest.exchange(request(2))).rejects.toMatchObject(GONE);
  });
});
