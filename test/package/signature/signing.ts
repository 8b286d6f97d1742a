import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from "@sigstore/mock";
import type { HandlerFn } from "@sigstore/mock";
import { afterAll, beforeAll } from "vitest";
import * as v from "valibot";
import { readArchive } from "../../../src/package/archive/read.js";
import { generateKeys } from "../../../src/package/signature/keys.js";
import type { KeyPair } from "../../../src/package/signature/keys.js";
import { signPackage } from "../../../src/package/signature/sign-package.js";
import { subjectOf } from "../../../src/package/signature/subject.js";
import type { PackageSubject, TrustPolicy } from "../../../src/package/signature/types.js";
import { archiveOf, packageFiles } from "../archive/archives.js";

export const ISSUER = "https://issuer.example.com";

/** What the smallest package is signed for. */
export const SUBJECT: PackageSubject = subjectOf(
  readArchive(archiveOf(packageFiles({ wanted_grants: { hosts: ["api.example.com:443"] } }))),
);

/** A policy that trusts these keys, and no log. */
export function trusting(keys: readonly KeyPair[], changes: Partial<TrustPolicy> = {}): TrustPolicy {
  return { identities: [], keys, threshold: 1, transparency: "none", ...changes };
}

export async function signedBy({ privateKey }: KeyPair, subject = SUBJECT): Promise<Uint8Array> {
  return signPackage(subject, { type: "key", privateKey });
}

export const KEYS = {
  one: generateKeys("ecdsa-p256"),
  two: generateKeys("ed25519"),
  three: generateKeys("ecdsa-p256"),
};

/** A token as an OIDC provider gives it, by nobody. */
export function tokenOf(subject: string, claims: Record<string, unknown> = {}): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub: subject, iss: ISSUER, ...claims })}.x`;
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

const ProposedSchema = v.object({
  spec: v.object({ proposedContent: v.object({ envelope: v.string(), verifiers: v.tuple([v.string()]) }) }),
});
const EnvelopeSchema = v.object({ payload: v.string(), signatures: v.tuple([v.object({ sig: v.string() })]) });

/** What a log makes of an envelope that it is given: its digests and signatures. The mock keeps it as it came. */
function asLogged(body: string): string {
  const { envelope, verifiers } = v.parse(ProposedSchema, JSON.parse(body)).spec.proposedContent;
  const { payload, signatures } = v.parse(EnvelopeSchema, JSON.parse(envelope));
  const hash = (bytes: Buffer) => ({ algorithm: "sha256", value: createHash("sha256").update(bytes).digest("hex") });
  const spec = {
    envelopeHash: hash(Buffer.from(envelope)),
    payloadHash: hash(Buffer.from(payload, "base64")),
    signatures: [{ signature: signatures[0].sig, verifier: verifiers[0] }],
  };
  return JSON.stringify({ apiVersion: "0.0.1", kind: "dsse", spec });
}

/** A Sigstore instance of its own on loopback, with its trusted root; `at` is when it signs, now without. */
export async function startInstance(at?: Date) {
  const keyPair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const logKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const tsaKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ctlog = await initializeCTLog(keyPair);
  const ca = await initializeCA(keyPair, ctlog, at);
  // The mock writes fractions of a second in a form that not every reader takes; a minute ahead is within its certificates.
  const minute = 60_000;
  const tsa = await initializeTSA(tsaKeys, at ?? new Date((Math.floor(Date.now() / minute) + 1) * minute));
  const requests: string[] = [];
  const handlers = new Map<string, HandlerFn>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      requests.push(request.url ?? "");
      const handler = handlers.get(request.url ?? "");
      if (handler === undefined) return response.writeHead(404).end();
      return void handler(Buffer.concat(chunks).toString()).then((answer) => {
        response.writeHead(answer.statusCode, { "content-type": answer.contentType ?? "text/plain" });
        const { response: sent } = answer;
        response.end(typeof sent === "string" ? sent : bytesOf(sent));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const tlog = await initializeTLog(url, logKeys, at);
  for (const { path, fn } of [fulcioHandler(ca), tsaHandler(tsa)]) handlers.set(path, fn);
  const rekor = rekorHandler(tlog);
  handlers.set(rekor.path, (body) => rekor.fn(asLogged(body)));
  const day = 24 * 60 * 60 * 1_000;
  const start = new Date((at ?? new Date()).getTime() - 400 * day).toISOString();
  const base64 = (view: ArrayBufferView): string => bytesOf(view).toString("base64");
  const log = (publicKey: Buffer) => ({
    baseUrl: url,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(publicKey), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor: { start } },
    logId: { keyId: base64(createHash("sha256").update(publicKey).digest()) },
  });
  const authority = (certificates: ArrayBufferView[]) => ({
    subject: { organization: "sigstore.mock", commonName: "sigstore" },
    uri: url,
    certChain: { certificates: certificates.map((certificate) => ({ rawBytes: base64(certificate) })) },
    validFor: { start },
  });
  const trustedRoot = {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log(tlog.publicKey)],
    certificateAuthorities: [authority([ca.rootCertificate])],
    ctlogs: [{ ...log(ctlog.publicKey), logId: { keyId: base64(ctlog.logID) } }],
    timestampAuthorities: [authority([tsa.intCertificate, tsa.rootCertificate])],
  };
  const services = { fulcio: url, rekor: url };
  return { trustedRoot, services, requests, url, close: () => server.close() };
}

/** The same for all tests of a file. */
export function useInstance(at?: Date) {
  let instance: Awaited<ReturnType<typeof startInstance>> | undefined;
  beforeAll(async () => {
    instance = await startInstance(at);
  });
  afterAll(() => instance?.close());
  return () => {
    if (instance === undefined) throw new Error("it is started before the tests");
    return instance;
  };
}
