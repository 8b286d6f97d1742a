/** What is spent on one request to a registry. Times in ms. */
export interface HttpLimits {
  /** How often a request is made before its fault is final. */
  readonly tries: number;
  /** The pause before the second try; doubled with each further one, less up to half by chance. */
  readonly backOffMs: number;
  readonly connectMs: number;
  /** The longest wait for the headers, and for the next bytes. */
  readonly stallMs: number;
  /** The longest time for all of a document, however slowly it comes. */
  readonly documentMs: number;
  /** The longest time for all of an archive. */
  readonly archiveMs: number;
  readonly redirects: number;
}

export const HTTP_LIMITS: HttpLimits = {
  tries: 4,
  backOffMs: 500,
  connectMs: 15_000,
  stallMs: 30_000,
  documentMs: 60_000,
  archiveMs: 15 * 60_000,
  redirects: 5,
};

/** The longest pause that a server may ask for by Retry-After, in ms. */
export const MAX_RETRY_AFTER_MS = 30_000;
/** The largest document of a registry: lists, releases, tokens. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;
