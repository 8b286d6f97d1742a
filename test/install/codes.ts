import { faults } from "../declare/folder.js";

/** Code, line and column of every fault of a folder with these files. */
export async function codes(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await faults(files)).map(({ code, location }) => `${code} ${location?.line ?? 0}:${location?.column ?? 0}`);
}
