import { describe, expect, test } from "vitest";
import { providerSource } from "../../../../src/hosts/terraform/configuration/provider-source.js";
import { configured } from "./folder.js";

const REQUIRED = `terraform {
  required_providers {
    aws = {
      source                = "Hashicorp/AWS"
      version               = "~> 5.0"
      configuration_aliases = [aws.eu]
    }
    own = { source = "example.com/Acme/own" }
    old = "~> 1.0"
  }
}
`;

/** `address: module path/name.alias` of each resource. */
async function references(files: Record<string, string>): Promise<Record<string, string>> {
  const { resources } = await configured(files);
  return Object.fromEntries(
    resources.map(({ address, provider: { modulePath, localName, alias, source } }) => [
      address,
      `${[...modulePath, localName].join("/")}${alias === null ? "" : `.${alias}`} ${source}`,
    ]),
  );
}

describe("sources", () => {
  test("are those written, and those that blocks imply, of all modules", async () => {
    const { requiredProviders } = await configured({
      "main.tf": `${REQUIRED}provider "null" {}\nresource "time_static" "t" {}\nmodule "a" {\n  source = "./a"\n}`,
      "a/main.tf.json": '{"terraform":{"required_providers":[{"x":{"source":"acme/x"}}]},"data":{"http":{"h":{}}}}',
      "b/main.tf": 'provider "unused" {}',
    });
    expect([...requiredProviders].sort()).toEqual([
      "acme/x",
      "example.com/acme/own",
      "hashicorp/aws",
      "hashicorp/http",
      "hashicorp/null",
      "hashicorp/old",
      "hashicorp/time",
    ]);
  });

  test("what core has built in is told as that; ephemeral resources need a provider, too", async () => {
    const { requiredProviders } = await configured({
      "main.tf": 'resource "terraform_data" "t" {}\nephemeral "vault_secret" "s" {}',
    });
    expect([...requiredProviders].sort()).toEqual(["hashicorp/vault", "terraform.io/builtin/terraform"]);
  });

  test.each([
    ["aws", "hashicorp/aws"],
    ["Acme/Thing", "acme/thing"],
    ["Registry.Example.com:8080/acme/thing", "registry.example.com:8080/acme/thing"],
    [" acme/thing ", "acme/thing"],
    ["terraform", "terraform.io/builtin/terraform"],
    ["a/b/c/d", undefined],
    ["a//b", undefined],
    ["", undefined],
    ["a b/c", undefined],
  ])("%j is %j", (text, source) => {
    expect(providerSource(text)).toBe(source);
  });
});

describe("provider blocks of the root module", () => {
  test("have aliases, sources and literals", async () => {
    const { providers } = await configured({
      "main.tf": `${REQUIRED}provider "aws" {\n  region = "eu-1"\n  token = var.t\n  version = "1"\n}
provider "aws" {
  alias  = "eu"
  region = "eu-2"
  integration "x" { config = {} }
}
`,
      "a.tf.json": '{"provider":{"own":[{"alias":"one","url":"u"},{"alias":"two"}]}}',
    });
    const shown = providers.map(({ localName, alias, source, literals, written, location }) => {
      return [localName, alias, source, Object.fromEntries(literals), [...written], location.line];
    });
    expect(shown).toEqual([
      ["own", "one", "example.com/acme/own", { url: "u" }, ["url"], 1],
      ["own", "two", "example.com/acme/own", {}, [], 1],
      ["aws", null, "hashicorp/aws", { region: "eu-1" }, ["region", "token"], 12],
      ["aws", "eu", "hashicorp/aws", { region: "eu-2" }, ["region"], 17],
    ]);
  });

  test("those of child modules are not told", async () => {
    const files = { "main.tf": 'module "a" {\n  source = "./a"\n}', "a/main.tf": 'provider "aws" {}' };
    expect((await configured(files)).providers).toEqual([]);
  });
});

describe("the provider of a resource", () => {
  test("is what it names, or what its type implies", async () => {
    const files = {
      "main.tf": `${REQUIRED}
resource "aws_a" "implied" {}
resource "aws_a" "named" {
  provider = aws.eu
}
resource "aws_a" "quoted" {
  provider = "aws.eu"
}
resource "aws_a" "each" {
  provider = aws.eu[each.key]
}
resource "thing" "other" {
  provider = own
}`,
      "b.tf.json": '{"resource":{"aws_a":{"json":{"provider":"aws.eu"}}}}',
    };
    expect(await references(files)).toEqual({
      "aws_a.implied": "aws hashicorp/aws",
      "aws_a.named": "aws.eu hashicorp/aws",
      "aws_a.quoted": "aws.eu hashicorp/aws",
      "aws_a.each": "aws.eu hashicorp/aws",
      "thing.other": "own example.com/acme/own",
      "aws_a.json": "aws.eu hashicorp/aws",
    });
  });

  const CHILD = `terraform {
  required_providers {
    cloud = {
      source                = "hashicorp/aws"
      configuration_aliases = [cloud.second]
    }
  }
}
resource "cloud_a" "default" {}
resource "cloud_a" "second" {
  provider = cloud.second
}
module "deep" {
  source    = "./deep"
  providers = { aws = cloud.second }
}
`;
  const DEEP = 'resource "aws_a" "deep" {}\n';
  const inModules = (argument: string, child = CHILD) => ({
    "main.tf": `${REQUIRED}module "m" {\n  source = "./m"\n${argument}\n}`,
    "m/main.tf": child,
    "m/deep/main.tf": DEEP,
  });

  test("is followed through the providers of module calls, under whatever name", async () => {
    expect(await references(inModules("  providers = {\n    cloud = aws.us\n    cloud.second = aws.eu\n  }"))).toEqual({
      "module.m.cloud_a.default": "aws.us hashicorp/aws",
      "module.m.cloud_a.second": "aws.eu hashicorp/aws",
      "module.m.module.deep.aws_a.deep": "aws.eu hashicorp/aws",
    });
  });

  test("in JSON, too", async () => {
    const call = '{"module":{"m":{"source":"./m","providers":{"cloud":"aws.us","cloud.second":"aws.eu"}}}}';
    const files = { ...inModules(""), "main.tf": REQUIRED, "call.tf.json": call };
    expect(await references(files)).toMatchObject({ "module.m.cloud_a.second": "aws.eu hashicorp/aws" });
  });

  test("without them the default one is inherited by its source; an alias that nobody passes stays where it is", async () => {
    expect(await references(inModules(""))).toEqual({
      "module.m.cloud_a.default": "aws hashicorp/aws",
      "module.m.cloud_a.second": "m/cloud.second hashicorp/aws",
      "module.m.module.deep.aws_a.deep": "m/cloud.second hashicorp/aws",
    });
  });

  test("a module with a configuration of its own keeps it", async () => {
    expect(await references(inModules("", `provider "aws" {}\n${DEEP}`))).toEqual({
      "module.m.aws_a.deep": "m/aws hashicorp/aws",
    });
  });

  test("a provider that the caller does not require is inherited under its type", async () => {
    const child =
      'terraform {\n  required_providers {\n    x = { source = "acme/thing" }\n  }\n}\nresource "x_a" "r" {}\n';
    expect(await references(inModules("", child))).toEqual({ "module.m.x_a.r": "thing acme/thing" });
  });
});
