import { describe, expect, it } from "vitest";
import { ECHO, NODE_HEAD, request, settled, useGuests } from "./guests.js";

const { start, logs } = useGuests();
const ids = (lines: readonly string[]): unknown[] => lines.map((line) => (JSON.parse(line) as { id: unknown }).id);

describe("one exchange", () => {
  it("gives the answer line and the time it took", async () => {
    const guest = await start(ECHO);
    const { lines, elapsedUs } = await guest.exchange(request(1, { text: "é😀" }));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ id: 1, result: { params: { text: "é😀" } } });
    expect(elapsedUs).toBeGreaterThan(0);
    expect(Number.isInteger(elapsedUs)).toBe(true);
  });

  it("takes a shell script that knows no JSON", async () => {
    const guest = await start(`#!/bin/sh
while read -r line; do echo '{"jsonrpc":"2.0","id":1,"result":{}}'; done
`);
    expect((await guest.exchange(request(1))).lines).toEqual(['{"jsonrpc":"2.0","id":1,"result":{}}']);
  });

  it("gives notifications that came before the answer, in order", async () => {
    const guest = await start(`${NODE_HEAD}
const log = (message) => write(JSON.stringify({ jsonrpc: "2.0", method: "log", params: { message } }) + "\\n");
on(({ id }) => { log("a"); log("b"); setTimeout(() => reply(id, {}), 20); });
`);
    const { lines } = await guest.exchange(request(7));
    expect(lines.map((line) => (JSON.parse(line) as { method?: string }).method)).toEqual(["log", "log", undefined]);
  });

  it("answers a request of the guest at once, which is no line of the answer", async () => {
    const guest = await start(`${NODE_HEAD}
let waiting;
on((message) => {
  if (message.method === undefined) return reply(waiting, message.error.code);
  waiting = message.id;
  write('{"jsonrpc":"2.0","id":"mine","method":"http/fetch","params":{}}\\n');
});
`);
    const { lines } = await guest.exchange(request(3));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({ jsonrpc: "2.0", id: 3, result: -32602 });
  });

  it("ends at an error answer", async () => {
    const guest = await start(`${NODE_HEAD}
on(({ id }) => write(JSON.stringify({ jsonrpc: "2.0", id, error: { code: 1, message: "no" } }) + "\\n"));
`);
    expect(ids((await guest.exchange(request(5))).lines)).toEqual([5]);
  });

  it.each([
    ["text", "hello"],
    ["an empty line", ""],
    ["JSON that is no message", '{"foo":1}'],
    ["broken JSON that names a method", '{"method":'],
    ["a method that is no text", '{"jsonrpc":"2.0","method":1}'],
  ])("ends at %s, so that it is reported and not waited for", async (_what, text) => {
    const guest = await start(`${NODE_HEAD}on(() => write(${JSON.stringify(`${text}\n`)}));\n`);
    expect((await guest.exchange(request(1))).lines).toEqual([text]);
  });
});

describe("lines beyond the answer", () => {
  it("shows two answers written at once", async () => {
    const guest = await start(`${NODE_HEAD}
on(({ id }) => write('{"jsonrpc":"2.0","id":' + id + ',"result":1}\\n{"jsonrpc":"2.0","id":' + id + ',"result":2}\\n'));
`);
    expect(ids((await guest.exchange(request(1))).lines)).toEqual([1, 1]);
  });

  it("puts a later stray line in front of the next exchange", async () => {
    const guest = await start(`${NODE_HEAD}
let asked = 0;
on(({ id }) => {
  if (asked++ > 0) return setTimeout(() => reply(id, {}), 50);
  reply(id, {});
  setTimeout(() => { reply("stray", {}); process.stderr.write("written\\n"); }, 20);
});
`);
    await guest.exchange(request(1));
    await expect.poll(() => logs).toHaveLength(1);
    await settled();
    expect(ids((await guest.exchange(request(2))).lines)).toEqual(["stray", 2]);
  });
});

describe("many exchanges", () => {
  it("are answered in the order they were asked, one at a time", async () => {
    const guest = await start(`${NODE_HEAD}
let busy = false;
on(({ id }) => {
  const overlap = busy;
  busy = true;
  setTimeout(() => { busy = false; reply(id, { overlap }); }, id === 1 ? 30 : 0);
});
`);
    const order: number[] = [];
    const all = await Promise.all(
      [1, 2, 3, 4].map(async (id) => {
        const { lines } = await guest.exchange(request(id));
        order.push(id);
        return JSON.parse(lines[0] ?? "") as unknown;
      }),
    );
    expect(order).toEqual([1, 2, 3, 4]);
    expect(all).toEqual([1, 2, 3, 4].map((id) => ({ jsonrpc: "2.0", id, result: { overlap: false } })));
  });
});
