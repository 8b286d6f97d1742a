import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { visiblePaths } from "../../../../runtimes/executable/visible-paths.js";
import { temporaryFolder } from "../../../support/projects.js";

function file(folder: string, path: string): string {
  const at = join(folder, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, "");
  return at;
}

const beside = (prefix: string): string[] =>
  ["bin", "lib", "lib64", "libexec", "pyvenv.cfg"].map((name) => join(prefix, name));

describe("what an isolated program sees", () => {
  it("is itself alone when the system has its interpreter, or it needs none", async () => {
    expect(await visiblePaths("/home/me/check", "/usr/bin/python3")).toEqual(["/home/me/check"]);
    expect(await visiblePaths("/home/me/check", null)).toEqual(["/home/me/check"]);
  });

  it("is nothing beside the system when it is of the system", async () => {
    expect(await visiblePaths("/usr/local/bin/airlock-integration-x", null)).toEqual([]);
  });

  it("is of a home no more than bin, the libraries, and what a virtual environment says of itself", async () => {
    const home = temporaryFolder();
    const python = file(home, ".local/bin/python3");
    expect(new Set(await visiblePaths("/p", python))).toEqual(new Set([...beside(join(home, ".local")), "/p"]));
  });

  it("is the whole folder of a version manager, of /opt/NAME, of Linuxbrew", async () => {
    expect(await visiblePaths("/p", "/home/me/.nvm/versions/node/v20/bin/node")).toEqual(["/p", "/home/me/.nvm"]);
    expect(await visiblePaths("/p", "/opt/python/3.12/bin/python")).toEqual(["/p", "/opt/python"]);
    expect(await visiblePaths("/p", "/home/linuxbrew/.linuxbrew/bin/node")).toEqual([
      "/p",
      "/home/linuxbrew/.linuxbrew",
    ]);
  });

  it("is every link on the way to its interpreter, the outer folders first", async () => {
    const folder = temporaryFolder();
    const real = file(folder, "tools/v1/bin/node");
    mkdirSync(join(folder, "links"));
    symlinkSync("../tools/v1/bin/node", join(folder, "links/second"));
    symlinkSync("second", join(folder, "links/first"));
    const seen = await visiblePaths(join(folder, "package"), join(folder, "links/first"));
    expect(seen).toEqual(
      expect.arrayContaining([join(folder, "links/first"), join(folder, "links/second"), dirname(real)]),
    );
    expect(seen.map((path) => path.length)).toEqual(seen.map((path) => path.length).sort((one, other) => one - other));
  });

  it("ends with links that lead in a circle", async () => {
    const folder = temporaryFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    expect(await visiblePaths("/p", join(folder, "a"))).toHaveLength(3);
  });
});
