import * as v from "valibot";
import { parseJson } from "./parse-bundle.js";
import { SignatureError } from "./signature-error.js";

const ClaimsSchema = v.object({ sub: v.string(), exp: v.optional(v.number()) });

/**
 * Looks at an identity token before it is sent anywhere: its form, and its time. Its signature is for the certificate
 * authority to verify. Throws `SignatureError` SIGNATURE_TOKEN, which shows nothing of the token.
 */
export function checkToken(token: string, now = Date.now()): void {
  const parts = token.split(".");
  const claims = v.safeParse(ClaimsSchema, parts.length === 3 ? decoded(parts[1] ?? "") : null);
  if (!claims.success) throw tokenError("the identity token is no OIDC token");
  const { exp } = claims.output;
  if (exp !== undefined && exp * 1_000 < now) {
    throw tokenError(`the identity token is over its time since ${new Date(exp * 1_000).toISOString()}`);
  }
}

function decoded(part: string): unknown {
  try {
    return parseJson(Buffer.from(part, "base64url"), "the identity token");
  } catch {
    return null;
  }
}

function tokenError(message: string): SignatureError {
  return new SignatureError("SIGNATURE_TOKEN", message, {
    remedy: "Get a fresh one: it must be an OIDC token whose audience is sigstore.",
  });
}
