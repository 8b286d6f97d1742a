#!/usr/bin/env node
// Records what `airlock plan` prints when an integration halts a plan: the session of the README's quick start, with
// the very files that stand there, on a real tofu and a real provider. Needs a built Airlock, and Go to build the tools.
//   node test/tools/record-session.mjs                  writes docs/pictures/halted-plan.svg
//   node test/tools/record-session.mjs --print          prints the picture instead
//   node test/tools/record-session.mjs --core PATH      with another tofu than the one that test/tools builds
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { terminalSvg } from "./terminal-svg.mjs";

const ROOT = join(import.meta.dirname, "../..");
const PICTURE = join(ROOT, "docs/pictures/halted-plan.svg");
const TITLE = "airlock plan, halted by an integration";
const FILES = ["main.tf", "airlock.hcl"];
const HOSTS = ["registry.terraform.io", "registry.opentofu.org"];
const TIMEOUT_MS = 100_000;

const { values: options } = parseArgs({
  options: { print: { type: "boolean", default: false }, core: { type: "string" } },
});

/** The first version of a file that the README's quick start tells its reader to write. */
function fileOfReadme(name) {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, found] =
    new RegExp(`\`${name.replace(".", "\\.")}\`[^\`\n]*:\n\n\`\`\`\\w+\n([\\s\\S]*?)\`\`\`\n`).exec(readme) ?? [];
  if (found === undefined) throw new Error(`README.md has no block that is ${name}`);
  return found;
}

function tools(...names) {
  const build = join(import.meta.dirname, "build.mjs");
  const { status, stdout } = spawnSync(process.execPath, [build, "--json", ...names], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`building ${names.join(", ")} ended with ${status}`);
  return new Map(JSON.parse(stdout).map((tool) => [tool.name, tool]));
}

/** A folder like a clone, with the project of the quick start in it, and a mirror from which `init` installs. */
function prepare(folder, local) {
  const project = join(folder, "airlock/playground");
  for (const each of [project, join(folder, "home"), join(folder, "tmp")]) mkdirSync(each, { recursive: true });
  symlinkSync(join(ROOT, "integrations"), join(folder, "airlock/integrations"));
  for (const name of FILES) writeFileSync(join(project, name), fileOfReadme(name));
  const [provider] = local.providers;
  const system = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  for (const host of HOSTS) {
    const version = join(folder, "mirror", host, provider.address, local.version);
    mkdirSync(version, { recursive: true });
    symlinkSync(dirname(provider.path), join(version, system));
  }
  const settings = join(folder, "cli.tfrc");
  const mirror = JSON.stringify(join(folder, "mirror"));
  writeFileSync(settings, `provider_installation {\n  filesystem_mirror {\n    path = ${mirror}\n  }\n}\n`);
  return { project, settings };
}

/** Runs the command; gives its exit code, and what it printed on both streams, in one. */
function airlock(folder, { project, settings }, core, args) {
  const log = join(folder, "output");
  const output = openSync(log, "w");
  try {
    const { status, error } = spawnSync(process.execPath, [join(ROOT, "dist/src/cli/main.js"), ...args], {
      cwd: project,
      env: {
        PATH: process.env.PATH,
        HOME: join(folder, "home"),
        TMPDIR: join(folder, "tmp"),
        AIRLOCK_CORE: core,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: settings,
      },
      stdio: ["ignore", output, output],
      timeout: TIMEOUT_MS,
    });
    if (error !== undefined) throw error;
    return { status, output: readFileSync(log, "utf8") };
  } finally {
    closeSync(output);
  }
}

const built = tools("local", ...(options.core === undefined ? ["tofu"] : []));
const core = options.core ?? built.get("tofu").path;
// Short, because sockets are made under it.
const folder = realpathSync(mkdtempSync(join(tmpdir(), "airlock-rec-")));
try {
  const place = prepare(folder, built.get("local"));
  const initialised = airlock(folder, place, core, ["init"]);
  if (initialised.status !== 0)
    throw new Error(`airlock init ended with ${initialised.status}:\n${initialised.output}`);
  const { status, output } = airlock(folder, place, core, ["plan"]);
  const lines = ["$ airlock plan", ...output.trimEnd().split("\n"), "$ echo $?", String(status)];
  const picture = terminalSvg(lines, TITLE);
  if (options.print) process.stdout.write(picture);
  else writeFileSync(PICTURE, picture);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
