import { describe, expect, it } from "vitest";
import { openOrigin } from "../../../src/package/origin/open-origin.js";
import { openPublisher } from "../../../src/package/origin/publish/open-publisher.js";
import { parseSource } from "../../../src/package/source/parse-source.js";
import type { RemoteSource } from "../../../src/package/source/source.js";
import { rejectedCode } from "../../support/codes.js";
import { ociRegistry } from "../../support/oci-registry.js";
import { publishable, serve, settings } from "./fixture.js";

const BUNDLE = Buffer.from('{"mediaType":"a bundle"}');

function sourceOf(text: string): RemoteSource {
  const source = parseSource(text);
  if (source.kind === "local") throw new Error(text);
  return source;
}

async function signed(version: string, code?: string) {
  const published = await publishable(version, code);
  return { ...published, archives: published.archives.map((archive) => ({ ...archive, bundles: [BUNDLE] })) };
}

describe("an OCI registry", () => {
  it("gives back what was pushed, by list, tag and digest", async () => {
    const { host } = await serve(ociRegistry());
    const place = `oci://${host}/acme/budget`;
    const publish = openPublisher(place, settings());
    expect(await publish(await signed("1.0.0"))).toBe("published");
    expect(await publish(await signed("1.1.0"))).toBe("published");
    const origin = openOrigin(sourceOf(place), settings());
    expect((await origin.versions()).map(({ version }) => version)).toEqual(["1.0.0", "1.1.0"]);
    const release = await origin.release("1.1.0");
    expect(release).toMatchObject({ version: "1.1.0", kind: "js", yanked: null });
    const [archive] = release.archives;
    expect(archive?.bundles.map((bundle) => Buffer.from(bundle).toString())).toEqual([BUNDLE.toString()]);
    if (archive !== undefined) expect((await origin.fetch(archive)).byteLength).toBe(archive.size);
    const tagged = openOrigin(sourceOf(`${place}:1.0.0`), settings());
    expect(await tagged.versions()).toEqual([]);
    expect((await tagged.release(null)).version).toBe("1.0.0");
  });

  it("keeps a version as it is", async () => {
    const { host } = await serve(ociRegistry());
    const publish = openPublisher(`oci://${host}/acme/budget`, settings());
    await publish(await signed("1.0.0"));
    expect(await publish(await signed("1.0.0"))).toBe("unchanged");
    expect(await rejectedCode(publish(await signed("1.0.0", "other();\n")))).toBe("REGISTRY_VERSION_EXISTS");
  });

  it("gets the token that it asks for, for the user's credentials", async () => {
    const { host } = await serve(ociRegistry("user:password"));
    const place = `oci://${host}/acme/budget`;
    const hosts = { token: (name: string) => (name === host ? "user:password" : undefined), services: () => undefined };
    await openPublisher(place, settings({ hosts }))(await signed("1.0.0"));
    expect(await openOrigin(sourceOf(place), settings({ hosts })).versions()).toHaveLength(1);
    expect(await rejectedCode(openOrigin(sourceOf(place), settings()).versions())).toBe("REGISTRY_UNAUTHORIZED");
  });

  it("gives no credentials to a token service on another host", async () => {
    const service = await serve((_, response) => response.writeHead(401).end());
    const registry = await serve((_, response) => {
      response.writeHead(401, { "www-authenticate": `Bearer realm="http://${service.host}/token"` }).end();
    });
    const hosts = { token: () => "user:password", services: () => undefined };
    const origin = openOrigin(sourceOf(`oci://${registry.host}/acme/budget`), settings({ hosts }));
    expect(await rejectedCode(origin.versions())).toBe("REGISTRY_UNAUTHORIZED");
    expect(service.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it("may hold something else than integrations", async () => {
    const { host } = await serve((_, response) => response.end('{"schemaVersion":2,"layers":[]}'));
    const origin = openOrigin(sourceOf(`oci://${host}/acme/budget:1.0.0`), settings());
    expect(await rejectedCode(origin.release(null))).toBe("REGISTRY_RESPONSE_INVALID");
  });
});
