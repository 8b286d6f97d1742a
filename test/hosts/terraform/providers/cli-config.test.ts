import fc from "fast-check";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCliConfig } from "../../../../src/hosts/terraform/providers/cli-config.js";
import type { CoreName } from "../../../../src/hosts/terraform/providers/source-address.js";
import { rejectedCode } from "../../../support/codes.js";
import { temporaryFolder } from "../../../support/projects.js";
import { faultOf } from "./faults.js";

const REAL = `
// what a provider's author has in his home
disable_checkpoint = true
plugin_cache_dir   = "$HOME/cache/\${WHERE}"

credentials "app.example.com" {
  token = "a } \\" { b"
}
provider_installation {
  dev_overrides {
    "hashicorp/null"         = "/work/null/bin/" # quoted keys: HCL 1
    "example.com/acme/cloud" = "../cloud"
  }
  /* and the rest */
  filesystem_mirror {
    path    = "/usr/share/providers"
    include = ["example.com/*/*", { a = [1, -2.5e3, true] }]
  }
  direct {}
}
host "a" "b" { services = { "x.v1" = <<-EOT
  dev_overrides { "not/this" = "one" }
  EOT
} }
`;

function overriding(folder: string): string {
  return `provider_installation {\n  dev_overrides {\n    "a/b" = "${folder}"\n  }\n}\n`;
}

/** A home with files, and what is read in it. */
async function read(
  files: Readonly<Record<string, string>>,
  core: CoreName,
  env: Readonly<Record<string, string>> = {},
) {
  const home = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  const inHome = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace("~", home)]));
  return { home, ...(await readCliConfig({ HOME: home, ...inHome }, core)) };
}

async function override(
  files: Readonly<Record<string, string>>,
  core: CoreName,
  env: Readonly<Record<string, string>> = {},
) {
  return [...(await read(files, core, env)).devOverrides.values()];
}

