import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { describeLive } from "../../support/live/describe.js";
import { mockcloudSource, PROTOCOLS, withMockcloud, type Protocol } from "../../support/live/mockcloud.js";
import { builtTool } from "../../support/live/tools.js";
import type { Workspace } from "../../support/live/workspace.js";
import { Twins } from "./twins.js";

const BODY = (size: string): string => `
resource "mockcloud_instance" "a" {
  name = "a"
  size = "${size}"
}
`;

const main = (protocol: Protocol, size = "small") => ({ "main.tf": withMockcloud(protocol, BODY(size)) });

async function binary(protocol: Protocol): Promise<string> {
  const { providers } = await builtTool("mockcloud");
  const found = providers.find(({ address }) => address === mockcloudSource(protocol));
  return found?.path ?? "";
}

/** Starts a provider as a developer who debugs it does; gives what core is to be told of it. */
async function started(space: Workspace, protocol: Protocol): Promise<string> {
  const running = space.start(await binary(protocol), [], {
    env: {
      TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
      PLUGIN_PROTOCOL_VERSIONS: String(protocol),
      // Outside of the folder that is looked through for leftovers.
      PLUGIN_UNIX_SOCKET_DIR: join(space.temporary, ".."),
    },
  });
  const line = /^1\|\d\|(unix|tcp)\|([^|]+)\|grpc/m.exec(await running.printed("|grpc"));
  const entry = {
    Protocol: "grpc",
    ProtocolVersion: protocol,
    Pid: running.pid,
    Test: true,
    Addr: { Network: line?.[1], String: line?.[2] },
  };
  return JSON.stringify({ [mockcloudSource(protocol)]: entry });
}

await describeLive("a provider", (core) => {
  it("from a plug-in cache is used as without Airlock", async () => {
    const twins = await Twins.make(core, {
      files: main(5),
      env: (space) => ({ TF_PLUGIN_CACHE_DIR: join(space.folder, "../cache") }),
    });
    for (const { folder } of [twins.plain, twins.airlock]) mkdirSync(join(folder, "../cache"));
    await twins.init();
    await twins.run(["apply", "-auto-approve"]);
    await twins.run(["init", "-upgrade"]);
    await twins.run(["plan", "-detailed-exitcode"]);
  });

  it.each(PROTOCOLS)("under development, of protocol %i, is used as without Airlock", async (protocol) => {
    const folder = dirname(await binary(protocol));
    const override = `provider_installation {
  dev_overrides {
    "${mockcloudSource(protocol)}" = "${folder}"
  }
  direct {}
}
`;
    const twins = await Twins.make(core, {
      files: { ...main(protocol), "override.tfrc": override },
      env: (space) => ({ TF_CLI_CONFIG_FILE: join(space.folder, "override.tfrc") }),
    });
    await twins.run(["validate"]);
    const planned = await twins.run(["plan"]);
    expect(planned.stdout).toContain("development overrides");
    await twins.run(["apply"], { unasked: true });
    twins.write(main(protocol, "large"));
    await twins.run(["apply"], { input: "yes\n" });
  });

  it.each(PROTOCOLS)("that the user has started, of protocol %i, is used as without Airlock", async (protocol) => {
    const entries = new Map<Workspace, string>();
    const twins = await Twins.make(core, {
      files: main(protocol),
      env: (space) => ({ TF_REATTACH_PROVIDERS: entries.get(space) ?? "" }),
    });
    for (const space of [twins.plain, twins.airlock]) entries.set(space, await started(space, protocol));
    await twins.run(["init"]);
    await twins.run(["plan"]);
    await twins.run(["apply", "-auto-approve"]);
    twins.write(main(protocol, "large"));
    await twins.run(["apply", "-auto-approve"]);
    const pids = (space: Workspace) => new Set(space.calls().map(({ pid }) => pid)).size;
    expect([pids(twins.plain), pids(twins.airlock)]).toEqual([1, 1]);
  });

  it.each(PROTOCOLS)("with 1,500 types, of protocol %i, is used as without Airlock", async (protocol) => {
    const many = Array.from({ length: 3 }, (_, at) => {
      const type = `mockcloud_generated_${String(1 + at * 749).padStart(4, "0")}`;
      return `resource "${type}" "a" {\n  name = "a"\n}\n`;
    });
    const twins = await Twins.make(core, {
      files: { "main.tf": withMockcloud(protocol, many.join("")) },
      env: () => ({ MOCKCLOUD_TYPES: "1500" }),
    });
    await twins.init();
    const applied = await twins.run(["apply", "-auto-approve"]);
    expect(applied.stdout).toContain("3 added");
    await twins.run(["plan", "-detailed-exitcode"]);
  });
});
