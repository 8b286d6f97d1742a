import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { startExecutable } from "../../../runtimes/executable/executable-guest.js";
import { GuestError } from "../../../runtimes/guest-error.js";
import { DEFAULT_LIMITS } from "../../../src/protocol/limits.js";
import { ECHO, resultOf, useGuests } from "./guests.js";

const { start, startPath, write, directory } = useGuests();

async function failure(started: Promise<unknown>): Promise<GuestError> {
  const error: unknown = await started.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GuestError);
  expect(error).toMatchObject({ code: "GUEST_LOAD", gone: true, integration: "sample" });
  return error as GuestError;
}

describe("a program that can be started", () => {
  it("runs when reached through a link", async () => {
    const link = join(directory, "program-link");
    symlinkSync(write(ECHO), link);
    await expect(resultOf(await startPath(link), 1)).resolves.toMatchObject({ id: 1 });
  });

  it("may be a binary, without a shebang line", async () => {
    // A shell that reads its stdin: not a guest, but it starts.
    const guest = await startPath("/bin/sh");
    await guest.close();
  });
});

describe("a program that cannot be started", () => {
  it("does not exist", async () => {
    const path = join(directory, "missing");
    expect((await failure(startPath(path))).message).toContain(path);
  });

  it("is not executable, and is told how to be", async () => {
    const path = write(ECHO, 0o644);
    expect((await failure(startPath(path))).remedy).toContain(`chmod +x ${path}`);
  });

  it("is a folder", async () => {
    expect((await failure(startPath(directory))).message).toContain("folder");
  });

  it("is a script without a shebang line: the shell must not run it", async () => {
    const { remedy } = await failure(start("import sys\nprint('hello')\n"));
    expect(remedy).toContain("#!");
  });

  it("is empty", async () => {
    await failure(start(""));
  });

  it("names an interpreter that does not exist", async () => {
    const { message } = await failure(start("#!/no/such/interpreter\n"));
    expect(message).toContain("/no/such/interpreter");
  });

  it("ends its shebang line with CR LF", async () => {
    const { remedy } = await failure(start("#!/bin/sh\r\nexit 0\r\n"));
    expect(remedy).toContain("LF");
  });

  it("has a working directory that does not exist", async () => {
    const spec = {
      kind: "executable",
      name: "sample",
      path: "/bin/sh",
      environment: {},
      limits: DEFAULT_LIMITS,
    } as const;
    const { message } = await failure(
      startExecutable({ ...spec, directory: join(directory, "nowhere") }, { log: () => undefined }),
    );
    expect(message).toContain("nowhere");
  });

  it("has a NUL byte in its path", async () => {
    await failure(startPath("/bin/s\0h"));
  });

  it("is on Windows, where its limits could not be held", async () => {
    const platform = vi.spyOn(process, "platform", "get").mockReturnValue("win32");
    try {
      await failure(start(ECHO));
    } finally {
      platform.mockRestore();
    }
  });
});
