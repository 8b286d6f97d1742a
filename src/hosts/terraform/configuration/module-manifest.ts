import { join, resolve } from "node:path";
import * as v from "valibot";
import { DeclareError } from "../../../declare/declare-error.js";
import { readBytes } from "../../../declare/files.js";

/** OpenTofu `internal/modsdir/record.go`; Terraform writes the same. */
const ManifestSchema = v.object({ Modules: v.array(v.object({ Key: v.string(), Dir: v.string() })) });

/**
 * Where `init` put the modules: the names of the calls down to a module, joined by dots -> its absolute folder.
 * `workingDirectory` is where core works. Empty when there is no manifest, or none that can be read.
 */
export async function readManifest(workingDirectory: string, dataDir: string): Promise<ReadonlyMap<string, string>> {
  const parsed = v.safeParse(ManifestSchema, await manifestJson(join(dataDir, "modules", "modules.json")));
  if (!parsed.success) return new Map();
  return new Map(parsed.output.Modules.map(({ Key, Dir }) => [Key, resolve(workingDirectory, Dir)]));
}

async function manifestJson(path: string): Promise<unknown> {
  try {
    return JSON.parse((await readBytes(path)).toString());
  } catch (error) {
    if (error instanceof DeclareError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
