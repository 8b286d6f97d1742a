import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMetadata } from "../../../src/hosts/terraform/metadata/read-metadata.js";
import { readState } from "../../../src/hosts/terraform/records/state-file.js";
import { temporaryFolder } from "../../support/projects.js";
import { run } from "../fake-io.js";
import type { FakeIoOptions } from "../fake-io.js";

/** A core that keeps its state in a file, and prints what other files hold. */
const SCRIPT = `#!/bin/sh
here=$(dirname "$0")
echo "$*" >> "$here/log"
cat "$here/said-before" 2>/dev/null
case "$1" in -chdir=*) shift ;; esac
case "$1 $2" in
  "version "*) echo "OpenTofu v1.12.6" ;;
  "state pull")
    if [ -f "$here/no-pull" ]; then echo "Error: Access denied" >&2; exit 1; fi
    cat "$here/state.json" 2>/dev/null || true ;;
  "state push")
    if [ -f "$here/refuse" ]; then echo "Error: Error acquiring the state lock" >&2; exit 1; fi
    cp "$3" "$here/state.json" ;;
  "show -json") cat "$here/show.json" ;;
  "show "*) cat "$here/show.txt" ;;
  *) echo "core got: $*" ;;
esac
`;

/** A root module with a state, and a core that knows no more than that. */
export class FakeProject {
  readonly root: string;
  readonly #core: string;

  constructor(state: Buffer | null, files: Readonly<Record<string, string>> = {}) {
    this.root = temporaryFolder(files);
    this.#core = temporaryFolder(state === null ? {} : { "state.json": state });
    writeFileSync(join(this.#core, "tofu"), SCRIPT, { mode: 0o755 });
  }

  /** Makes core refuse to give the state (`no-pull`) or to take one (`refuse`). */
  break(how: "no-pull" | "refuse"): void {
    writeFileSync(join(this.#core, how), "");
  }

  /** Makes core say something on stdout before anything else, as it does of a wrong CLI configuration. */
  saysBefore(text: string): void {
    writeFileSync(join(this.#core, "said-before"), text);
  }

  /** What core prints for `show` and `show -json`. */
  shows(files: { readonly "show.txt"?: string; readonly "show.json"?: string }): void {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.#core, name), text);
  }

  /** Runs `airlock ARGS` there, in this process. */
  run(args: readonly string[], io: FakeIoOptions = {}) {
    const env = { PATH: process.env["PATH"] ?? "", AIRLOCK_CORE: join(this.#core, "tofu"), ...io.env };
    return run([...args], { cwd: this.root, ...io, env });
  }

  get state(): string {
    return readFileSync(join(this.#core, "state.json"), "utf8");
  }

  /** What the state holds now, as `ADDRESS INTEGRATION DATA`. */
  get stored(): readonly string[] {
    const { rows } = readMetadata(readState(Buffer.from(this.state)), null);
    return rows.map(({ address, integration, data }) => `${address} ${integration} ${JSON.stringify(data)}`);
  }

  /** The sidecar's text; null when there is none. */
  get sidecar(): string | null {
    const path = join(this.root, ".airlock", "metadata.json");
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  }

  /** The command lines that core got since this was asked last. */
  takeAsked(): readonly string[] {
    const path = join(this.#core, "log");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    rmSync(path);
    return lines.map((line) => line.replace(/ \S*airlock-\w+\/state$/, " FILE"));
  }
}
