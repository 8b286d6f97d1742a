import { once } from "node:events";
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, unlinkSync } from "node:fs";
import { connect, constants } from "node:http2";
import { createServer } from "node:net";
import type { ClientHttp2Session } from "node:http2";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { Guard } from "../../../../src/hosts/terraform/providers/guard.js";
import { ProviderLauncher } from "../../../../src/hosts/terraform/providers/launcher.js";
import type { ProviderSession } from "../../../../src/hosts/terraform/providers/launcher.js";
import { locateProviders } from "../../../../src/hosts/terraform/providers/locate.js";
import { reattachValue } from "../../../../src/hosts/terraform/providers/reattach.js";
import type { ReattachEntry } from "../../../../src/hosts/terraform/providers/reattach.js";
import { RunFolder } from "../../../../src/hosts/terraform/providers/run-folder.js";
import { StandIn } from "../../../../src/hosts/terraform/providers/stand-in.js";
import { rejectedCode } from "../../../support/codes.js";
import { describeLive } from "../../../support/live/describe.js";
import { builtTool } from "../../../support/live/tools.js";
import type { Core } from "../../../support/live/tools.js";
import { workspace } from "../../../support/live/workspace.js";
import type { Workspace } from "../../../support/live/workspace.js";
import { killAfterTest } from "./processes.js";

function configuration(local: string): string {
  return `terraform {
  required_providers {
    time  = { source = "hashicorp/time" }
    local = { source = "${local}" }
  }
}
resource "time_static" "now" {}
`;
}

const EMPTY_MESSAGE = Buffer.alloc(5);

/** A project of this core with both providers installed, and a run over it. */
async function project(core: Core) {
  const local = (await builtTool("local")).providers[0]?.address ?? "";
  const space = await workspace({
    files: { "main.tf": configuration(local) },
    providers: ["time", "local"],
  });
  await space.init(core);
  return { space, ...(await run(core, space)) };
}

async function run(core: Core, space: Workspace) {
  const { folder: root, env } = space;
  const dataDir = join(root, ".terraform");
  const providers = await locateProviders({ root, dataDir, core: core.name, env });
  const folder = await RunFolder.create(space.temporary);
  const guard = await Guard.start(folder);
  const launcher = new ProviderLauncher(providers, { dataDir, cwd: root, env, folder, watch: guard });
  const end = async () => {
    await guard.done();
    await folder.remove();
  };
  return { launcher, folder, end };
}

async function http2(session: ProviderSession): Promise<ClientHttp2Session> {
  const socket = await session.socket();
  return connect("http://localhost", { createConnection: () => socket }).on("error", () => undefined);
}

