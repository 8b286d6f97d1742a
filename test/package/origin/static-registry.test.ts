import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openOrigin } from "../../../src/package/origin/open-origin.js";
import { publishToFolder, yankInFolder } from "../../../src/package/origin/publish/registry-folder.js";
import { rejectedCode } from "../../support/codes.js";
import { publishable, registryFolder, serveFolder, settings, sourceAt } from "./fixture.js";

const INDEX = "integrations/v1/acme/budget";

describe("a folder behind a static web server", () => {
  it("gives versions, releases and archives", async () => {
    const { host } = await serveFolder(await registryFolder("1.0.0", "1.1.0-rc.1"));
    const origin = openOrigin(sourceAt(host), settings());
    expect((await origin.versions()).map(({ version }) => version).sort()).toEqual(["1.0.0", "1.1.0-rc.1"]);
    const release = await origin.release("1.1.0-rc.1");
    const [archive] = release.archives;
    expect(archive).toBeDefined();
    if (archive === undefined) return;
    expect(release).toMatchObject({ kind: "js", yanked: null, archives: [{ platform: null }] });
    expect((await origin.fetch(archive)).byteLength).toBe(archive.size);
  });

  it("never changes a version, and takes the same once more for nothing new", async () => {
    const site = await registryFolder("1.0.0");
    expect(await publishToFolder(await publishable("1.0.0"), site)).toBe("unchanged");
    const other = await publishable("1.0.0", "export const x = 2;\n");
    expect(await rejectedCode(publishToFolder(other, site))).toBe("REGISTRY_VERSION_EXISTS");
  });

  it("tells which versions are withdrawn, and keeps that when others are added", async () => {
    const site = await registryFolder("1.0.0");
    await yankInFolder("acme/budget", "1.0.0", "wrong prices", site);
    await publishToFolder(await publishable("1.0.1"), site);
    const { host } = await serveFolder(site);
    const origin = openOrigin(sourceAt(host), settings());
    expect(await origin.versions()).toEqual([
      { version: "1.0.0", yanked: "wrong prices" },
      { version: "1.0.1", yanked: null },
    ]);
    await yankInFolder("acme/budget", "1.0.0", null, site);
    expect(await readFile(join(site, INDEX, "versions.json"), "utf8")).not.toContain("wrong");
  });

  it("takes several publishers at once", async () => {
    const site = await registryFolder("1.0.0");
    const versions = ["1.1.0", "1.2.0", "1.3.0", "1.4.0"];
    await Promise.all(versions.map(async (version) => publishToFolder(await publishable(version), site)));
    const { host } = await serveFolder(site);
    const found = await openOrigin(sourceAt(host), settings()).versions();
    expect(found.map(({ version }) => version)).toEqual(["1.0.0", ...versions]);
  });

  it("keeps what the discovery document says of other services", async () => {
    const site = await registryFolder("1.0.0");
    const path = join(site, ".well-known/terraform.json");
    const mine = JSON.parse(await readFile(path, "utf8")) as object;
    await writeFile(path, JSON.stringify({ ...mine, "modules.v1": "/modules/" }));
    await publishToFolder(await publishable("1.0.1"), site);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({ ...mine, "modules.v1": "/modules/" });
  });

  it.each([
    ["an unknown version", "9.9.9"],
    ["what is no version", "../1.0.0"],
  ])("knows no release of %s", async (_, version) => {
    const { host } = await serveFolder(await registryFolder("1.0.0"));
    expect(await rejectedCode(openOrigin(sourceAt(host), settings()).release(version))).toBe("REGISTRY_NOT_FOUND");
  });
});
