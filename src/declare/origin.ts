import type { AirlockError } from "../protocol/airlock-error.js";
import { parseSource } from "../package/source/parse-source.js";
import { SourceError } from "../package/source/source-error.js";
import { sourceText } from "../package/source/source.js";
import type { Source } from "../package/source/source.js";
import { parseConstraints } from "../package/version/constraints.js";
import { VersionError } from "../package/version/version-error.js";

/** What a declaration says of where its package comes from. */
export interface DeclaredOrigin {
  readonly source?: string | undefined;
  readonly version?: string | undefined;
  readonly unsigned?: boolean | undefined;
}

/** What is wrong with one of these arguments. */
export interface OriginFault {
  readonly argument: "source" | "version" | "unsigned";
  readonly message: string;
  readonly remedy: string;
}

/** The source in its full form, or what is wrong. `defaultHost` is the registry of sources without a host. */
export function readOrigin(
  { source, version, unsigned }: DeclaredOrigin,
  defaultHost?: string,
): { readonly source: string | undefined; readonly fault?: OriginFault } {
  let parsed: Source | undefined;
  try {
    parsed = source === undefined ? undefined : parseSource(source, { defaultHost });
    if (version !== undefined) parseConstraints(version);
  } catch (error) {
    if (error instanceof SourceError) return { source, fault: faultOf("source", error) };
    if (error instanceof VersionError) return { source, fault: faultOf("version", error) };
    throw error;
  }
  const fault = misfit(parsed, version, unsigned === true);
  const full = parsed === undefined || parsed.kind === "local" ? source : sourceText(parsed);
  return { source: full, ...(fault !== undefined && { fault }) };
}

/** Whether a source is on another machine, or is meant to be. */
export function isRemoteSource(text: string, defaultHost: string | undefined): boolean {
  try {
    return parseSource(text, { defaultHost }).kind !== "local";
  } catch (error) {
    if (error instanceof SourceError) return true;
    throw error;
  }
}

function faultOf(argument: OriginFault["argument"], { message, remedy = "Correct it." }: AirlockError): OriginFault {
  return { argument, message, remedy };
}

function misfit(source: Source | undefined, version: string | undefined, unsigned: boolean): OriginFault | undefined {
  if (source === undefined || source.kind === "local") {
    const remedy = "Remove the argument.";
    if (version !== undefined) {
      return { argument: "version", message: "versions apply to registry sources, this source is local", remedy };
    }
    if (!unsigned) return undefined;
    return { argument: "unsigned", message: "a local source is never signed, so there is nothing to allow", remedy };
  }
  const isOne = source.kind === "archive" || (source.kind === "oci" && (source.tag ?? source.digest) !== null);
  if (version === undefined || !isOne) return undefined;
  const message = "the source itself says which version it is";
  return { argument: "version", message, remedy: "Remove the argument, or the tag and digest from the source." };
}