/** One unary call with an empty request; gives the length of the answer. */
async function call(session: ProviderSession, path: string): Promise<number> {
  const client = await http2(session);
  const stream = client.request({
    [constants.HTTP2_HEADER_METHOD]: "POST",
    [constants.HTTP2_HEADER_PATH]: path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.end(EMPTY_MESSAGE);
  let length = 0;
  stream.on("data", (chunk: Buffer) => (length += chunk.length));
  await once(stream, "close");
  client.destroy();
  return length;
}

async function shutdown(session: ProviderSession): Promise<void> {
  // It may end before its answer is read.
  await call(session, "/plugin.GRPCController/Shutdown").catch(() => 0);
}

await describeLive("real providers", (core) => {
  it("are found, verified, started, spoken to in the clear, and ended gracefully", async () => {
    const { launcher, folder, end, space } = await project(core);
    const sources = [...launcher.providers.keys()];
    const host = core.name === "tofu" ? "registry.opentofu.org" : "registry.terraform.io";
    expect(sources).toHaveLength(2);
    for (const source of sources) {
      expect(source.startsWith(`${host}/`)).toBe(true);
      expect(await launcher.protocolOf(source)).toBe(5);
      const session = await launcher.open(source);
      killAfterTest(session.pid ?? 0);
      expect(await call(session, "/tfplugin5.Provider/GetSchema")).toBeGreaterThan(100);
      const asked = performance.now();
      await session.stop(() => shutdown(session));
      expect(await session.ended).toEqual({ code: 0, signal: null });
      expect(performance.now() - asked).toBeLessThan(1_900);
    }
    expect(readdirSync(folder.path)).toEqual([]);
    await end();
    expect(readdirSync(space.temporary)).toEqual([]);
  });

  it("have the hash that core itself wrote into the lock file, and not when one byte is added", async () => {
    const { launcher, end } = await project(core);
    const [[source, provider] = ["", undefined]] = [...launcher.providers];
    await (await launcher.open(source)).stop();
    if (provider?.kind !== "installed") return expect.fail("it is not installed");
    // The package is a link to the folder of the tools: not theirs is to be changed.
    const copy = `${provider.packageDir}.copy`;
    mkdirSync(copy);
    for (const name of readdirSync(provider.packageDir))
      copyFileSync(join(provider.packageDir, name), join(copy, name));
    rmSync(provider.packageDir, { recursive: true });
    renameSync(copy, provider.packageDir);
    await (await launcher.open(source)).stop();
    appendFileSync(provider.path, "x");
    expect(await rejectedCode(launcher.open(source))).toBe("PROVIDER_LOCK_MISMATCH");
    expect(dirname(provider.path)).toBe(provider.packageDir);
    await end();
  });

  it("ignore the Ctrl-C that core gets, too", async () => {
    const { launcher, end } = await project(core);
    const [source = ""] = [...launcher.providers.keys()];
    const session = await launcher.open(source);
    // An interrupt before the first call would come too early: go-plugin ignores them only once it serves.
    await call(session, "/tfplugin5.Provider/GetSchema");
    process.kill(-(session.pid ?? 0), "SIGINT");
    expect(await call(session, "/tfplugin5.Provider/GetSchema")).toBeGreaterThan(100);
    await session.stop(() => shutdown(session));
    await end();
  });

  it("tell of their death while core waits", async () => {
    const { launcher, end } = await project(core);
    const [source = ""] = [...launcher.providers.keys()];
    const session = await launcher.open(source);
    process.kill(session.pid ?? 0, "SIGABRT");
    await session.ended;
    const { code, message } = await session.crash();
    expect(code).toBe("PROVIDER_CRASHED");
    expect(message).toContain("SIGABRT: abort");
    await end();
  });

  it("are missing once their package is gone", async () => {
    const { launcher, end, space } = await project(core);
    const [[, provider] = []] = [...launcher.providers];
    if (provider?.kind !== "installed") return expect.fail("it is not installed");
    unlinkSync(provider.packageDir);
    expect(await rejectedCode(run(core, space))).toBe("PROVIDER_NOT_INSTALLED");
    await end();
  });

  it("of protocol 6 are known as such", async () => {
    const { address } = (await builtTool("mockcloud")).providers.find((each) => each.address.endsWith("6")) ?? {};
    if (address === undefined) return expect.fail("mockcloud has no provider of protocol 6");
    const files = { "main.tf": `terraform {\n  required_providers {\n    six = { source = "${address}" }\n  }\n}\n` };
    const space = await workspace({ files, providers: ["mockcloud"] });
    await space.init(core);
    const { launcher, end } = await run(core, space);
    const [source = ""] = [...launcher.providers.keys()];
    expect(await launcher.protocolOf(source)).toBe(6);
    const session = await launcher.open(source);
    expect(await call(session, "/tfplugin6.Provider/GetProviderSchema")).toBeGreaterThan(100);
    await session.stop(() => shutdown(session));
    expect(await session.ended).toEqual({ code: 0, signal: null });
    await end();
  });

  it("are used by core when it is told of them, and only as long as they are there", async () => {
    const { space, launcher, folder, end } = await project(core);
    const source = [...launcher.providers.keys()].find((each) => each.endsWith("/time")) ?? "";
    const session = await launcher.open(source);
    const path = folder.file("core.sock");
    let connections = 0;
    const server = createServer((fromCore) => {
      connections += 1;
      void session.socket().then((toProvider) => {
        for (const socket of [fromCore, toProvider]) socket.on("error", () => undefined);
        fromCore.pipe(toProvider).pipe(fromCore);
      });
    }).listen(path);
    await once(server, "listening");
    const standIn = await StandIn.start();
    const entry: ReattachEntry = { protocol: session.protocol, pid: standIn.pid, address: { network: "unix", path } };
    const env = { TF_REATTACH_PROVIDERS: reattachValue(new Map([[source, entry]]), undefined, core.name) };
    const planned = await space.succeed(core, ["plan", "-input=false", "-no-color"], { env });
    expect(planned.stdout).toContain("1 to add");
    expect(connections).toBeGreaterThan(0);
    server.close();
    await session.stop(() => shutdown(session));
    expect((await space.run(core, ["plan", "-input=false", "-no-color"], { env })).code).toBe(1);
    await standIn.end();
    await end();
  });
});
