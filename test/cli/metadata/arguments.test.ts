import { describe, expect, it } from "vitest";
import { metadataArguments } from "../../../src/cli/metadata-argv.js";
import { run } from "../fake-io.js";

const COMMANDS = ["list", "get", "set", "rm", "export", "import", "diff"];

describe("the command line of airlock metadata", () => {
  it.each([
    ["metadata list", "metadata list"],
    ["-chdir=x metadata list a", "metadata list --chdir=x a"],
    ["--core c metadata list a", "metadata list --core c a"],
    ["metadata --core c list a", "metadata list --core c a"],
    ["metadata set a -- -chdir=x", "metadata set a -- -chdir=x"],
    ["metadata", "metadata"],
    ["metadata --help", "metadata --help"],
  ])("%s is %s", (written, meant) => {
    expect(metadataArguments(written.split(" ")).join(" ")).toBe(meant);
  });
});

describe("help", () => {
  it.each([[["metadata", "--help"]], ...COMMANDS.map((command) => [["metadata", command, "--help"]])])(
    "of %j has examples, and needs no core",
    async (argv) => {
      const { code, stdout, stderr } = await run(argv, { env: { PATH: "/nowhere" } });
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`Examples:\n {2}\\$ .*airlock ${argv.slice(0, -1).join(" ")}\\b`));
    },
  );

  it.each(["show", "state pull"])("of %s tells what is ours, before core's own", async (command) => {
    const { stdout } = await run([...command.split(" "), "--help"], { env: { PATH: "/nowhere" } });
    expect(stdout).toMatch(new RegExp(`^airlock ${command}: [\\s\\S]*Examples:\n {2}\\$ airlock ${command}\\b`));
    expect(stdout.split("\n").filter((line) => line.length > 90)).toEqual([]);
  });

  it("of airlock names them all", async () => {
    const { stdout } = await run(["--help"]);
    for (const name of ["metadata", "show", "state pull"]) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
  });
});

describe("usage", () => {
  it.each([
    [["metadata"]],
    [["metadata", "lst"]],
    [["metadata", "get"]],
    [["metadata", "set", "a.b", "{}"]],
    [["metadata", "set", "a.b", "--integration", "x"]],
    [["metadata", "set", "a.b", "{}", "--integration", "x", "--metadata-version", "-1"]],
    [["metadata", "list", "--format", "yaml"]],
    [["metadata", "diff"]],
    [["metadata", "import"]],
  ])("%j ends with 2, and asks no core", async (argv) => {
    const { code, stdout, stderr } = await run(argv, { env: { PATH: "/nowhere" } });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toBe("");
    expect(stderr).not.toContain("CORE_NOT_FOUND");
  });
});
