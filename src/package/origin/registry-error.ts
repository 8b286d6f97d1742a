import { AirlockError } from "../../protocol/airlock-error.js";

/** Why a package could not be had from where it is published, or be published there. */
export const REGISTRY_ERROR_CODES = [
  /** No connection: name, network, TLS or proxy. */
  "REGISTRY_UNREACHABLE",
  /** No answer, or no further byte of one, in its time. */
  "REGISTRY_TIMEOUT",
  /** An HTTP status that tells of a fault over there, after all tries. */
  "REGISTRY_STATUS",
  /** The host wants credentials, or does not take ours. */
  "REGISTRY_UNAUTHORIZED",
  /** The host knows no such package, version or file. */
  "REGISTRY_NOT_FOUND",
  /** The host offers no registry of integrations. */
  "REGISTRY_NO_SERVICE",
  /** The answer is not of the protocol: no JSON, another form, a lie about itself. */
  "REGISTRY_RESPONSE_INVALID",
  /** The answer is larger than declared, or than is allowed. */
  "REGISTRY_TOO_LARGE",
  /** The answer ended before its declared end, after all tries. */
  "REGISTRY_TRUNCATED",
  /** The bytes are not those of the digest. */
  "REGISTRY_DIGEST_MISMATCH",
  /** A redirect to where none may lead, or too many. */
  "REGISTRY_REDIRECT",
  /** A URL without TLS that is not on this machine. */
  "REGISTRY_INSECURE",
  /** A reference, name or version of no form that can be asked for. */
  "REGISTRY_REFERENCE_INVALID",
  /** Publishing would change a version that is there. */
  "REGISTRY_VERSION_EXISTS",
  /** The folder of a registry or mirror cannot be read or written, or holds something else. */
  "REGISTRY_FOLDER",
  /** The command was stopped. */
  "REGISTRY_CANCELLED",
] as const;

export type RegistryErrorCode = (typeof REGISTRY_ERROR_CODES)[number];

/** A package could not be had or published. */
export class RegistryError extends AirlockError<RegistryErrorCode> {}