describe("the settings of core", () => {
  it("tell overrides and the plug-in cache, among much else", async () => {
    const { home, devOverrides, pluginCacheDir } = await read({ ".tofurc": REAL }, "tofu", { WHERE: "plugins" });
    expect([...devOverrides]).toEqual([
      ["registry.opentofu.org/hashicorp/null", "/work/null/bin/"],
      ["example.com/acme/cloud", "../cloud"],
    ]);
    expect(pluginCacheDir).toBe(`${home}/cache/plugins`);
  });

  it("may be JSON, whatever the name", async () => {
    const json = {
      plugin_cache_dir: "/cache",
      provider_installation: [
        { dev_overrides: { "a/b": "/one" } },
        { direct: {} },
        { dev_overrides: [{ "c/d": "/two" }] },
      ],
    };
    const { devOverrides, pluginCacheDir } = await read({ ".terraformrc": `\n ${JSON.stringify(json)}` }, "terraform");
    expect([...devOverrides]).toEqual([
      ["registry.terraform.io/a/b", "/one"],
      ["registry.terraform.io/c/d", "/two"],
    ]);
    expect(pluginCacheDir).toBe("/cache");
  });

  it("are empty without a file", async () => {
    const { devOverrides, pluginCacheDir } = await read({}, "tofu", { TF_CLI_CONFIG_FILE: "~/none" });
    expect(devOverrides.size).toBe(0);
    expect(pluginCacheDir).toBeUndefined();
  });

  it.each(["tofu", "terraform"] as const)(
    "are in the file that a variable names, and nowhere else (%s)",
    async (core) => {
      const files = {
        named: overriding("/named"),
        ".tofurc": overriding("/home"),
        ".terraformrc": overriding("/home"),
        ".terraform.d/x.tfrc": overriding("/d"),
      };
      expect(await override(files, core, { TF_CLI_CONFIG_FILE: "~/named" })).toEqual(["/named"]);
      expect(await override(files, core, { TERRAFORM_CONFIG: "~/named" })).toEqual(["/named"]);
      expect(await override(files, core, { TF_CLI_CONFIG_FILE: "~/named", TERRAFORM_CONFIG: "~/.tofurc" })).toEqual([
        "/named",
      ]);
    },
  );

  it.each([
    ["tofu's own before terraform's", { ".tofurc": "/own", ".terraformrc": "/legacy" }, "tofu", "/own"],
    [
      "terraform's for tofu, when it is the only one",
      { ".terraformrc": "/legacy", "xdg/opentofu/tofurc": "/xdg" },
      "tofu",
      "/legacy",
    ],
    ["XDG's for tofu, when there is none in the home", { "xdg/opentofu/tofurc": "/xdg" }, "tofu", "/xdg"],
    ["terraform's alone for terraform", { ".tofurc": "/own", ".terraformrc": "/legacy" }, "terraform", "/legacy"],
  ] as const)("are %s", async (_, files, core, expected) => {
    const texts = Object.fromEntries(Object.entries(files).map(([name, folder]) => [name, overriding(folder)]));
    expect(await override(texts, core, { XDG_CONFIG_HOME: "~/xdg" })).toEqual([expected]);
  });

  it("are also in the settings folder, in every file of the right name", async () => {
    const files = {
      ".terraformrc": 'plugin_cache_dir = "/first"',
      ".terraform.d/a.tfrc": 'plugin_cache_dir = "/second"',
      ".terraform.d/b.tfrc.json": JSON.stringify({ provider_installation: { dev_overrides: { "a/b": "/json" } } }),
      ".terraform.d/c.txt": overriding("/other"),
    };
    const { devOverrides, pluginCacheDir } = await read(files, "terraform");
    expect([...devOverrides.values()]).toEqual(["/json"]);
    expect(pluginCacheDir).toBe("/second");
  });

  it("are in tofu's XDG folder only while the old one is not there", async () => {
    const xdg = { "xdg/opentofu/a.tfrc": overriding("/xdg") };
    const env = { XDG_CONFIG_HOME: "~/xdg" };
    expect(await override(xdg, "tofu", env)).toEqual(["/xdg"]);
    expect(await override({ ...xdg, ".terraform.d/b.tfrc": overriding("/old") }, "tofu", env)).toEqual(["/old"]);
    expect(await override(xdg, "terraform", env)).toEqual([]);
  });

  it("give way to TF_PLUGIN_CACHE_DIR, which is taken as it is", async () => {
    const files = { ".tofurc": 'plugin_cache_dir = "/file"' };
    expect((await read(files, "tofu", { TF_PLUGIN_CACHE_DIR: "/$HOME" })).pluginCacheDir).toBe("/$HOME");
    expect((await read(files, "tofu", { TF_PLUGIN_CACHE_DIR: "" })).pluginCacheDir).toBe("/file");
  });

  it("are core's to judge where nothing of ours is in them", async () => {
    expect(await override({ ".tofurc": 'credentials "x" {' }, "tofu")).toEqual([]);
  });

  it.each([
    ["a block that is not closed", "provider_installation { dev_overrides {"],
    ["a string over a line end", 'provider_installation { dev_overrides { "a/b" = "/x\n" } }'],
    ["an argument without a value", "plugin_cache_dir ="],
    ["an argument without a name", '= "dev_overrides"'],
    ["an argument of two names", 'plugin_cache_dir x = "y"'],
    ["a brace too many", 'plugin_cache_dir = "x" }'],
    ["a heredoc without an end", "plugin_cache_dir = <<E\nx"],
    ["an unknown escape", 'plugin_cache_dir = "\\q"'],
    ["an escape that is no character", 'plugin_cache_dir = "\\UFFFFFFFF"'],
    ["broken JSON", '{ "plugin_cache_dir": '],
    ["33 levels", `plugin_cache_dir = ${"[".repeat(33)}${"]".repeat(33)}`],
  ])("with %s are refused", async (_, text) => {
    expect(await rejectedCode(read({ ".tofurc": text }, "tofu"))).toBe("PROVIDER_CLI_CONFIG");
  });

  it("may nest 32 levels", async () => {
    const text = `x = ${"[".repeat(32)}${"]".repeat(32)}\nplugin_cache_dir = "\\x2f\\u0061\\t"`;
    expect((await read({ ".tofurc": text }, "tofu")).pluginCacheDir).toBe("/a\t");
  });

  it("are named with the place of their fault", async () => {
    const fault = await faultOf(read({ ".tofurc": 'plugin_cache_dir = "x"\na b c\n' }, "tofu"));
    expect(fault.location).toMatchObject({ line: 3, column: 1 });
  });

  it("are refused for an override of what is no provider", async () => {
    const text = 'provider_installation { dev_overrides { "../b" = "/x" } }';
    expect(await rejectedCode(read({ ".tofurc": text }, "tofu"))).toBe("PROVIDER_SOURCE");
  });

  it("give an answer or their own error for any text", async () => {
    const home = temporaryFolder();
    const piece = fc.constantFrom(
      "dev_overrides",
      "{",
      "}",
      "=",
      "[",
      "]",
      ",",
      '"a/b"',
      '"${"',
      "\n",
      "/*",
      "*/",
      "//",
      "#",
      "<<E\n",
      "E",
      "\\",
      '"',
      "1.5",
      "é",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 16 }), async (pieces) => {
        writeFileSync(join(home, ".tofurc"), `plugin_cache_dir = "x"\n${pieces.join(" ")}`);
        await readCliConfig({ HOME: home }, "tofu").then(
          ({ pluginCacheDir }) => {
            expect(pluginCacheDir).toBe("x");
          },
          (error: unknown) => {
            expect(error).toHaveProperty("code", "PROVIDER_CLI_CONFIG");
          },
        );
      }),
    );
  });
});
