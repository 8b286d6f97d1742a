import { existsSync } from "node:fs";
import { join } from "node:path";
import { BenchError } from "./bench-error.js";
import type { Form } from "./forms.js";
import { packageRoot } from "./package-root.js";

const CLI = "dist/src/cli/main.js";

/** A declaration of the measured policy, as a user would write it. */
export function policyDeclaration({ source }: Form, tags: readonly string[]): string {
  const path = JSON.stringify(join(packageRoot(), source));
  return `integration "required_tags" {\n  source = ${path}\n  config = { required_tags = ${JSON.stringify(tags)} }\n}\n`;
}

/** Arguments of Node that let the integrations declared in `folder` check a plan; the report goes to a file. */
export function checkArguments(folder: string, plan: string, report: string): readonly string[] {
  const cli = join(packageRoot(), CLI);
  if (!existsSync(cli)) {
    throw new BenchError("BENCH_NOT_BUILT", `${CLI} is missing`, { remedy: "Run `npm run build`." });
  }
  return [cli, "check", plan, "--config", folder, "--format", "json", "--output", report];
}
