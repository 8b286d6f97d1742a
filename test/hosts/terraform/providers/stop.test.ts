import { once } from "node:events";
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ProviderProcess } from "../../../../src/hosts/terraform/providers/provider-process.js";
import { temporaryFolder } from "../../../support/projects.js";
import { isAlive, killAfterTest, startFake } from "./processes.js";

/** A child of the provider; its id is what a connection is told. */
const WITH_CHILD = {
  more: 'const child = require("node:child_process").spawn("/bin/sleep", ["1000"], { stdio: "ignore" });',
  reply: "String(child.pid)",
};

async function childOf(provider: ProviderProcess): Promise<number> {
  const socket = await provider.socket();
  socket.on("error", () => undefined);
  socket.write("?");
  const [data] = (await once(socket, "data")) as [Buffer];
  const pid = Number(data.toString());
  killAfterTest(pid);
  expect(isAlive(pid)).toBe(true);
  return pid;
}

describe("a provider that is asked to end", () => {
  it("ends by itself, and nothing of it is left", async () => {
    const { start, started } = await startFake();
    const provider = await started;
    const socket = await provider.socket();
    socket.on("error", () => undefined);
    await provider.stop(async () => {
      socket.write("exit");
      await once(socket, "close");
    });
    expect(await provider.ended).toEqual({ code: 0, signal: null });
    expect(readdirSync(start.folder.path)).toEqual([]);
  });

  it("keeps what it left running on purpose, as under core", async () => {
    const { started } = await startFake(WITH_CHILD);
    const provider = await started;
    const child = await childOf(provider);
    const socket = await provider.socket();
    socket.on("error", () => undefined);
    await provider.stop(async () => {
      socket.write("exit");
      await once(socket, "close");
    });
    expect(await provider.ended).toEqual({ code: 0, signal: null });
    expect(isAlive(child)).toBe(true);
  });

  it("is killed with its group after two seconds when it does not", async () => {
    const { started } = await startFake(WITH_CHILD);
    const provider = await started;
    const child = await childOf(provider);
    const asked = performance.now();
    await provider.stop(() => Promise.resolve());
    const took = performance.now() - asked;
    expect(took).toBeGreaterThan(1_900);
    expect(took).toBeLessThan(4_000);
    expect(await provider.ended).toEqual({ code: null, signal: "SIGKILL" });
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  it("is killed after two seconds when it does not even answer", async () => {
    const { started } = await startFake();
    const provider = await started;
    const asked = performance.now();
    await provider.stop(() => new Promise(() => undefined));
    expect(performance.now() - asked).toBeGreaterThan(1_900);
    expect(isAlive(provider.pid)).toBe(false);
  });

  it.each([
    ["asking fails", () => Promise.reject(new Error("no connection"))],
    [
      "asking throws",
      () => {
        throw new Error("no connection");
      },
    ],
    ["nobody asks it", undefined],
  ])("is killed at once when %s", async (_, shutdown) => {
    const { start, started } = await startFake();
    const provider = await started;
    const asked = performance.now();
    await provider.stop(shutdown);
    expect(performance.now() - asked).toBeLessThan(1_500);
    expect(await provider.ended).toEqual({ code: null, signal: "SIGKILL" });
    expect(readdirSync(start.folder.path)).toEqual([]);
  });

  it("may be asked often, and after its end", async () => {
    const { started } = await startFake();
    const provider = await started;
    await Promise.all([provider.stop(), provider.stop()]);
    await provider.stop(() => Promise.reject(new Error("must not be called again")));
    expect(isAlive(provider.pid)).toBe(false);
  });
});

describe("a provider that ends while it is in use", () => {
  it("says so, and why it panicked", async () => {
    const more = `
      console.error("before");
      process.on("SIGUSR1", () => require("node:fs").writeSync(2, "panic: no such region\\ngoroutine 1\\n") && process.exit(2));
    `;
    const { start, started } = await startFake({ more });
    const provider = await started;
    process.kill(provider.pid, "SIGUSR1");
    expect(await provider.ended).toEqual({ code: 2, signal: null });
    const { code, message } = await provider.crash();
    expect(code).toBe("PROVIDER_CRASHED");
    expect(message).toContain("code 2");
    expect(message).toContain("panic: no such region\ngoroutine 1");
    expect(message).not.toContain("before");
    await expect.poll(() => readdirSync(start.folder.path)).toEqual([]);
    await provider.stop();
  });

  it("takes its group with it", async () => {
    const { started } = await startFake(WITH_CHILD);
    const provider = await started;
    const child = await childOf(provider);
    process.kill(provider.pid, "SIGKILL");
    expect(await provider.ended).toEqual({ code: null, signal: "SIGKILL" });
    await expect.poll(() => isAlive(child)).toBe(false);
  });
});

describe("a provider of an old SDK, which puts its socket elsewhere", () => {
  async function old() {
    const elsewhere = temporaryFolder();
    const more = `process.env.PLUGIN_UNIX_SOCKET_DIR = ""; process.umask(0);`;
    const say = "`1|5|unix|${path}|grpc|`";
    const path = join(elsewhere, "plugin1234567890");
    const source = {
      more: `${more}\nconst { listen } = require("node:net").Server.prototype; require("node:net").Server.prototype.listen = function (_, done) { return listen.call(this, ${JSON.stringify(path)}, done); };`,
      say: say.replace("${path}", path),
    };
    const { start, started } = await startFake(source);
    return { start, provider: await started, path };
  }

  it("has it closed to others, and noted for the guard", async () => {
    const { start, provider, path } = await old();
    expect(lstatSync(path).isSocket()).toBe(true);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(start.folder.file("p1"))).toEqual(["outside"]);
    (await provider.socket()).destroy();
    await provider.stop();
  });

  it("has it removed when it was killed", async () => {
    const { provider, path } = await old();
    await provider.stop();
    expect(existsSync(path)).toBe(false);
    expect(existsSync(dirname(path))).toBe(true);
  });

  it("loses no file that is no socket", async () => {
    const folder = temporaryFolder({ precious: "x" });
    const { started } = await startFake({ say: `"1|5|unix|${join(folder, "precious")}|grpc|"` });
    await (await started).stop();
    expect(readdirSync(folder)).toEqual(["precious"]);
  });
});
