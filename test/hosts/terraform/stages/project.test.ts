import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CoreArguments } from "../../../../src/hosts/terraform/core/core-arguments.js";
import { Core } from "../../../../src/hosts/terraform/core/find-core.js";
import {
  prepareWorkplace,
  readDeclared,
  readProject,
  refuseRemote,
} from "../../../../src/hosts/terraform/stages/project.js";
import { rejectedCode, thrownCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { program } from "../core/programs.js";
import { SOURCE } from "../interposer/sessions.js";
import { fakeLiveIo } from "./stage-runs.js";

const INTEGRATION = 'terraform {\n  integration "one" {\n    source = "./one"\n  }\n}\n';
const UNDER = 'provider "mock" {\n  integration "tagger" {\n    source = "./tagger"\n  }\n}\n';

function folder(files: Readonly<Record<string, string>>) {
  const cwd = temporaryFolder(files);
  const { io, terminal } = fakeLiveIo({ cwd });
  const args = (...argv: string[]) => CoreArguments.parse(argv.length === 0 ? ["plan"] : argv, {});
  return { cwd, io, terminal, args };
}

const core = () => new Core(program('echo "OpenTofu v1.12.6"'), {});

async function project(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const { cwd, io, args, terminal } = folder(files);
  const withEnv = { ...io, env };
  const declared = (await readDeclared(args(), withEnv)) ?? expect.fail("nothing is declared");
  return { cwd, io: withEnv, terminal, args, project: await readProject(core(), args(), declared, withEnv) };
}

describe("what a root module declares", () => {
  it("is read from the folder that core works in", async () => {
    const { cwd, io, args } = folder({ "main.tf": INTEGRATION });
    expect((await readDeclared(args(), io))?.declarations).toMatchObject([{ name: "one" }]);
    mkdirSync(join(cwd, "sub"));
    writeFileSync(join(cwd, "sub", "main.tf"), UNDER);
    const inSub = await readDeclared(args("-chdir=sub", "plan"), io);
    expect(inSub?.providerIntegrations).toMatchObject([{ name: "tagger", provider: "mock" }]);
  });

  it("is nothing where no file declares anything, or there are no files", async () => {
    const { io, args } = folder({ "main.tf": 'resource "a" "b" {}\n' });
    expect(await readDeclared(args(), io)).toBeNull();
    expect(await readDeclared(args(), folder({}).io)).toBeNull();
  });

  it("is nothing where core will find no folder: that is core's to say", async () => {
    const { io, args } = folder({ file: "" });
    expect(await readDeclared(args("-chdir=missing", "plan"), io)).toBeNull();
    expect(await readDeclared(args("-chdir=file", "plan"), io)).toBeNull();
    expect(await readDeclared(args("-chdir=file/below", "plan"), io)).toBeNull();
  });

  it("that is wrong is an error", async () => {
    const { io, args } = folder({ "main.tf": 'terraform {\n  integration "one" {\n    colour = 1\n  }\n}\n' });
    expect(await rejectedCode(readDeclared(args(), io))).toMatch(/^DECLARE_/);
  });
});

describe("a project", () => {
  it("knows core, its providers by their whole address, and what stands under them", async () => {
    const { project: found, cwd } = await project({ "main.tf": UNDER });
    expect(found.root).toBe(cwd);
    expect(found.identity).toEqual({ name: "tofu", version: "1.12.6" });
    expect(found.providers.declaredSources).toEqual([SOURCE]);
  });

  it("works where it is when only providers have integrations", async () => {
    const { project: found, io, args, cwd } = await project({ "main.tf": UNDER }, { TF_CLI_ARGS: "-no-color", A: "b" });
    const place = await prepareWorkplace(found, args("plan", "-out=x"), io);
    expect(place).toMatchObject({ root: cwd, dataDir: join(cwd, ".terraform"), shadow: null, env: { A: "b" } });
    expect(place.args.toArgv()).toEqual(["plan", "-out=x"]);
    // What the variable says is in the arguments.
    expect(place.env).not.toHaveProperty("TF_CLI_ARGS");
  });

  it("finds core's data folder where the user has it", async () => {
    const { project: found, io, args, cwd } = await project({ "main.tf": UNDER }, { TF_DATA_DIR: "data" });
    expect((await prepareWorkplace(found, args(), io)).dataDir).toBe(join(cwd, "data"));
  });

  it("works in a shadow when core would refuse what is declared", async () => {
    const { project: found, io, args, cwd } = await project({ "main.tf": INTEGRATION });
    const place = await prepareWorkplace(found, args("plan", "-out=x"), io);
    try {
      expect(place.root).not.toBe(cwd);
      expect(place.args.toArgv()).toEqual([`-chdir=${place.root}`, "plan", `-out=${join(cwd, "x")}`]);
      expect(place.written.toArgv()).toEqual(["plan", "-out=x"]);
    } finally {
      await place.shadow?.finish();
    }
  });
});

describe("a project that would run elsewhere", () => {
  const cloud = (text: string) => ({ "main.tf": `terraform {\n${text}\n}\n${UNDER}` });

  it.each(['cloud {\n  organization = "x"\n}', 'backend "remote" {\n  organization = "x"\n}'])(
    "is refused before anything runs: %s",
    async (block) => {
      const { project: found } = await project(cloud(block));
      const refuse = () => {
        refuseRemote(found, "plan");
      };
      expect(thrownCode(refuse)).toBe("LIVE_REMOTE_EXECUTION");
    },
  );

  it("is not refused where only its state is elsewhere, or the user says that it runs here", async () => {
    const s3 = await project(cloud('backend "s3" {}'));
    const forced = await project(cloud('cloud {\n  organization = "x"\n}'), { TF_FORCE_LOCAL_BACKEND: "1" });
    for (const { project: found } of [s3, forced]) {
      expect(() => {
        refuseRemote(found, "plan");
      }).not.toThrow();
    }
  });
});
