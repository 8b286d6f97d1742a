import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { LiveIo } from "./live-io.js";
import type { Workplace } from "./project.js";

/** The workspace that core will use: by the environment, or as it was selected last. */
export async function workspaceOf(
  { dataDir }: Pick<Workplace, "dataDir">,
  { env }: Pick<LiveIo, "env">,
): Promise<string> {
  const named = env["TF_WORKSPACE"] ?? "";
  if (named !== "") return named;
  const selected = await readFile(resolve(dataDir, "environment"), "utf8").catch(() => "");
  return selected.trim() === "" ? "default" : selected.trim().slice(0, 256);
}
