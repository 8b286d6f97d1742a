import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfiguration } from "../../../../src/hosts/terraform/configuration/read-configuration.js";
import type { ReadConfigurationOptions } from "../../../../src/hosts/terraform/configuration/read-configuration.js";
import type { StaticConfiguration } from "../../../../src/hosts/terraform/configuration/types.js";
import { temporaryFolder } from "../../../support/projects.js";

/** A folder with these files, by their paths in it; gone when the test is over. */
export function tree(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** What the configuration of a folder with these files says. */
export function configured(
  files: Readonly<Record<string, string>>,
  options: Partial<ReadConfigurationOptions> = {},
): Promise<StaticConfiguration> {
  return readConfiguration(tree(files), { dataDir: ".terraform", ...options });
}

/** The manifest that `init` writes, of these keys and folders. */
export function manifest(folders: Readonly<Record<string, string>>): string {
  const modules = Object.entries(folders).map(([key, folder]) => ({ Key: key, Source: "registry/x", Dir: folder }));
  return JSON.stringify({ Modules: [{ Key: "", Source: "", Dir: "." }, ...modules] });
}
