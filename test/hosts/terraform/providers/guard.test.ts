import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { GUARD_SCRIPT } from "../../../../src/hosts/terraform/providers/guard-script.js";
import { Guard } from "../../../../src/hosts/terraform/providers/guard.js";
import { RunFolder } from "../../../../src/hosts/terraform/providers/run-folder.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { fakeProvider, program } from "./packages.js";
import { guardOf, isAlive, killAfterTest } from "./processes.js";

/** Another process may need a moment on a busy machine. */
const SOON = { timeout: 15_000, interval: 20 };
const PARTS = ["guard", "run-folder", "provider-process"];
const SOURCE_FOLDER = join(import.meta.dirname, "../../../../src/hosts/terraform/providers");

let bundle = "";

beforeAll(async () => {
  const built = await build({
    stdin: { contents: PARTS.map((part) => `export * from "./${part}.js";`).join("\n"), resolveDir: SOURCE_FOLDER },
    bundle: true,
    platform: "node",
    format: "cjs",
    write: false,
    logLevel: "silent",
  });
  bundle = built.outputFiles[0]?.text ?? "";
});

interface Host {
  readonly child: ChildProcess & { pid: number };
  /** What the script gave to `tell`. */
  readonly told: {
    readonly folder: string;
    readonly pid?: number;
    readonly a?: number;
    readonly b?: number;
    readonly child?: number;
    readonly core?: number;
    readonly other?: number;
  };
}

/** A process that has a run of its own: `script` sees `folder`, `guard`, `start(path)` and `tell(object)`. */
async function host(script: string, temporary = temporaryFolder()): Promise<Host> {
  const path = join(
    temporaryFolder({
      "parts.cjs": bundle,
      "host.cjs": `
    const { Guard, RunFolder, ProviderProcess } = require("./parts.cjs");
    const { spawn } = require("node:child_process");
    const main = async () => {
      const folder = await RunFolder.create(${JSON.stringify(temporary)}, ${JSON.stringify(temporary)});
      const guard = await Guard.start(folder);
      const start = (path) => ProviderProcess.start({ source: "a/b/c", path, cwd: "/", state: null, env: process.env, folder, watch: guard });
      const tell = (more) => console.log(JSON.stringify({ folder: folder.path, ...more }));
      ${script}
    };
    const staying = setInterval(() => {}, 1000);
    main();
  `,
    }),
    "host.cjs",
  );
  const child = spawn(process.execPath, [path], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: temporary },
  });
  const { pid, stdout } = child;
  if (pid === undefined) return expect.fail("no process");
  killAfterTest(pid);
  const ended = once(child, "exit").then(() => expect.fail("it ended before it told anything"));
  const [line] = (await Promise.race([once(stdout, "data"), ended])) as [Buffer];
  const told = JSON.parse(line.toString()) as Host["told"];
  onTestFinished(() => {
    rmSync(told.folder, { recursive: true, force: true });
  });
  return { child: Object.assign(child, { pid }), told };
}

const FAKE = {
  more: 'const child = require("node:child_process").spawn("/bin/sleep", ["1000"], { stdio: "ignore" });',
};

function provider(source: Parameters<typeof fakeProvider>[0] = FAKE): string {
  return JSON.stringify(program(join(temporaryFolder(), "terraform-provider-cloud"), fakeProvider(source)));
}

/** A sleeping process that is the leader of its group; `env` is put into the script as it is. */
function sleeper(env = "{}"): string {
  return `spawn("/bin/sleep", ["1000"], { detached: true, stdio: "ignore", env: ${env} })`;
}

async function nothingIsLeft({ told }: Host, ...pids: readonly (number | undefined)[]): Promise<void> {
  for (const pid of pids) await expect.poll(() => isAlive(pid ?? 0), SOON).toBe(false);
  await expect.poll(() => existsSync(told.folder), SOON).toBe(false);
  await expect.poll(() => guardOf(told.folder), SOON).toBeUndefined();
}

