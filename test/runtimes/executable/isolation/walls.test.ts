import { createServer } from "node:net";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { HAS_BUBBLEWRAP, workingBubblewrap } from "../../../support/bubblewrap.js";
import { NODE_HEAD, resultOf, useGuests } from "../guests.js";

/** Does what it is asked to and tells what came of it. */
const TRIES = `${NODE_HEAD}
const fs = require("node:fs");
const net = require("node:net");
const said = (act) => { try { return act(); } catch (error) { return error.code; } };
const dial = (to) => new Promise((resolve) => {
  const socket = net.connect(to, () => { socket.destroy(); resolve("connected"); });
  socket.on("error", (error) => resolve(error.code));
});
const acts = {
  read: (path) => said(() => fs.readFileSync(path, "utf8")),
  list: (path) => said(() => fs.readdirSync(path).sort()),
  write: (path) => said(() => (fs.writeFileSync(path, "x"), "written")),
  make: (path) => said(() => (fs.mkdirSync(path), "made")),
  fill: ([path, mib]) => said(() => (fs.writeFileSync(path, Buffer.alloc(mib * 1024 * 1024)), "filled")),
  kill: (pid) => said(() => (process.kill(pid, 0), "reached")),
  dial,
  env: () => process.env,
  cwd: () => process.cwd(),
  capabilities: () => /CapEff:\\s*(\\w+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1],
};
on(async ({ id, params: [act, what] }) => reply(id, await acts[act](what)));
`;

/** A folder with a file, outside of everything that a guest may see. */
function outside(parent: string): string {
  const folder = mkdtempSync(join(parent, ".airlock-outside-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, "secret"), "a secret");
  return join(folder, "secret");
}

describe.skipIf(!HAS_BUBBLEWRAP)("an isolated executable", async () => {
  const { start, directory } = useGuests();
  const isolation = HAS_BUBBLEWRAP ? await workingBubblewrap() : undefined;
  /** What the same attempts give with the wall and, as a control, without. */
  const both = async (...acts: readonly (readonly [act: string, what?: unknown])[]) => {
    const guests = [await start(TRIES, { ...(isolation && { isolation }) }), await start(TRIES)];
    const all = guests.map(async (guest) => {
      const said: unknown[] = [];
      for (const [at, params] of acts.entries()) said.push(await resultOf(guest, at + 1, params));
      return said;
    });
    const [within, without] = await Promise.all(all);
    return { within, without };
  };

  it("reads nothing of homes, temporary files and what lies beside its folder", async () => {
    const files = [homedir(), tmpdir(), dirname(directory)].map(outside);
    const { within, without } = await both(...files.map((file) => ["read", file] as const));
    expect(within).toEqual(files.map(() => "ENOENT"));
    expect(without).toEqual(files.map(() => "a secret"));
  });

  it("sees neither the sockets of the system nor what other programs keep", async () => {
    const { within } = await both(
      ["list", "/run"],
      ["list", "/var"],
      ["list", "/home"],
      ["list", "/root"],
      ["read", "/etc/shadow"],
    );
    expect(within).toEqual(["ENOENT", "ENOENT", "ENOENT", "ENOENT", "ENOENT"]);
  });

  it("reads its own folder, and writes nowhere but in a /tmp of its own", async () => {
    writeFileSync(join(directory, "data.json"), "{}");
    const own = ["write", join(directory, "written")] as const;
    const { within, without } = await both(["read", join(directory, "data.json")], own);
    expect(within).toEqual(["{}", "EROFS"]);
    expect(without).toEqual(["{}", "written"]);
    const guest = await start(TRIES, { ...(isolation && { isolation }) });
    for (const path of ["/written", "/usr/written", "/dev/written"]) {
      expect(await resultOf(guest, 1, ["write", path])).toBe("EROFS");
    }
    expect(await resultOf(guest, 2, ["write", "/tmp/airlock-isolation-test"])).toBe("written");
    expect(existsSync("/tmp/airlock-isolation-test")).toBe(false);
  });

  it("has little room in its /tmp", async () => {
    const guest = await start(TRIES, { ...(isolation && { isolation }) });
    expect(await resultOf(guest, 1, ["fill", ["/tmp/small", 10]])).toBe("filled");
    expect(await resultOf(guest, 2, ["fill", ["/tmp/large", 20]])).toBe("ENOSPC");
  });

  it("has no network, not even that of this machine, and reaches no socket in a file", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "airlock-socket-")), "s");
    const servers = [
      createServer().listen(0, "127.0.0.1"),
      createServer().listen(path),
      createServer().listen("\0airlock-isolation-test"),
    ];
    onTestFinished(() => {
      for (const server of servers) server.close();
    });
    await Promise.all(servers.filter((server) => !server.listening).map((server) => once(server, "listening")));
    const at = servers[0]?.address();
    const port = typeof at === "object" ? at?.port : undefined;
    const abstract = { path: "\0airlock-isolation-test" };
    const { within, without } = await both(
      ["dial", { port, host: "127.0.0.1" }],
      ["dial", { path }],
      ["dial", abstract],
    );
    expect(within).toEqual(["ECONNREFUSED", "ENOENT", "ECONNREFUSED"]);
    expect(without).toEqual(["connected", "connected", "connected"]);
  });

  it("sees no process but its own, and reaches none", async () => {
    const { within, without } = await both(["list", "/proc"], ["kill", process.pid]);
    const pids = (listed: unknown): number[] => (listed as string[]).filter((name) => /^\d+$/.test(name)).map(Number);
    expect(pids(within?.[0]).length).toBeLessThan(5);
    expect(pids(without?.[0])).toContain(process.pid);
    expect([within?.[1], without?.[1]]).toEqual(["ESRCH", "reached"]);
  });

  it("has no capability, the environment of its spec, and its folder to stand in", async () => {
    const guest = await start(TRIES, { ...(isolation && { isolation }), environment: { GRANTED: "yes" } });
    expect(await resultOf(guest, 1, ["capabilities"])).toMatch(/^0+$/);
    expect(await resultOf(guest, 2, ["env"])).toEqual({ GRANTED: "yes" });
    expect(await resultOf(guest, 3, ["cwd"])).toBe(directory);
  });

  it("that is a file of its own sees nothing else of its folder", async () => {
    mkdirSync(join(directory, "beside"), { recursive: true });
    const guest = await start(TRIES, { ...(isolation && { isolation }), isAlone: true });
    expect(await resultOf(guest, 1, ["list", directory])).toHaveLength(1);
  });
});
