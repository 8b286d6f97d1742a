import { describe, expect, it } from "vitest";
import { readDeclarations } from "../../src/declare/read.js";
import { wantedSources } from "../../src/install/wanted.js";
import { codes } from "./codes.js";
import { folder } from "../declare/folder.js";

const SOURCE = "registry.example.com/acme/sample";

describe("an integration under a provider", () => {
  it("is wanted with the literals of its block, in HCL and in JSON", async () => {
    const hcl = `provider "aws" {
  alias = "eu"
  integration "sample" {
    source  = "${SOURCE}"
    version = "~> 1.0"
    grants  = { env = ["TOKEN"] }
    config  = { owner = var.owner }
  }
}`;
    const json = JSON.stringify({
      provider: { google: { integration: { sample: { source: SOURCE, version: "< 2.0", unsigned: true } } } },
    });
    const read = await readDeclarations(await folder({ "a.tf": hcl, "b.tf.json": json }));
    expect(wantedSources(read)).toMatchObject([
      {
        text: SOURCE,
        constraints: { text: "< 2.0, ~> 1.0" },
        unsigned: false,
        uses: [
          { key: "aws.eu/sample", grants: { env: ["TOKEN"] } },
          { key: "google/sample", grants: { env: [] } },
        ],
      },
    ]);
  });

  it("may have expressions where its source is local, and not where it is elsewhere", async () => {
    const block = (source: string) =>
      `provider "aws" {\n integration "sample" {\n source = "${source}"\n grants = var.grants\n }\n}`;
    expect(await codes({ "main.tf": block("./sample") })).toEqual([]);
    expect(await codes({ "main.tf": block(SOURCE) })).toEqual(["DECLARE_NOT_LITERAL 4:2"]);
  });

  it("is looked for in the default registry, too", async () => {
    const read = await readDeclarations(
      await folder({
        "airlock.hcl": 'registry { default_host = "registry.example.com" }',
        "main.tf": 'provider "aws" {\n integration "sample" {\n source = "acme/sample"\n }\n}',
      }),
    );
    expect(wantedSources(read)).toMatchObject([{ text: SOURCE }]);
  });
});
