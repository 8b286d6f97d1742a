import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHostSettings } from "../../../src/hosts/terraform/providers/host-settings.js";
import { openOrigin } from "../../../src/package/origin/open-origin.js";
import { rejectedCode } from "../../support/codes.js";
import { staticFiles } from "../../support/static-server.js";
import { registryFolder, scratch, serve, settings, sourceAt } from "./fixture.js";

const TOKEN = "s3cret-token";

async function withConfig(text: string, more: Record<string, string> = {}) {
  const path = join(await scratch(), "config.tfrc");
  await writeFile(path, text);
  return { TF_CLI_CONFIG_FILE: path, ...more };
}

describe("credentials from core's settings", () => {
  it.each([
    ["HCL", 'credentials "Registry.Example.com" {\n  token = "s3cret-token"\n}\n'],
    ["JSON", '{"credentials":{"registry.example.com":{"token":"s3cret-token"}}}'],
  ])("are read from %s", async (_, text) => {
    const hosts = await readHostSettings(await withConfig(text), "tofu");
    expect(hosts.token("registry.example.com")).toBe(TOKEN);
    expect(hosts.token("example.com")).toBeUndefined();
  });

  it.each([
    ["TF_TOKEN_registry_example_com", "registry.example.com"],
    ["TF_TOKEN_my__registry_example_com", "my-registry.example.com"],
    ["TF_TOKEN_my-registry.example.com", "my-registry.example.com"],
    ["TF_TOKEN_xn____caf__dma_fr", "xn--caf-dma.fr"],
  ])("are read from %s", async (name, host) => {
    const env = await withConfig(`credentials "${host}" { token = "of the file" }`, { [name]: TOKEN });
    expect((await readHostSettings(env, "terraform")).token(host)).toBe(TOKEN);
  });

  it("are in no error about the file that holds them", async () => {
    const env = await withConfig(`credentials "x.com" {\n  token = "${TOKEN}\n}`);
    const error = await readHostSettings(env, "tofu").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "PROVIDER_CLI_CONFIG", location: { line: 2 } });
    expect(JSON.stringify(error)).not.toContain(TOKEN);
    expect(String(error)).not.toContain(TOKEN);
  });

  it("go to the host of the source, and to no other", async () => {
    const site = await registryFolder("1.0.0");
    const files = staticFiles(site);
    const elsewhere = await serve(files);
    const registry = await serve((request, response) => {
      const url = request.url ?? "";
      if (url.endsWith(".tar.gz")) response.writeHead(302, { location: `http://${elsewhere.host}${url}` }).end();
      else files(request, response);
    });
    const hosts = { token: () => TOKEN, services: () => undefined };
    const origin = openOrigin(sourceAt(registry.host), settings({ hosts }));
    const [archive] = (await origin.release("1.0.0")).archives;
    expect(archive).toBeDefined();
    if (archive !== undefined) await origin.fetch(archive);
    expect(registry.asked.map(({ authorization }) => authorization)).toEqual(
      registry.asked.map(() => `Bearer ${TOKEN}`),
    );
    expect(elsewhere.asked).toEqual([
      { method: "GET", path: expect.stringMatching(/\.tar\.gz$/) as string, authorization: undefined },
    ]);
  });

  it("a service that the settings name for a host is used in the place of discovery", async () => {
    const { host } = await serve(staticFiles(await registryFolder("1.0.0")));
    const env = await withConfig(
      `host "registry.example.com" {\n  services = {\n    "airlock.integrations.v1" = "http://${host}/integrations/v1/"\n  }\n}\n`,
    );
    const hosts = await readHostSettings(env, "tofu");
    const origin = openOrigin(sourceAt("registry.example.com"), settings({ hosts }));
    expect(await origin.versions()).toHaveLength(1);
  });

  it("a registry behind TLS may not lead to a URL without", async () => {
    const { checkDestination } = await import("../../../src/package/origin/http/destination.js");
    const home = new URL("https://registry.example.com/");
    const to = (url: string) =>
      rejectedCode(
        Promise.resolve().then(() => {
          checkDestination(new URL(url), home);
        }),
      );
    expect(await to("http://registry.example.com/x")).toBe("REGISTRY_INSECURE");
    expect(await to("http://127.0.0.1:8080/x")).toBe("REGISTRY_INSECURE");
  });
});
