import { once } from "node:events";
import { chmodSync, readdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ProviderLog } from "../../../../src/hosts/terraform/providers/provider-log.js";
import { ProviderProcess } from "../../../../src/hosts/terraform/providers/provider-process.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { faultOf } from "./faults.js";
import { isAlive, startFake, startOf } from "./processes.js";
import { program, SOURCE } from "./packages.js";

/** A provider that tells what it was given, in place of serving. */
const TELL = { more: `console.error(JSON.stringify({ env: process.env, cwd: process.cwd(), argv: process.argv }));` };

async function told(
  env: Readonly<Record<string, string>>,
  cwd = "/",
): Promise<{ env: Record<string, string>; cwd: string }> {
  const lines: string[] = [];
  const log = ProviderLog.fromEnvironment({ TF_LOG: "JSON" }, { write: (line) => lines.push(line) });
  const { started } = await startFake(TELL, { env, cwd, log });
  await (await started).stop();
  const line = lines.find((each) => each.includes('"argv"')) ?? "";
  const { env: seen, cwd: where } = JSON.parse(line) as { env: Record<string, string>; cwd: string };
  return { env: seen, cwd: where };
}

async function echo(provider: ProviderProcess, text: string): Promise<string> {
  const socket = await provider.socket();
  socket.write(text);
  const [data] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return data.toString();
}

