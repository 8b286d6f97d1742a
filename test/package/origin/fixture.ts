import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { NO_HOST_SETTINGS } from "../../../src/package/origin/host-settings.js";
import type { OriginSettings } from "../../../src/package/origin/origin.js";
import { readPublishable } from "../../../src/package/origin/publish/read-publishable.js";
import type { PublishedPackage } from "../../../src/package/origin/publish/published.js";
import { publishToFolder } from "../../../src/package/origin/publish/registry-folder.js";
import type { RegistrySource } from "../../../src/package/source/source.js";
import { startServer, staticFiles } from "../../support/static-server.js";
import type { RunningServer } from "../../support/static-server.js";

/** Pauses too short to be waited for. */
export const QUICK = { backOffMs: 1, stallMs: 300, connectMs: 1000, tries: 3 } as const;

export function settings(more: Partial<OriginSettings> = {}): OriginSettings {
  return { hosts: NO_HOST_SETTINGS, environment: {}, limits: QUICK, ...more };
}

export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "airlock-origin-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A package's folder; `code` is its module. */
export async function packageFolder(version = "1.0.0", code = "export const x = 1;\n"): Promise<string> {
  const folder = join(await scratch(), "budget");
  await mkdir(folder);
  const manifest = { namespace: "acme", name: "budget", version, kind: "js", entry: "main.js" };
  await writeFile(join(folder, "integration.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "main.js"), code);
  return folder;
}

export async function publishable(version?: string, code?: string): Promise<PublishedPackage> {
  const [published] = await readPublishable([await packageFolder(version, code)]);
  if (published === undefined) throw new Error("nothing was packed");
  return published;
}

/** A registry's folder with these versions of acme/budget. */
export async function registryFolder(...versions: readonly string[]): Promise<string> {
  const site = join(await scratch(), "site");
  for (const version of versions) await publishToFolder(await publishable(version), site);
  return site;
}

/** A server for one test. */
export async function serve(listener: Parameters<typeof startServer>[0]): Promise<RunningServer> {
  const server = await startServer(listener);
  onTestFinished(() => server.stop());
  return server;
}

export async function serveFolder(site: string): Promise<RunningServer> {
  return serve(staticFiles(site));
}

export function sourceAt(host: string): RegistrySource {
  return { kind: "registry", host, namespace: "acme", name: "budget" };
}
