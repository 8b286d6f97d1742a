import * as v from "valibot";
import { canonicalJson } from "../../base/canonical-json.js";
import { GrantsSchema } from "../../protocol/grants.js";
import { GUEST_KINDS } from "../../protocol/guest-kind.js";
import { parseJson } from "./parse-bundle.js";
import { mismatch, refusal } from "./refusals.js";
import type { PackageSubject } from "./types.js";

/** https://github.com/in-toto/attestation/blob/main/spec/v1/envelope.md. */
export const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE = "urn:airlock-runtime:package:v1";

const StatementSchema = v.strictObject({
  _type: v.literal(STATEMENT_TYPE),
  subject: v.strictTuple([v.strictObject({ name: v.string(), digest: v.strictObject({ sha256: v.string() }) })]),
  predicateType: v.literal(PREDICATE_TYPE),
  predicate: v.strictObject({
    name: v.string(),
    version: v.string(),
    kind: v.picklist(GUEST_KINDS),
    platform: v.nullable(v.string()),
    wanted_grants: GrantsSchema,
  }),
});

/** The statement that is signed for a package, as bytes: one spelling for one package. */
export function statementOf(subject: PackageSubject): Buffer {
  const { name, version, kind, platform, wantedGrants, digest } = subject;
  const statement: v.InferOutput<typeof StatementSchema> = {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: digest.replace(/^sha256:/, "") } }],
    predicateType: PREDICATE_TYPE,
    predicate: { name, version, kind, platform, wanted_grants: wantedGrants },
  };
  return Buffer.from(canonicalJson(statement));
}

/**
 * Compares a signed statement with what it has to be for, the most telling difference first. Throws `SignatureError`
 * SIGNATURE_WRONG_STATEMENT, _NAME, _VERSION, _DIGEST, _KIND, _PLATFORM or _GRANTS.
 */
export function checkStatement(payloadType: string, payload: Uint8Array, expected: PackageSubject): void {
  if (payloadType !== PAYLOAD_TYPE) throw mismatch("SIGNATURE_WRONG_STATEMENT", "type", PAYLOAD_TYPE, payloadType);
  const parsed = v.safeParse(StatementSchema, parseJson(payload, "the signed statement"));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const at = v.getDotPath(issue) ?? "its form";
    throw refusal("SIGNATURE_WRONG_STATEMENT", `the signed statement is not one of a package: ${at}: ${issue.message}`);
  }
  const { subject, predicate } = parsed.output;
  const digest = `sha256:${subject[0].digest.sha256}`;
  const { name, version, kind, platform, wantedGrants } = expected;
  if (subject[0].name !== name) throw mismatch("SIGNATURE_WRONG_NAME", "package", name, subject[0].name);
  if (predicate.name !== name) throw mismatch("SIGNATURE_WRONG_NAME", "package", name, predicate.name);
  if (predicate.version !== version) throw mismatch("SIGNATURE_WRONG_VERSION", "version", version, predicate.version);
  if (predicate.platform !== platform) {
    throw mismatch("SIGNATURE_WRONG_PLATFORM", "platform", platform ?? "any", predicate.platform ?? "any");
  }
  if (predicate.kind !== kind) throw mismatch("SIGNATURE_WRONG_KIND", "kind of guest", kind, predicate.kind);
  const grants = [canonicalJson(wantedGrants), canonicalJson(predicate.wanted_grants)] as const;
  if (grants[0] !== grants[1]) throw mismatch("SIGNATURE_WRONG_GRANTS", "set of wanted grants", ...grants);
  if (digest !== expected.digest) throw mismatch("SIGNATURE_WRONG_DIGEST", "archive", expected.digest, digest);
}

const AnyStatementSchema = v.object({
  _type: v.picklist([STATEMENT_TYPE, "https://in-toto.io/Statement/v0.1"]),
  subject: v.pipe(v.array(v.object({ digest: v.record(v.string(), v.string()) })), v.minLength(1)),
});

/** Whether a signed in-toto statement of any kind names this digest as one of its subjects. Throws `SignatureError`. */
export function checkSubjectDigest(payloadType: string, payload: Uint8Array, digest: string): void {
  if (payloadType !== PAYLOAD_TYPE) throw mismatch("SIGNATURE_WRONG_STATEMENT", "type", PAYLOAD_TYPE, payloadType);
  const parsed = v.safeParse(AnyStatementSchema, parseJson(payload, "the signed statement"));
  if (!parsed.success) throw refusal("SIGNATURE_WRONG_STATEMENT", "the signed statement is no in-toto statement");
  const found = parsed.output.subject.map((subject) => `sha256:${subject.digest["sha256"] ?? ""}`);
  if (!found.includes(digest)) throw mismatch("SIGNATURE_WRONG_DIGEST", "artifact", digest, found.join(", "));
}
