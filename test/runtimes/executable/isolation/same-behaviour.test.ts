import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HAS_BUBBLEWRAP, workingBubblewrap } from "../../../support/bubblewrap.js";
import { ECHO, NODE_HEAD, processesNaming, request, resultOf, useGuests } from "../guests.js";
import type { StartOptions } from "../guests.js";

const MIB = 1024 * 1024;

/** Started in a session of its own, so that it is in no group of ours. */
const setsid = (body: string): string =>
  `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(body)}, __dirname], { detached: true, stdio: "ignore" }).unref();`;
const STAYS = "setInterval(() => {}, 1000)";

describe.skipIf(!HAS_BUBBLEWRAP)("an isolated executable", async () => {
  const { start: startPlain, startPath, directory, logs } = useGuests();
  const isolation = HAS_BUBBLEWRAP ? await workingBubblewrap() : undefined;
  const start = (text: string, options: StartOptions = {}) => {
    return startPlain(text, { ...options, ...(isolation && { isolation }) });
  };

  it("answers, and logs", async () => {
    const guest = await start(`${NODE_HEAD}console.error("hello"); on(({ id }) => reply(id, "yes"));\n`);
    expect(await resultOf(guest, 1)).toBe("yes");
    await guest.close();
    expect(logs.map(({ message }) => message)).toEqual(["hello"]);
  });

  it("that misses a deadline is gone with all that left its group", async () => {
    const guest = await start(`${NODE_HEAD}${setsid(STAYS)}on(() => { for (;;); });\n`, {
      limits: { initializeTimeoutMs: 1_500 },
    });
    await expect(guest.exchange(request(1))).rejects.toMatchObject({ code: "GUEST_TIMEOUT", gone: true });
    await expect.poll(() => processesNaming(directory)).toEqual([]);
  });

  it("leaves nothing behind that left its group when it exits", async () => {
    const guest = await start(
      `${NODE_HEAD}${setsid(STAYS)}on(({ id }) => { if (id === 1) reply(id, 1); else process.exit(3); });\n`,
    );
    await resultOf(guest, 1);
    await expect(guest.exchange(request(2))).rejects.toMatchObject({ code: "GUEST_CRASHED" });
    await expect.poll(() => processesNaming(directory)).toEqual([]);
  });

  it("is held to its memory with all that left its group", async () => {
    const hog = "const a = Buffer.alloc(200 * 1024 * 1024, 1); setInterval(() => a.length, 1000)";
    const guest = await start(`${NODE_HEAD}${setsid(hog)}on(() => {});\n`, { limits: { memoryBytes: 180 * MIB } });
    await expect(guest.exchange(request(1))).rejects.toMatchObject({ code: "GUEST_MEMORY", gone: true });
  });

  it.each([
    [2, "resolves"],
    [3, "GUEST_PROCESSES"],
  ])("with %i processes beside it, of 3 allowed, gives: %s", async (count, expected) => {
    const guest = await start(
      `${NODE_HEAD}for (let at = 0; at < ${count}; at++) require("node:child_process").spawn("/bin/sleep", ["60"], { stdio: "ignore" });
on(({ id }) => setTimeout(() => reply(id, "resolves"), 400));\n`,
      { limits: { processes: 3 } },
    );
    const said = await resultOf(guest, 1).catch((error: unknown) => (error as { code: string }).code);
    expect(said).toBe(expected);
  });

  it.each([
    ["exit 42", /42[^]*last words/],
    ["kill -SEGV $$", /SIGSEGV[^]*last words/],
  ])("that ends by %s says how, and its last words", async (end, expected) => {
    const guest = await start(`#!/bin/sh\nread -r line; echo last words >&2; ${end}\n`);
    const error: unknown = await guest.exchange(request(1)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "GUEST_CRASHED", gone: true });
    expect((error as Error).message).toMatch(expected);
  });

  it("is let end by itself, and ended when it does not", async () => {
    const ending = await start(
      `${NODE_HEAD}on(({ id }) => reply(id, 1)); rl.on("close", () => console.error("ended well"));\n`,
    );
    await resultOf(ending, 1);
    await ending.close();
    expect(logs.map(({ message }) => message)).toEqual(["ended well"]);
    const staying = await start(`${NODE_HEAD}on(({ id }) => reply(id, 1)); ${STAYS};\n`);
    await resultOf(staying, 1);
    await staying.close();
    await expect.poll(() => processesNaming(directory)).toEqual([]);
  });

  it.each([
    ["stdout", "read -r line; exec 1>&-"],
    ["stdin", "exec 0<&-"],
  ])("that closes its %s gave no answer", async (_pipe, closes) => {
    const guest = await start(`#!/bin/sh\n${closes}; echo closed >&2; while :; do sleep 0.1; done\n`, {
      limits: { initializeTimeoutMs: 20_000 },
    });
    if (closes.startsWith("exec")) await expect.poll(() => logs).toHaveLength(1);
    await expect(guest.exchange(request(1))).rejects.toMatchObject({ code: "GUEST_NO_ANSWER", gone: true });
  });

  it("may open as many files as any, and no more", async () => {
    const guest = await start(
      `#!/bin/sh\nread -r line; printf '{"jsonrpc":"2.0","id":1,"result":"%s"}\\n' "$(ulimit -n) $(ulimit -c)"; read -r line\n`,
      {
        limits: { openFiles: 99 },
      },
    );
    expect(await resultOf(guest, 1)).toBe("99 0");
  });

  it.each([
    [".nvm/versions/node/v1/bin", "in the folder of a version manager"],
    [".local/bin", "in the bin of a home"],
    ["own-tools", "as a file of its own"],
  ])("finds an interpreter in %s: %s, reached by a link", async (place) => {
    const home = join(directory, `home-${place.replaceAll("/", "-")}`);
    const real = join(home, place, "real-node");
    mkdirSync(join(home, place), { recursive: true });
    mkdirSync(join(home, "links"));
    // A small interpreter: it runs the system's with what it gets.
    writeFileSync(real, `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
    symlinkSync(real, join(home, "links/node-of-test"));
    const package_ = join(directory, `package-${place.replaceAll("/", "-")}`);
    mkdirSync(package_);
    const program = join(package_, "program");
    writeFileSync(program, ECHO.replace(/^.*\n/, `#!${join(home, "links/node-of-test")}\n`), { mode: 0o755 });
    try {
      const guest = await startPath(program, { isAlone: true, ...(isolation && { isolation }) });
      expect(await resultOf(guest, 1)).toMatchObject({ id: 1 });
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
