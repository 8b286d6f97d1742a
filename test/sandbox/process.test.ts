import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ownFiles } from "../../src/sandbox/own-files.js";
import { Sandbox } from "../../src/sandbox/sandbox.js";
import { COUNTER, jsSpec, recorder } from "../support/sandboxed.js";

const linux = process.platform === "linux";

async function started(): Promise<{ sandbox: Sandbox; pid: number }> {
  const sandbox = new Sandbox();
  await sandbox.open(sandbox.addPool(jsSpec(COUNTER), 1), recorder());
  if (sandbox.pid === undefined) throw new Error("there is no sandbox host");
  return { sandbox, pid: sandbox.pid };
}

describe.runIf(linux)("the sandbox host's process", () => {
  it("has nothing in its environment", async () => {
    const { sandbox, pid } = await started();
    expect(readFileSync(`/proc/${pid}/environ`, "utf8")).toBe("");
    await sandbox.close();
  });

  it("stands in an empty folder of its own, which goes with it", async () => {
    const { sandbox, pid } = await started();
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    expect(readdirSync(folder)).toEqual([]);
    expect(folder).not.toBe(process.cwd());
    await sandbox.close();
    expect(existsSync(folder)).toBe(false);
  });

  it("is under the permission model, with nothing but reading its own files and workers allowed", async () => {
    const { sandbox, pid } = await started();
    const flags = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    expect(flags.some((flag) => flag === "--permission" || flag === "--experimental-permission")).toBe(true);
    const allowed = flags.filter((flag) => flag.startsWith("--allow-"));
    const { folders, links } = ownFiles();
    expect(allowed.filter((flag) => flag !== "--allow-worker")).toEqual(
      [...folders.map((folder) => `${folder}/*`), ...links].map((path) => `--allow-fs-read=${path}`),
    );
    await sandbox.close();
  });

  it("is gone after close", async () => {
    const { sandbox, pid } = await started();
    await sandbox.close();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});

describe("what the sandbox host may read", () => {
  it("is this package's build and the packages it loads, each a folder of its own", () => {
    for (const folder of ownFiles().folders) expect(folder).toMatch(/[\\/](dist|node_modules[\\/].+)$/);
  });
});

describe.runIf(linux)("a program that exits without closing its sandbox", () => {
  it("leaves neither the process nor its folder behind", async () => {
    const program = `
      import { readlinkSync } from "node:fs";
      import { Sandbox } from ${JSON.stringify(new URL("../../dist/src/sandbox/sandbox.js", import.meta.url).href)};
      const sandbox = new Sandbox();
      sandbox.start();
      console.log(JSON.stringify([sandbox.pid, readlinkSync("/proc/" + sandbox.pid + "/cwd")]));
      process.exit(0);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
    const [pid, folder] = JSON.parse(stdout) as [number, string];
    expect(existsSync(folder)).toBe(false);
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });
});

/** A process that has ended and was not collected by its parent yet is no running one. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
