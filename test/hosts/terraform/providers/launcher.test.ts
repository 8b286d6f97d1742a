import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ProviderLauncher } from "../../../../src/hosts/terraform/providers/launcher.js";
import { locateProviders } from "../../../../src/hosts/terraform/providers/locate.js";
import { RunFolder } from "../../../../src/hosts/terraform/providers/run-folder.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { fakeProvider, installed, PROVIDER, SOURCE, VERSION } from "./packages.js";
import type { Installed } from "./packages.js";
import { isAlive, Watched } from "./processes.js";

/** A run of its own over what is installed. */
async function launch(
  { root, dataDir }: Pick<Installed, "root" | "dataDir">,
  env: Readonly<Record<string, string>> = {},
) {
  const providers = await locateProviders({ root, dataDir, core: "tofu", env: { HOME: root, ...env } });
  const watch = new Watched();
  const folder = await RunFolder.create(temporaryFolder());
  const started = () => watch.told.filter((word) => word.startsWith("+")).length;
  return { launcher: new ProviderLauncher(providers, { dataDir, cwd: root, env: {}, folder, watch }), watch, started };
}

function cacheOf({ dataDir }: Installed): string {
  return join(dataDir, "airlock", "protocols.json");
}

describe("the protocol of a provider", () => {
  it("is learned by one start, which the first session gets, and known from then on", async () => {
    const project = await installed();
    const { launcher, watch } = await launch(project);
    expect(await Promise.all([launcher.protocolOf(SOURCE), launcher.protocolOf(SOURCE)])).toEqual([5, 5]);
    const session = await launcher.open(SOURCE);
    expect(watch.told).toEqual(["? p1", "+ p1"]);
    await session.stop();
    const next = await launch(project);
    expect(await next.launcher.protocolOf(SOURCE)).toBe(5);
    expect(next.watch.told).toEqual([]);
  });

  it("is learned in every run where the package has no digest", async () => {
    const project = await installed(PROVIDER, () => `version = "${VERSION}"`);
    for (let run = 0; run < 2; run++) {
      const { launcher, started } = await launch(project);
      expect(await launcher.protocolOf(SOURCE)).toBe(5);
      expect(started()).toBe(1);
    }
  });

  it("is never learned from a package that the lock file does not allow", async () => {
    const project = await installed();
    const { launcher, watch } = await launch(project);
    writeFileSync(project.path, fakeProvider({ more: "//" }));
    expect(await rejectedCode(launcher.protocolOf(SOURCE))).toBe("PROVIDER_LOCK_MISMATCH");
    expect(await rejectedCode(launcher.open(SOURCE))).toBe("PROVIDER_LOCK_MISMATCH");
    expect(watch.told).toEqual([]);
  });

  it("that is remembered wrongly is an error once, and then forgotten", async () => {
    const project = await installed();
    const first = await launch(project);
    await first.launcher.protocolOf(SOURCE);
    writeFileSync(cacheOf(project), readFileSync(cacheOf(project), "utf8").replace(": 5", ": 6"));
    const { launcher } = await launch(project);
    expect(await launcher.protocolOf(SOURCE)).toBe(6);
    expect(await rejectedCode(launcher.open(SOURCE))).toBe("PROVIDER_PROTOCOL");
    const next = await launch(project);
    expect(await next.launcher.protocolOf(SOURCE)).toBe(5);
    await (await next.launcher.open(SOURCE)).stop();
  });

  it("can be asked for again when the first start failed", async () => {
    const flag = join(temporaryFolder(), "ready");
    const project = await installed(
      fakeProvider({ more: `if (!require("node:fs").existsSync(${JSON.stringify(flag)})) process.exit(1);` }),
    );
    const { launcher } = await launch(project);
    expect(await rejectedCode(launcher.protocolOf(SOURCE))).toBe("PROVIDER_EXITED");
    writeFileSync(flag, "");
    expect(await launcher.protocolOf(SOURCE)).toBe(5);
  });
});

