import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../../support/projects.js";

/** A shell script that may be executed, in a folder of its own that goes away with the test; its absolute path. */
export function program(script: string, name = "core"): string {
  return programIn(temporaryFolder(), script, name);
}

export function programIn(folder: string, script: string, name = "core"): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A program in JavaScript (CommonJS) that may be executed. */
export function nodeProgram(source: string): string {
  const path = join(temporaryFolder(), "core");
  writeFileSync(path, `#!${process.execPath}\n${source}\n`);
  chmodSync(path, 0o755);
  return path;
}
