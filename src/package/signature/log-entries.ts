import type { Bundle, TransparencyLogEntry } from "@sigstore/bundle";
import type { TrustMaterial } from "@sigstore/verify";
import { refusal } from "./refusals.js";

/**
 * Looks at what of log entries the library passes over: the proof says what the signed checkpoint says, and the log is one
 * that the trusted root names. Throws `SignatureError` SIGNATURE_TRANSPARENCY.
 */
export function checkLogEntries(bundle: Bundle, logs: TrustMaterial["tlogs"]): void {
  for (const entry of bundle.verificationMaterial.tlogEntries) {
    if (!logs.some((log) => log.logID.equals(entry.logId.keyId))) {
      throw refusal("SIGNATURE_TRANSPARENCY", "a log entry is of a log that the trusted root does not name");
    }
    checkProof(entry);
  }
}

function checkProof({ inclusionProof: proof }: TransparencyLogEntry): void {
  if (proof?.checkpoint === undefined) return;
  const [, size, root] = proof.checkpoint.envelope.split("\n");
  if (size === proof.treeSize && root === proof.rootHash.toString("base64")) return;
  throw refusal("SIGNATURE_TRANSPARENCY", "the proof of a log entry does not say what its checkpoint says");
}
