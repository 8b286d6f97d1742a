import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package's package.json, both from the sources and from what is built of them. */
export function packageRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) throw new Error("the package's own folder was not found");
  }
}
