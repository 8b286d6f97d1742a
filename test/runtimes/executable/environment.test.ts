import { afterEach, describe, expect, it, vi } from "vitest";
import { grantedEnvironment } from "../../../src/package/environment.js";
import { NODE_HEAD, resultOf, useGuests } from "./guests.js";

const { start, directory } = useGuests();
const TELL = `${NODE_HEAD}on(({ id }) => reply(id, { env: process.env, cwd: process.cwd(), argv: process.argv.length }));\n`;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("what a process is started with", () => {
  it("is exactly the environment of its spec", async () => {
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    // Node hands this one on by itself when it measures coverage.
    vi.stubEnv("NODE_V8_COVERAGE", "/tmp/coverage");
    const environment = { GRANTED: "yes", EMPTY: "", LANG: "C.UTF-8" };
    const guest = await start(TELL, { environment });
    const { env } = (await resultOf(guest, 1)) as { env: Record<string, string> };
    // macOS adds this one to every process.
    delete env["__CF_USER_TEXT_ENCODING"];
    expect(env).toEqual(environment);
  });

  it("is nothing for an empty environment", async () => {
    const guest = await start(TELL);
    const { env } = (await resultOf(guest, 1)) as { env: Record<string, string> };
    delete env["__CF_USER_TEXT_ENCODING"];
    expect(env).toEqual({});
  });

  it("is its directory, and no argument", async () => {
    const guest = await start(TELL);
    await expect(resultOf(guest, 1)).resolves.toMatchObject({ cwd: directory, argv: 2 });
  });

  it("lets a program of `/usr/bin/env` find its interpreter, and gives it what was granted alone", async () => {
    const program = TELL.replace(`#!${process.execPath}`, "#!/usr/bin/env node");
    const environment = grantedEnvironment({ env: ["GRANTED"] }, { ...process.env, GRANTED: "yes" });
    const guest = await start(program, { environment });
    const { env } = (await resultOf(guest, 1)) as { env: Record<string, string> };
    expect(env).toEqual({ GRANTED: "yes" });
  });
});
