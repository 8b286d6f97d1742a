import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * The part of OCI's distribution specification that pushing and pulling needs, in memory. With `secret`, it asks for a bearer token, which
 * its own `/token` gives for that pair of user and password.
 */
export function ociRegistry(secret?: string): RequestListener {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const issued = randomUUID();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", `http://${request.headers.host ?? ""}`);
    const { authorization } = request.headers;
    if (url.pathname === "/token") {
      const isRight = authorization === `Basic ${Buffer.from(secret ?? "").toString("base64")}`;
      response.writeHead(isRight ? 200 : 401).end(JSON.stringify({ token: issued }));
      return;
    }
    if (secret !== undefined && authorization !== `Bearer ${issued}`) {
      const challenge = `Bearer realm="${url.origin}/token",service="test",scope="repository:acme/budget:pull,push"`;
      response.writeHead(401, { "www-authenticate": challenge }).end();
      return;
    }
    const [, kind, name = ""] = /^\/v2\/acme\/budget\/(blobs|manifests|tags)\/(.*)$/.exec(url.pathname) ?? [];
    const body = await bodyOf(request);
    if (kind === "tags") {
      response.end(JSON.stringify({ name: "acme/budget", tags: [...manifests.keys()] }));
    } else if (request.method === "POST") {
      response.writeHead(202, { location: `/v2/acme/budget/blobs/uploads/${randomUUID()}?state=1` }).end();
    } else if (request.method === "PUT") {
      const digest = url.searchParams.get("digest") ?? "";
      if (kind === "manifests") manifests.set(name, body);
      else if (digestOf(body) === digest) blobs.set(digest, body);
      response.writeHead(kind === "manifests" || blobs.has(digest) ? 201 : 400).end();
    } else {
      const found =
        kind === "blobs"
          ? blobs.get(name)
          : (manifests.get(name) ?? [...manifests.values()].find((one) => digestOf(one) === name));
      if (found === undefined) response.writeHead(404).end();
      else
        response
          .writeHead(200, { "content-length": found.byteLength })
          .end(request.method === "HEAD" ? undefined : found);
    }
  }

  return (request, response) => void answer(request, response);
}
