import type { LockedIntegration } from "./lock/lock.js";
import { grantsBeyond } from "./grant-texts.js";
import { signerText } from "./trust.js";

/**
 * What of a new version the user must agree to: more wanted grants, other signers, another kind, another package. One line
 * each, with `+` for what comes and `-` for what goes; empty where nothing of that changes.
 */
export function concerns(before: LockedIntegration, after: LockedIntegration): readonly string[] {
  const [signedBefore, signedAfter] = [before.signers.map(signerText), after.signers.map(signerText)];
  const lost = signedBefore.filter((one) => !signedAfter.includes(one));
  const gained = signedAfter.filter((one) => !signedBefore.includes(one));
  return [
    ...changed("package", before.package, after.package),
    ...changed("kind", before.kind, after.kind),
    ...lost.map((one) => `- signed by ${one}`),
    ...gained.map((one) => `+ signed by ${one}`),
    ...(lost.length > 0 && signedAfter.length === 0 ? ["+ signed by nobody"] : []),
    ...grantsBeyond(after.wantedGrants, before.wantedGrants).map((one) => `+ wants ${one}`),
  ];
}

function changed(what: string, before: string, after: string): readonly string[] {
  return before === after ? [] : [`- ${what} ${before}`, `+ ${what} ${after}`];
}
