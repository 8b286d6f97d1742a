import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OWN_PLATFORM } from "../../../../src/base/own-platform.js";
import { LOCK_FILE } from "../../../../src/hosts/terraform/providers/lock-file.js";
import { hashPackage } from "../../../../src/hosts/terraform/providers/package-hash.js";
import { temporaryFolder } from "../../../support/projects.js";

/** A provider that listens as go-plugin's servers do, ends when it gets SIGTERM, and does nothing else. */
export const PROVIDER = fakeProvider();

/**
 * The source of a provider in Node. `say` is an expression of `path`, its socket, and `reply` one of `data`, what a
 * connection sent; `more` runs before it listens. Without `say` it neither listens nor says anything.
 */
export function fakeProvider({ say = "`1|5|unix|${path}|grpc|`", more = "", reply = "data" } = {}): string {
  return `#!${process.execPath}
const path = (process.env.PLUGIN_UNIX_SOCKET_DIR ?? require("node:os").tmpdir()) + "/plugin1234567890";
${more}
const server = require("node:net").createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", (data) => (String(data) === "exit" ? process.exit(0) : socket.write(${reply})));
});
${say === "" ? "setInterval(() => {}, 1000);" : `server.listen(path, () => console.log(${say}));`}
`;
}

/** Writes a program, and the folders above it. */
export function program(path: string, text = PROVIDER): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

export const SOURCE = "example.com/acme/cloud";
export const VERSION = "1.2.3";

/** A root module in which a provider is installed. */
export interface Installed {
  readonly root: string;
  readonly dataDir: string;
  readonly packageDir: string;
  readonly path: string;
  /** The hash that the lock file has. */
  readonly digest: string;
}

/** Installs one provider and locks it, as `init` does. `lock` is what stands in its block; else version and hash. */
export async function installed(text = PROVIDER, lock?: (digest: string) => string): Promise<Installed> {
  const root = temporaryFolder();
  const dataDir = join(root, ".terraform");
  const packageDir = join(dataDir, "providers", SOURCE, VERSION, OWN_PLATFORM);
  const path = program(join(packageDir, `terraform-provider-cloud_v${VERSION}`), text);
  writeFileSync(join(packageDir, "LICENSE"), "free");
  const digest = await hashPackage(packageDir);
  const body = lock?.(digest) ?? `version = "${VERSION}"\nhashes = ["zh:00", "${digest}"]`;
  writeFileSync(join(root, LOCK_FILE), `provider "${SOURCE}" {\n${body}\n}\n`);
  return { root, dataDir, packageDir, path, digest };
}
