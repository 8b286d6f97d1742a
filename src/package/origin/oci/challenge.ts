/** What a 401 asks for (RFC 9110, 11.6.1). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const CHALLENGE = /^\s*([A-Za-z]+)\s*/;
const PARAMETER = /([A-Za-z_]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;
const MAX_LENGTH = 4096;

/** The first challenge of a WWW-Authenticate header; null for none. */
export function parseChallenge(header: string | undefined): Challenge | null {
  const text = (header ?? "").slice(0, MAX_LENGTH);
  const scheme = CHALLENGE.exec(text)?.[1];
  if (scheme === undefined) return null;
  const found = [...text.matchAll(PARAMETER)].map(([, name = "", quoted, bare]): [string, string] => [
    name.toLowerCase(),
    quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "",
  ]);
  return { scheme: scheme.toLowerCase(), parameters: new Map(found) };
}
