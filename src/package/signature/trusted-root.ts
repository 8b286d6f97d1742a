import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { errorCode } from "../../base/error-code.js";
import { readBounded } from "../regular-file.js";
import { parseJson } from "./parse-bundle.js";
import { SignatureError } from "./signature-error.js";

const MAX_ROOT_BYTES = 1024 * 1024;
const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.trustedroot(?:\+json;version=0\.[12]|\.v0\.[12]\+json)$/;
const TUF_TIMEOUT_MS = 10_000;
/** What a network that is not there, or a server that is down, ends in; anything else is a fault of what was sent. */
const UNREACHABLE = /^(?:E(?:AI_AGAIN|CONN|HOST|NET|NOTFOUND|TIMEDOUT|PIPE)|ERR_SOCKET|UND_ERR)/;

/** Where the trusted root of the public-good instance is kept, and who is told when it could not be refreshed. */
export interface PublicRootOptions {
  /** A folder of ours alone. */
  readonly folder: string;
  readonly warn: (message: string) => void;
}

/** Reads a trusted root from a file. Rejects with `SignatureError` SIGNATURE_TRUSTED_ROOT. */
export async function readTrustedRoot(path: string): Promise<TrustedRoot> {
  try {
    return parseTrustedRoot(await readBounded(path, MAX_ROOT_BYTES));
  } catch (cause) {
    throw rootError(
      `the trusted root ${path} cannot be used`,
      cause,
      "Give the trusted_root.json of your Sigstore instance.",
    );
  }
}

/**
 * The trusted root of the public-good instance, by TUF. When its server cannot be reached, the one that was verified last, or that
 * came with this version, is used, and `warn` is told; anything else that is wrong with it is an error: SIGNATURE_TRUSTED_ROOT.
 */
export async function publicTrustedRoot({ folder, warn }: PublicRootOptions): Promise<TrustedRoot> {
  const { DEFAULT_MIRROR_URL, getTrustedRoot } = await import("@sigstore/tuf");
  try {
    return checked(await getTrustedRoot({ cachePath: folder, timeout: TUF_TIMEOUT_MS, retry: { retries: 1 } }));
  } catch (error) {
    const remedy = "Check the clock of this machine and its network, or give a trusted root with --trusted-root.";
    if (!isUnreachable(error)) throw rootError("the roots of Sigstore's public instance cannot be used", error, remedy);
    const { host } = new URL(DEFAULT_MIRROR_URL);
    warn(
      `${host} cannot be reached: signatures are verified by the roots that were fetched last, or came with Airlock`,
    );
    try {
      return parseTrustedRoot(await readFile(join(folder, host, "targets", "trusted_root.json")));
    } catch (cause) {
      throw rootError("the roots of Sigstore's public instance are not here", cause, remedy);
    }
  }
}

function parseTrustedRoot(bytes: Uint8Array): TrustedRoot {
  return checked(TrustedRoot.fromJSON(parseJson(bytes, "the trusted root")));
}

/** A key without a start of its validity would be taken for one that was always valid. */
function checked(root: TrustedRoot): TrustedRoot {
  if (!MEDIA_TYPE.test(root.mediaType)) throw new TypeError("it is no trusted root of a known version");
  const ranges = [
    ...[...root.tlogs, ...root.ctlogs].map((log) => log.publicKey?.validFor),
    ...[...root.certificateAuthorities, ...root.timestampAuthorities].map((authority) => authority.validFor),
  ];
  if (ranges.some((range) => range?.start === undefined)) {
    throw new TypeError("a log or an authority in it does not say since when it is valid");
  }
  return root;
}

function isUnreachable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (UNREACHABLE.test(errorCode(cause) ?? "") || cause.name === "DownloadHTTPError") return true;
    if (
      cause.name === "FetchError" &&
      "type" in cause &&
      /^(?:system|request-timeout|body-timeout)$/.test(String(cause.type))
    )
      return true;
  }
  return false;
}

function rootError(message: string, cause: unknown, remedy: string): SignatureError {
  const why = cause instanceof Error ? `: ${cause.message.slice(0, 200)}` : "";
  return new SignatureError("SIGNATURE_TRUSTED_ROOT", `${message}${why}`, { cause, remedy });
}