describe("a provider", () => {
  it("is started, and takes any number of connections", async () => {
    const { started } = await startFake();
    const provider = await started;
    expect(provider.protocol).toBe(5);
    expect(isAlive(provider.pid)).toBe(true);
    expect(await Promise.all(["a", "b"].map((text) => echo(provider, text)))).toEqual(["a", "b"]);
    await provider.stop();
  });

  it("may listen on a port of this machine", async () => {
    const more = "const { log } = console;";
    const source = {
      more: `${more} require("node:net").createServer((s) => s.on("data", (d) => s.write(d))).listen(0, "127.0.0.1", function () { log("1|6|tcp|127.0.0.1:" + this.address().port + "|grpc|"); });`,
      say: "",
    };
    const { started } = await startFake(source);
    const provider = await started;
    expect(provider.protocol).toBe(6);
    expect(await echo(provider, "x")).toBe("x");
    await provider.stop();
  });

  it("is announced to the guard before it is there, and as it comes and goes", async () => {
    const { start, started } = await startFake();
    await (await started).stop();
    expect(start.watch.told).toEqual(["? p1", "+ p1", "-"]);
  });

  it("has a session and a group of its own", async () => {
    const more = `console.error(require("node:fs").readFileSync("/proc/self/stat", "latin1").split(") ")[1]);`;
    const lines: string[] = [];
    const log = ProviderLog.fromEnvironment({ TF_LOG: "TRACE" }, { write: (line) => lines.push(line) });
    const { started } = await startFake(process.platform === "linux" ? { more } : {}, { log });
    const { pid } = await started;
    if (process.platform === "linux") {
      await expect.poll(() => lines.length).toBeGreaterThan(0);
      const [, , group, session] = (lines[0] ?? "").replace(/.*: /, "").split(" ").map(Number);
      expect([group, session]).toEqual([pid, pid]);
    }
    process.kill(-pid, "SIGKILL");
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("gets core's environment and folder, and what go-plugin adds", async () => {
    const cwd = realpathSync(temporaryFolder());
    const given = { AWS_SECRET: "s", PWD: "/elsewhere", TMPDIR: "/tmp", TF_LOG: "trace" };
    const { env, cwd: where } = await told(given, cwd);
    expect(where).toBe(cwd);
    const { PLUGIN_UNIX_SOCKET_DIR: sockets = "", ...others } = env;
    expect(basename(sockets)).toBe("p1");
    expect(others).toEqual({
      AWS_SECRET: "s",
      PWD: "/elsewhere",
      TMPDIR: "/tmp",
      TF_LOG: "trace",
      TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
      PLUGIN_MIN_PORT: "10000",
      PLUGIN_MAX_PORT: "25000",
      PLUGIN_PROTOCOL_VERSIONS: "5,6",
    });
  });

  it.each([
    [{}, "OFF"],
    [{ TF_LOG: "trace" }, undefined],
    [{ TF_LOG_PROVIDER: "info" }, undefined],
    [{ TF_LOG_SDK: "debug" }, "debug"],
  ])("writes no log of its SDK unless somebody asked: %j", async (given, level) => {
    const { env } = await told(given);
    expect(env["TF_LOG_SDK"]).toBe(level);
  });

  it("gets nothing that would make it speak TLS, open its socket to others, or reattach", async () => {
    const { env } = await told({
      PLUGIN_CLIENT_CERT: "x",
      PLUGIN_UNIX_SOCKET_GROUP: "users",
      PLUGIN_MULTIPLEX_GRPC: "true",
      TF_REATTACH_PROVIDERS: "{}",
      PLUGIN_UNIX_SOCKET_DIR: "/elsewhere",
    });
    const names = Object.keys(env).filter((name) => /^PLUGIN_|REATTACH/.test(name));
    expect(names.sort()).toEqual([
      "PLUGIN_MAX_PORT",
      "PLUGIN_MIN_PORT",
      "PLUGIN_PROTOCOL_VERSIONS",
      "PLUGIN_UNIX_SOCKET_DIR",
    ]);
    expect(env["PLUGIN_UNIX_SOCKET_DIR"]).not.toBe("/elsewhere");
  });

  it("has its socket where only this user may go", async () => {
    const { start, started } = await startFake();
    const provider = await started;
    expect(readdirSync(start.folder.file("p1"))).toEqual(["plugin1234567890"]);
    for (const path of [start.folder.path, start.folder.file("p1")]) expect(statSync(path).mode & 0o077).toBe(0);
    await provider.stop();
  });

  it("may write to its stdout for ever", async () => {
    const { started } = await startFake({ say: '`1|5|unix|${path}|grpc|\\n` + "x".repeat(4 * 1024 * 1024)' });
    const provider = await started;
    expect(await echo(provider, "still there")).toBe("still there");
    await provider.stop();
  });
});

describe("a provider that does not start", () => {
  it.each([
    ["PROVIDER_EXITED", "ends before it says anything", { more: 'console.error("no credentials"); process.exit(3);' }],
    ["PROVIDER_HANDSHAKE", "says something else", { say: '"Usage: cloud [options]"' }],
    ["PROVIDER_HANDSHAKE", "says too much", { say: '"x".repeat(20_000)' }],
    ["PROVIDER_HANDSHAKE", "closes its stdout", { more: 'require("node:fs").closeSync(1);', say: "" }],
    ["PROVIDER_PROTOCOL", "speaks an unknown protocol", { say: "`1|4|unix|${path}|grpc|`" }],
  ])("is %s when it %s, and is gone", async (code, _, source) => {
    const { start, started } = await startFake(source);
    expect(await rejectedCode(started)).toBe(code);
    expect(start.watch.told).toEqual(["? p1", "+ p1", "-"]);
    expect(readdirSync(start.folder.path)).toEqual([]);
  });

  it("is shown by its code and its first lines", async () => {
    const { started } = await startFake({
      more: 'for (let n = 1; n < 50; n++) console.error("line " + n); process.exit(3);',
    });
    const { message } = await faultOf(started);
    expect(message).toContain(SOURCE);
    expect(message).toContain("code 3");
    expect(message).toContain("line 10");
    expect(message).not.toContain("line 11");
  });

  it("is given its time and no more", async () => {
    const slow = (ms: number) => ({ more: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${ms});` });
    const { started } = await startFake(slow(300), { startMs: 20_000 });
    await (await started).stop();
    const late = await startFake(slow(60_000), { startMs: 200 });
    expect(await rejectedCode(late.started)).toBe("PROVIDER_START_TIMEOUT");
    expect(late.start.watch.told).toEqual(["? p1", "+ p1", "-"]);
  });

  it("is stopped with the run", async () => {
    const abort = new AbortController();
    const { start, started } = await startFake(
      { more: "process.stdout.write = () => true;" },
      { signal: abort.signal },
    );
    const rejected = rejectedCode(started);
    await expect.poll(() => start.watch.told.length).toBe(2);
    abort.abort();
    expect(await rejected).toBe("PROVIDER_INTERRUPTED");
    expect(start.watch.told).toEqual(["? p1", "+ p1", "-"]);
    const after = await startFake({}, { signal: abort.signal });
    expect(await rejectedCode(after.started)).toBe("PROVIDER_INTERRUPTED");
    expect(after.start.watch.told).toEqual([]);
  });

  it("is refused when it speaks another protocol than core was told", async () => {
    const { started } = await startFake({}, { protocol: 6 });
    expect(await rejectedCode(started)).toBe("PROVIDER_PROTOCOL");
    const right = await startFake({}, { protocol: 5 });
    await (await right.started).stop();
  });

  it.each([
    [
      "may not be executed",
      (path: string) => {
        chmodSync(path, 0o644);
      },
    ],
    [
      "has an interpreter that is missing",
      (path: string) => {
        writeFileSync(path, "#!/does/not/exist\n");
      },
    ],
  ])("is PROVIDER_NOT_EXECUTABLE when it %s", async (_, spoil) => {
    const path = program(join(temporaryFolder(), "terraform-provider-cloud"));
    spoil(path);
    const start = await startOf(path);
    expect(await rejectedCode(ProviderProcess.start(start))).toBe("PROVIDER_NOT_EXECUTABLE");
    expect(start.watch.told).toEqual(["? p1", "! p1"]);
    expect(readdirSync(start.folder.path)).toEqual([]);
  });

  it.each(["echo hello", "", "PK\x03\x04"])("is not handed to a shell when it is no program: %j", async (text) => {
    const start = await startOf(program(join(temporaryFolder(), "terraform-provider-cloud"), text));
    expect(await rejectedCode(ProviderProcess.start(start))).toBe("PROVIDER_NOT_EXECUTABLE");
    expect(start.watch.told).toEqual([]);
  });

  it("is PROVIDER_NOT_EXECUTABLE in a folder that is not there", async () => {
    const { started } = await startFake({}, { cwd: "/does/not/exist" });
    expect(await rejectedCode(started)).toBe("PROVIDER_NOT_EXECUTABLE");
  });
});

describe("a provider that nobody reaches", () => {
  it("is an error", async () => {
    const { started } = await startFake({ say: "`1|5|unix|/does/not/exist|grpc|`" });
    const provider = await started;
    expect(await rejectedCode(provider.socket())).toBe("PROVIDER_UNREACHABLE");
    await provider.stop();
  });
});