describe("a session", () => {
  it("has a process of its own", async () => {
    const { launcher } = await launch(await installed());
    const [one, other] = await Promise.all([launcher.open(SOURCE), launcher.open(SOURCE)]);
    expect(one.pid).not.toBe(other.pid);
    await one.stop();
    expect([one, other].map(({ pid }) => isAlive(pid ?? 0))).toEqual([false, true]);
    await other.stop();
    expect(await other.ended).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("is verified each time", async () => {
    const project = await installed();
    const { launcher } = await launch(project);
    await (await launcher.open(SOURCE)).stop();
    writeFileSync(project.path, fakeProvider({ more: "//" }));
    expect(await rejectedCode(launcher.open(SOURCE))).toBe("PROVIDER_LOCK_MISMATCH");
  });

  it("is not to be had of a provider that was not located", async () => {
    const { launcher } = await launch(await installed());
    expect(await rejectedCode(launcher.open("a.example/b/c"))).toBe("PROVIDER_NOT_INSTALLED");
  });
});

describe("a spare provider", () => {
  it("is started ahead, once, for the next session", async () => {
    const { launcher, started } = await launch(await installed());
    await launcher.protocolOf(SOURCE);
    launcher.warm(SOURCE);
    await (await launcher.open(SOURCE)).stop();
    expect(started()).toBe(1);
  });

  it("that a session gave back is the next one's", async () => {
    const { launcher } = await launch(await installed());
    const one = await launcher.open(SOURCE);
    expect(launcher.keep(SOURCE, one)).toBe(true);
    const next = await launcher.open(SOURCE);
    expect(next.pid).toBe(one.pid);
    await next.stop();
  });

  it("that has ended meanwhile is nobody's", async () => {
    const { launcher } = await launch(await installed());
    const one = await launcher.open(SOURCE);
    launcher.keep(SOURCE, one);
    process.kill(one.pid ?? 0, "SIGKILL");
    await one.ended;
    const next = await launcher.open(SOURCE);
    expect(next.pid).not.toBe(one.pid);
    await next.stop();
  });

  it("ends with the others, also when it comes too late", async () => {
    const { launcher } = await launch(await installed());
    const [one, late] = await Promise.all([launcher.open(SOURCE), launcher.open(SOURCE)]);
    launcher.keep(SOURCE, one);
    await launcher.endSpares();
    await one.ended;
    launcher.keep(SOURCE, late);
    await launcher.endSpares();
    await late.ended;
    expect([one, late].map(({ pid }) => isAlive(pid ?? 0))).toEqual([false, false]);
  });
});

describe("a launcher that is closed", () => {
  it("leaves nothing of a start that was under way, and begins none", async () => {
    const { launcher, watch } = await launch(await installed());
    await launcher.protocolOf(SOURCE);
    await (await launcher.open(SOURCE)).stop();
    launcher.warm(SOURCE);
    await launcher.close();
    launcher.warm(SOURCE);
    await launcher.close();
    const starts = watch.told.filter((word) => word.startsWith("+")).length;
    expect(watch.told.filter((word) => word === "-")).toHaveLength(starts);
  });
});

describe("a provider that the user runs", () => {
  async function usersOwn() {
    const path = join(temporaryFolder(), "s");
    const server = createServer((socket) => socket.end("mine")).listen(path);
    await once(server, "listening");
    onTestFinished(() => {
      server.close();
    });
    const TF_REATTACH_PROVIDERS = JSON.stringify({
      [SOURCE]: {
        Protocol: "grpc",
        ProtocolVersion: 6,
        Pid: process.pid,
        Test: true,
        Addr: { Network: "unix", String: path },
      },
    });
    return launch(await installed(), { TF_REATTACH_PROVIDERS });
  }

  it("is dialled, and neither started nor ended", async () => {
    const { launcher, watch } = await usersOwn();
    expect(await launcher.protocolOf(SOURCE)).toBe(6);
    const session = await launcher.open(SOURCE);
    expect(session).toMatchObject({ protocol: 6, pid: null });
    await session.stop(() => Promise.reject(new Error("must not be asked to end")));
    const socket = await session.socket();
    expect(String((await once(socket, "data"))[0])).toBe("mine");
    expect(watch.told).toEqual([]);
    expect((await session.crash()).code).toBe("PROVIDER_CRASHED");
  });
});