describe("when the run dies", () => {
  it.each(["SIGKILL", "SIGTERM", "SIGHUP", "SIGABRT"] as const)("by %s, providers and folder go", async (signal) => {
    const one = await host(
      `const a = await start(${provider()}), b = await start(${provider()}); tell({ a: a.pid, b: b.pid });`,
    );
    const { a, b } = one.told;
    for (const pid of [a, b]) expect(isAlive(pid ?? 0)).toBe(true);
    one.child.kill(signal);
    await nothingIsLeft(one, a, b);
  });

  it("by an exit, they go, too", async () => {
    const one = await host(`
      const { pid } = await start(${provider()});
      tell({ pid });
      setTimeout(() => process.exit(0), 10);`);
    await nothingIsLeft(one, one.told.pid);
  });

  it("the whole group of a provider goes", async () => {
    const reporting = provider({
      more: `${FAKE.more} require("node:fs").writeFileSync(__filename + ".child", String(child.pid));`,
    });
    const one = await host(
      `const { pid } = await start(${reporting}); tell({ pid, child: Number(require("node:fs").readFileSync(${reporting} + ".child", "utf8")) });`,
    );
    expect(isAlive(one.told.child ?? 0)).toBe(true);
    one.child.kill("SIGKILL");
    await nothingIsLeft(one, one.told.pid, one.told.child);
  });

  it("other groups go, also where only the leader has ended", async () => {
    const parent = JSON.stringify(
      program(join(temporaryFolder(), "parent"), "#!/bin/sh\nsleep 1000 & echo $! > $0.child; read -r line"),
    );
    const one = await host(`
      const fs = require("node:fs");
      const a = ${sleeper()};
      const b = spawn(${parent}, [], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
      for (const { pid } of [a, b]) guard.groups.started(pid);
      const look = setInterval(() => {
        if (!fs.existsSync(${parent} + ".child")) return;
        clearInterval(look);
        tell({ a: a.pid, b: b.pid, child: Number(fs.readFileSync(${parent} + ".child", "utf8")) });
      }, 10);`);
    const { a, b, child = 0 } = one.told;
    killAfterTest(child);
    // The leader of b ends with us, at the end of its input.
    one.child.kill("SIGKILL");
    await nothingIsLeft(one, a, b, child);
  });

  it("the folder stays until core has ended", async () => {
    const one = await host(
      `const core = ${sleeper()}; guard.coreStarted(core.pid); const { pid } = await start(${provider()}); tell({ core: core.pid, pid });`,
    );
    const { core = 0, pid = 0 } = one.told;
    killAfterTest(core);
    one.child.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), SOON).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isAlive(core)).toBe(true);
    expect(existsSync(one.told.folder)).toBe(true);
    process.kill(core, "SIGKILL");
    await nothingIsLeft(one, core);
  });

  it.runIf(process.platform === "linux")(
    "a provider goes of which the guard only knew that it would come",
    async () => {
      const sockets = '{ PLUGIN_UNIX_SOCKET_DIR: folder.path + "/p1", ...process.env }';
      const other = '{ PLUGIN_UNIX_SOCKET_DIR: folder.path + "/p12", ...process.env }';
      const one = await host(
        `guard.expect("p1"); const pid = ${sleeper(sockets)}.pid; const other = ${sleeper(other)}.pid; tell({ pid, other });`,
      );
      const { pid, other: kept = 0 } = one.told;
      killAfterTest(kept);
      one.child.kill("SIGKILL");
      await nothingIsLeft(one, pid);
      expect(isAlive(kept)).toBe(true);
    },
  );

  it("a process that the guard was not told of, or told that it has ended, is not touched", async () => {
    const one = await host(`
      const a = ${sleeper()}, b = ${sleeper()};
      guard.expect("p1"); guard.started(a.pid, "p1"); guard.ended(a.pid);
      guard.expect("p2"); guard.failed("p2");
      tell({ a: a.pid, b: b.pid });`);
    const { a = 0, b = 0 } = one.told;
    for (const pid of [a, b]) killAfterTest(pid);
    one.child.kill("SIGKILL");
    await nothingIsLeft(one);
    expect([a, b].map(isAlive)).toEqual([true, true]);
  });

  it("a socket that lies elsewhere goes", async () => {
    const path = join(temporaryFolder(), "plugin1");
    const more = `require("node:net").Server.prototype.listen = ((listen) => function (_, done) { return listen.call(this, ${JSON.stringify(path)}, done); })(require("node:net").Server.prototype.listen);`;
    const one = await host(
      `const { pid } = await start(${provider({ more, say: `"1|5|unix|${path}|grpc|"` })}); tell({ pid });`,
    );
    expect(existsSync(path)).toBe(true);
    one.child.kill("SIGKILL");
    await nothingIsLeft(one, one.told.pid);
    expect(existsSync(path)).toBe(false);
  });

  it.runIf(process.platform === "linux")(
    "what an old provider left that had not said where it listens goes",
    async () => {
      const temporary = temporaryFolder();
      // One that still lives, one that died with its socket, and one that died before it had more than a file.
      const listen = (name: string) =>
        `require("node:net").createServer().listen(${JSON.stringify(join(temporary, name))}, () => process.send(0));`;
      const silent = (name: string) =>
        JSON.stringify(program(join(temporaryFolder(), "provider"), `#!${process.execPath}\n${listen(name)}`));
      const before = createServer().listen(join(temporary, "plugin4"));
      await once(before, "listening");
      const one = await host(
        `
      const { path } = await folder.socketFolder();
      const begin = (program) => new Promise((resolve) => {
        const child = spawn(program, { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
        child.once("message", () => resolve(child));
      });
      const a = await begin(${silent("plugin1")}), b = await begin(${silent("plugin2")});
      for (const { pid } of [a, b]) guard.started(pid, "p1");
      b.kill("SIGKILL");
      await new Promise((resolve) => b.once("exit", resolve));
      require("node:fs").writeFileSync(${JSON.stringify(join(temporary, "plugin3"))}, "");
      require("node:fs").writeFileSync(${JSON.stringify(join(temporary, "plugin5"))}, "x");
      tell({ a: a.pid });`,
        temporary,
      );
      const other = createServer().listen(join(temporary, "plugin6"));
      await once(other, "listening");
      onTestFinished(() => {
        before.close();
        other.close();
      });
      one.child.kill("SIGKILL");
      await nothingIsLeft(one, one.told.a);
      expect(readdirSync(temporary).sort()).toEqual(["plugin4", "plugin5", "plugin6"]);
    },
  );

  it("a folder with any name goes, and no other", async () => {
    const parent = join(temporaryFolder(), "a  b'c\"$(d)*;e");
    mkdirSync(join(parent, "airlock-other"), { recursive: true });
    mkdirSync(join(parent, "a"));
    const one = await host(`const { pid } = await start(${provider()}); tell({ pid });`, parent);
    one.child.kill("SIGKILL");
    await nothingIsLeft(one, one.told.pid);
    expect(existsSync(join(parent, "airlock-other"))).toBe(true);
    expect(existsSync(join(parent, "a"))).toBe(true);
  });

  it("signals to the guard change nothing", async () => {
    const one = await host(`const { pid } = await start(${provider()}); tell({ pid });`);
    const guard = guardOf(one.told.folder) ?? 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGPIPE", "SIGUSR1"] as const)
      process.kill(guard, signal);
    one.child.kill("SIGKILL");
    await nothingIsLeft(one, one.told.pid);
  });
});

