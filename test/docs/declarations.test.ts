import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { readDeclarations } from "../../src/declare/read.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import { OWN_PLATFORM } from "../../src/base/own-platform.js";
import { entryOf } from "../../src/package/entry-of.js";
import { MANIFEST_FILE, ManifestSchema } from "../../src/package/manifest.js";
import { temporaryFolder } from "../support/projects.js";
import { blocksOf } from "./document.js";
import { ROOT } from "./reader.js";

const SAMPLES = readdirSync(join(ROOT, "integrations")).map((name) => `integrations/${name}/README.md`);
const PAGES = ["README.md", "docs/declarations.md", "docs/live.md", "docs/tutorial.md", ...SAMPLES].filter((page) =>
  existsSync(join(ROOT, page)),
);

/** The declarations that a page shows, each block as the file that it stands for. */
function shownOn(page: string): { name: string; content: string }[] {
  const blocks = blocksOf(readFileSync(join(ROOT, page), "utf8"));
  return blocks.flatMap(({ language, lines }) => {
    const content = lines.join("\n");
    if (language === "json" && content.includes('"integration"')) return [{ name: "main.tf.json", content }];
    if (language !== "hcl") return [];
    return [{ name: content.startsWith("# main.tf") ? "main.tf" : "airlock.hcl", content }];
  });
}

/** Whether a source is a sample that is built here. */
function isBuilt(source: string | undefined): boolean {
  const manifest = join(ROOT, source ?? "", MANIFEST_FILE);
  if (source === undefined || !existsSync(manifest)) return false;
  const parsed = v.parse(ManifestSchema, JSON.parse(readFileSync(manifest, "utf8")));
  return existsSync(join(ROOT, source, entryOf(parsed, OWN_PLATFORM)));
}

describe.each(PAGES.filter((page) => shownOn(page).length > 0))("the declarations on %s", (page) => {
  // The tutorial shows a typo on purpose; test/docs/commands.test.ts looks at what is said of it.
  const shown = shownOn(page).filter(({ content }) => !content.includes("conifg"));

  it.each(shown)("are read as they stand: $name $content", async ({ name, content }) => {
    const { declarations, providerIntegrations } = await readDeclarations(temporaryFolder({ [name]: content }));
    expect(declarations.length + providerIntegrations.length).toBeGreaterThan(0);
  });
});

describe.each(SAMPLES.filter((page) => PAGES.includes(page)))("the declaration on %s", (page) => {
  it("starts the sample, from the folder of a clone", async () => {
    const read = await Promise.all(
      shownOn(page).map(({ name, content }) => readDeclarations(temporaryFolder({ [name]: content }))),
    );
    const declared = read.flatMap(({ declarations }) => declarations);
    const integrations = declared.flatMap((declaration) =>
      isBuilt(declaration.source) ? [{ ...declaration, directory: ROOT, after: [] }] : [],
    );
    await using runtime = createRuntime({ integrations });
    expect(await runtime.start()).toEqual([]);
  });
});
