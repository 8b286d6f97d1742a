import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Makes a folder in which there is room for next to nothing; false where that needs more rights than we have. */
export function fillUp(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o555);
    onTestFinished(() => {
      chmodSync(folder, 0o755);
    });
    return true;
  }
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k,nr_inodes=3", "none", folder], { stdio: "ignore" });
  } catch {
    return false;
  }
  onTestFinished(() => {
    execFileSync("umount", [folder]);
  });
  writeFileSync(join(folder, "full"), "x".repeat(4096));
  return true;
}