describe("a process id that another process has by now", () => {
  /** `cat` in place of the system's: a process seems to have another start time each time one looks. */
  const CAT =
    '#!/bin/sh\nn=$(/bin/cat "$0.n" 2>/dev/null || echo 0)\necho $((n + 1)) > "$0.n"\necho "7 (x) S 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 $n"\n';

  it.runIf(process.platform === "linux")("is not killed", async () => {
    const tools = temporaryFolder({ cat: CAT });
    chmodSync(join(tools, "cat"), 0o755);
    const { child, told } = await host(`
      const other = await RunFolder.create(folder.path);
      const confused = await Guard.start(other, { searchPath: ${JSON.stringify(tools)} });
      const sleeper = ${sleeper()};
      confused.started(sleeper.pid, "p1");
      tell({ pid: sleeper.pid });`);
    const { pid = 0 } = told;
    killAfterTest(pid);
    await expect.poll(() => existsSync(join(tools, "cat.n")), SOON).toBe(true);
    child.kill("SIGKILL");
    await expect.poll(() => guardOf(told.folder), SOON).toBeUndefined();
    await expect.poll(() => readFileSync(join(tools, "cat.n"), "utf8").trim(), SOON).toBe("2");
    expect(isAlive(pid)).toBe(true);
  });
});

describe("when the run ends by itself", () => {
  it("the guard ends at once and touches nothing", async () => {
    const folder = await RunFolder.create(temporaryFolder());
    const guard = await Guard.start(folder);
    const { pid = 0 } = spawn("/bin/sleep", ["1000"], { detached: true, stdio: "ignore" });
    killAfterTest(pid);
    guard.started(pid, "p1");
    expect(guardOf(folder.path)).toBeDefined();
    await guard.done();
    expect(guardOf(folder.path)).toBeUndefined();
    expect(existsSync(folder.path)).toBe(true);
    expect(isAlive(pid)).toBe(true);
    await guard.done();
  });

  it("goes on when somebody killed the guard", async () => {
    const folder = await RunFolder.create(temporaryFolder());
    const guard = await Guard.start(folder);
    process.kill(guardOf(folder.path) ?? 0, "SIGKILL");
    await expect.poll(() => guardOf(folder.path), SOON).toBeUndefined();
    for (let n = 0; n < 3; n++) guard.expect(`p${n}`);
    await guard.done();
  });

  it("the guard does not keep it from ending", async () => {
    const one = await host("tell({}); clearInterval(staying);");
    if (one.child.exitCode === null) await once(one.child, "exit");
    expect(one.child.exitCode).toBe(0);
    await nothingIsLeft(one);
  });
});

describe("the script of the guard", () => {
  it.each(["/bin/dash", "/bin/bash", "/bin/busybox", "/bin/ksh", "/bin/zsh"].filter(existsSync))(
    "is understood by %s",
    async (shell) => {
      const folder = await RunFolder.create(temporaryFolder());
      const args = [...(shell.endsWith("busybox") ? ["sh"] : []), "-c", GUARD_SCRIPT, "airlock-guard", folder.path];
      const guard = spawn(shell, args, { stdio: ["pipe", "ignore", "pipe"] });
      const errors: string[] = [];
      guard.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
      const { pid = 0 } = spawn("/bin/sleep", ["1000"], { detached: true, stdio: "ignore" });
      killAfterTest(pid);
      guard.stdin.end(`? p1\n? p2\n! p2\n+ ${pid} p1\n+ 999999999 p3\n- 999999999\n`);
      await once(guard, "close");
      expect(errors).toEqual([]);
      expect(existsSync(folder.path)).toBe(false);
      await expect.poll(() => isAlive(pid)).toBe(false);
    },
  );
});

it("without a shell there is no run", async () => {
  const folder = await RunFolder.create(temporaryFolder());
  expect(await rejectedCode(Guard.start(folder, { shell: "/does/not/exist" }))).toBe("PROVIDER_GUARD");
});
