import { describe, expect, it } from "vitest";
import { HOOKS } from "../../src/protocol/hooks.js";
import { STAGES } from "../../src/hosts/terraform/stages/live.js";
import { describeLive } from "../support/live/describe.js";
import { workspace } from "../support/live/workspace.js";
import { read } from "./pages.js";

const page = read("docs/live.md");

/** The lines of a section, as words: the page indents what stands in a list. */
function section(title: string): string {
  const [, rest = ""] = page.split(`\n## ${title}\n`);
  return words(rest.split("\n## ")[0] ?? "");
}

function words(text: string): string {
  return text.split(/\s+/).join(" ");
}

describe("docs/live.md", () => {
  it("tells of every hook when it fires, and what it stops", () => {
    const named = (text: string) => HOOKS.filter((hook) => text.includes(`\`${hook}\``));
    // `pre-` and `post-x` stands for two.
    const written = section("Which hook fires when").replaceAll(/`pre-` and `post-([a-z-]+)`/g, "`pre-$1` `post-$1`");
    expect(named(written)).toEqual([...HOOKS]);
    expect(named(section("What stops what"))).toEqual([...HOOKS]);
  });

  it("has a column for every command that integrations take part in", () => {
    const [, head = ""] = page.split("\n## Which hook fires when\n");
    const columns = (head.split("\n")[1] ?? "").split("|").flatMap((cell) => [...cell.matchAll(/`([a-z]+)[^`]*`/g)]);
    expect(new Set(columns.map(([, name]) => name))).toEqual(new Set(STAGES));
  });
});

const REQUIRED = `terraform {
  required_providers {
    mockcloud = { source = "airlock/mockcloud" }
  }
`;
const BLOCK = `  integration "tagger" {
  }
}
`;
/** Core leaves out a provider that nothing uses. */
const USED = `resource "mockcloud_bucket" "used" { name = "used" }\n`;

await describeLive("what docs/live.md says that plain core says", (core) => {
  it.each([
    ["terraform", `${REQUIRED}${BLOCK}`, "init"],
    ["provider", `${REQUIRED}}\nprovider "mockcloud" {\n${BLOCK}${USED}`, "validate"],
  ])("of a block in %s { }", async (_place, project, command) => {
    const space = await workspace({ files: { "main.tf": project }, providers: ["mockcloud"] });
    if (command === "validate") await space.init(core);
    const { code, stdout, stderr } = await space.run(core, [command, "-no-color"]);
    const said = words(stdout + stderr);
    const error = said.slice(said.indexOf("Error: Unsupported block type"));
    expect(code).toBe(1);
    expect(section("The same files without Airlock")).toContain(error.slice(0, error.indexOf("expected here.") + 14));
  });
});
