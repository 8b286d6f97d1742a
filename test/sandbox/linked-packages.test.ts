import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/projects.js";

const ROOT = resolve(import.meta.dirname, "../..");
const GUEST = `export const handle = (line) => "echo " + line;`;

/** This package installed so that every package is a link into a store, as pnpm does it. */
function linkedInstallation(): string {
  const folder = temporaryFolder();
  cpSync(join(ROOT, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "store"));
  mkdirSync(join(folder, "node_modules"));
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join("../store", name), join(folder, "node_modules", name));
  }
  return folder;
}

it("the sandbox host starts where packages are installed as links", async () => {
  const folder = linkedInstallation();
  const at = (path: string): string => JSON.stringify(join(folder, "dist/src", path));
  const program = `
    import { DEFAULT_LIMITS as limits } from ${at("protocol/limits.js")};
    import { NO_GRANTS as grants } from ${at("protocol/grants.js")};
    import { Sandbox } from ${at("sandbox/sandbox.js")};
    const sandbox = new Sandbox();
    const code = new TextEncoder().encode(${JSON.stringify(GUEST)});
    const guest = await sandbox.open(sandbox.addPool({ kind: "js", name: "guest", code, limits, grants }, 1), { log() {} });
    console.log((await guest.exchange("line")).lines[0]);
    await sandbox.close();`;
  writeFileSync(join(folder, "program.mjs"), program);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "program.mjs")]);
  expect(stdout).toBe("echo line\n");
});
