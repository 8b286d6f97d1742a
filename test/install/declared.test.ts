import { describe, expect, it } from "vitest";
import { readDeclarations } from "../../src/declare/read.js";
import { trustFor } from "../../src/install/trust.js";
import { folder } from "../declare/folder.js";
import { codes } from "./codes.js";

const inBlock = (body: string): string => `integration "sample" {\n${body}\n}\n`;

describe("airlock.hcl", () => {
  it("says who may sign", async () => {
    const { trust } = await readDeclarations(
      await folder({
        "airlock.hcl": `trust "registry.example.com/acme/*" {
  identities   = [{ issuer = "https://i.example.com", subject_pattern = "https://github.com/acme/*" }]
  keys         = ["a.pub", "b.pub"]
  threshold    = 2
  trusted_root = "root.json"
}
trust "registry.example.com/acme/budget" { keys = ["c.pub"] }
`,
      }),
    );
    expect(trust).toMatchObject([
      { pattern: "registry.example.com/acme/*", keys: ["a.pub", "b.pub"], threshold: 2, transparency: "required" },
      { pattern: "registry.example.com/acme/budget", keys: ["c.pub"], threshold: 1, transparency: "none" },
    ]);
    const patternFor = (source: string) => trustFor(source, trust)?.pattern;
    expect(patternFor("registry.example.com/acme/budget")).toBe("registry.example.com/acme/budget");
    expect(patternFor("registry.example.com/acme/other")).toBe("registry.example.com/acme/*");
    expect(patternFor("registry.example.com/evil/budget")).toBeUndefined();
    expect(patternFor("evil.example.com/registry.example.com/acme")).toBeUndefined();
  });

  it.each([
    ["trust {}", "DECLARE_BAD_NAME 1:1"],
    ['trust "a" {}', "DECLARE_BAD_VALUE 1:1"],
    ['trust "a" { keys = [] }', "DECLARE_BAD_VALUE 1:20"],
    ['trust "a" { key = "a.pub" }', "DECLARE_UNKNOWN_ARGUMENT 1:13"],
    ['trust "a" {\n keys = ["a.pub"]\n threshold = 2\n}', "DECLARE_BAD_VALUE 1:1"],
    ['trust "a" {\n keys = ["a.pub"]\n threshold = 0\n}', "DECLARE_BAD_VALUE 3:14"],
    ['trust "a" {\n keys = ["a.pub"]\n transparency = "some"\n}', "DECLARE_BAD_VALUE 3:17"],
    ['trust "a" { identities = [{ issuer = "i" }] }', "DECLARE_BAD_VALUE 1:27"],
    ['trust "a" { identities = [{ issuer = "i", subject = "s", subject_pattern = "p" }] }', "DECLARE_BAD_VALUE 1:27"],
    ['trust "a" { keys = ["a"] }\ntrust "a" { keys = ["b"] }', "DECLARE_DUPLICATE_NAME 2:1"],
    ['registry "a" {}', "DECLARE_BAD_NAME 1:1"],
    ['registry { default_host = "no host" }', "DECLARE_BAD_VALUE 1:27"],
    ["registry {}\nregistry {}", "DECLARE_DUPLICATE_NAME 2:1"],
    [inBlock('source = "./a"\nversion = "1.0.0"'), "DECLARE_BAD_VALUE 3:11"],
    [inBlock('source = "./a"\nunsigned = true'), "DECLARE_BAD_VALUE 3:12"],
    [inBlock('source = "r.example.com/a/b"\nversion = "^1"'), "DECLARE_BAD_VALUE 3:11"],
    [inBlock('source = "r.example.com/a/b/c"'), "DECLARE_BAD_VALUE 2:10"],
    [inBlock('source = "https://example.com/a.tar.gz"'), "DECLARE_BAD_VALUE 2:10"],
    [inBlock('source = "oci://r.example.com/a:1.0.0"\nversion = "~> 1.0"'), "DECLARE_BAD_VALUE 3:11"],
    [inBlock('source = "r.example.com/a/b"\nunsigned = "yes"'), "DECLARE_BAD_VALUE 3:12"],
  ])("is refused at the place of the fault: %j", async (text, expected) => {
    expect(await codes({ "airlock.hcl": text })).toEqual([expected]);
  });

  it("names the registry of sources without a host", async () => {
    const text = 'integration "sample" { source = "acme/sample" }\n';
    const read = async (before: string) =>
      (await readDeclarations(await folder({ "airlock.hcl": `${before}${text}` }))).declarations[0]?.source;
    expect(await read('registry { default_host = "Registry.example.com" }\n')).toBe("registry.example.com/acme/sample");
    expect(await read("")).toBe("acme/sample");
  });
});
