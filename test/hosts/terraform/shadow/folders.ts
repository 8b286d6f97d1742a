import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { prepareShadow } from "../../../../src/hosts/terraform/shadow/shadow.js";
import type { Shadow, ShadowRequest } from "../../../../src/hosts/terraform/shadow/shadow.js";
import { temporaryFolder } from "../../../support/projects.js";

/** A folder of files that goes away with the test; its path holds no links. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(temporaryFolder());
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** Every entry below a folder: a file by its content, a link by where it leads, a folder by null. */
export function entriesOf(folder: string, leaveOut: readonly string[] = [".terraform"]): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  const look = (at: string): void => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      if (leaveOut.includes(name)) continue;
      const entry = lstatSync(path);
      const key = relative(folder, path);
      if (entry.isSymbolicLink()) found[key] = `-> ${readlinkSync(path)}`;
      else if (entry.isDirectory()) {
        found[key] = null;
        look(path);
      } else found[key] = readFileSync(path, "utf8");
    }
  };
  look(folder);
  return found;
}

/** A shadow of `root` with nothing special about it. */
export function shadowOf(root: string, extra: Partial<ShadowRequest> = {}): Promise<Shadow> {
  return prepareShadow({ root, dataDir: undefined, replaced: new Map(), localModules: [], ...extra });
}
