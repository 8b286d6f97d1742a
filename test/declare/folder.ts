import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { DeclareError } from "../../src/declare/declare-error.js";
import type { IntegrationDeclaration } from "../../src/declare/declaration.js";
import { readDeclarations } from "../../src/declare/read.js";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with these files, gone when the test is over. */
export async function folder(files: Files): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "airlock-declare-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  return directory;
}

/** The declarations of a folder with these files. */
export async function declared(files: Files): Promise<readonly IntegrationDeclaration[]> {
  return (await readDeclarations(await folder(files))).declarations;
}

/** The one declaration of an `airlock.hcl` with one block of this body. */
export async function declaredBody(body: string): Promise<IntegrationDeclaration> {
  const [declaration] = await declared({ "airlock.hcl": `integration "subject" {\n${body}\n}\n` });
  if (declaration === undefined) throw new Error("nothing was declared");
  return declaration;
}

/** All errors of reading a folder with these files; none when it can be read. */
export async function faults(files: Files): Promise<readonly DeclareError[]> {
  const directory = await folder(files);
  try {
    await readDeclarations(directory);
    return [];
  } catch (error) {
    if (error instanceof DeclareError) return [error, ...error.others];
    throw error;
  }
}

/** `CODE line:column` of each error of an `airlock.hcl` with one block of this body; the body starts at line 2. */
export async function bodyFaults(body: string): Promise<string[]> {
  return (await faults({ "airlock.hcl": `integration "subject" {\n${body}\n}\n` })).map(shown);
}

/** `CODE line:column`. */
export function shown(error: DeclareError): string {
  return `${error.code} ${error.location?.line ?? "-"}:${error.location?.column ?? "-"}`;
}
