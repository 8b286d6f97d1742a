import { quote } from "../../base/quote.js";
import { SourceError } from "./source-error.js";
import type { ArchiveSource, OciSource, Source } from "./source.js";

/** `https://…`, `git::https://…`, `git@host:path`: it names another machine. */
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
const FOREIGN = /^(?:[a-z][a-z0-9]*::|[^/@\\]+@[^/:\\]+:)/i;
/** A host that nobody takes for a folder: with a dot inside it, a port, or `localhost`. */
const HOST = /^(?:localhost|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+)(?::\d{1,5})?$/i;
const LOCAL_HOST = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})$/i;
/** Namespaces and names, as in Terraform's addresses of providers. */
const NAME = /^[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** https://github.com/opencontainers/distribution-spec: names and tags. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const MAX_LENGTH = 2048;

/** How sources are read. */
export interface SourceOptions {
  /** The registry that `NAMESPACE/NAME` is looked for in; without it, that is a path. */
  readonly defaultHost?: string | undefined;
}

/**
 * What a `source` means, by its text alone: it must not depend on which files happen to be here. What starts with `.`,
 * `/` or `~`, and whatever has none of the other forms, is a path. Throws `SourceError`: SOURCE_MALFORMED,
 * SOURCE_UNPINNED, SOURCE_INSECURE.
 */
export function parseSource(text: string, { defaultHost }: SourceOptions = {}): Source {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === "oci") return oci(text);
  if (scheme === "https") return archive(text);
  if (scheme === "http") {
    throw new SourceError("SOURCE_INSECURE", `the source ${quote(text)} is fetched without TLS`, {
      remedy: "Write https:// instead.",
    });
  }
  if (scheme !== undefined || FOREIGN.test(text)) {
    throw malformed(text, "its form is not known", "Fetch it first, and name it by its path.");
  }
  return registry(text, defaultHost) ?? { kind: "local", path: text };
}

/** Whether a text is the name of a host, maybe with a port, that a registry can have. */
export function isRegistryHost(text: string): boolean {
  return HOST.test(text) || LOCAL_HOST.test(text);
}

function registry(text: string, defaultHost: string | undefined): Source | undefined {
  if (/^[./\\~]/.test(text)) return undefined;
  const parts = text.split("/");
  const [first = "", namespace = "", name = ""] = parts;
  if (parts.length === 2 && defaultHost !== undefined && NAME.test(first) && NAME.test(namespace)) {
    return { kind: "registry", host: defaultHost.toLowerCase(), namespace: first, name: namespace };
  }
  // A folder may have a dot in its name, so a host alone is not enough.
  if (parts.length < 3 || !isRegistryHost(first)) return undefined;
  if (parts.length > 3 || !NAME.test(namespace) || !NAME.test(name)) {
    throw malformed(text, "behind a host come a namespace and a name", `For a path, write "./${text}".`);
  }
  return { kind: "registry", host: first.toLowerCase(), namespace, name };
}

function oci(text: string): OciSource {
  const reference = text.slice("oci://".length);
  const [whole = "", digest, ...more] = reference.split("@");
  const slash = whole.indexOf("/");
  const host = whole.slice(0, Math.max(slash, 0));
  const [repository = "", tag, ...rest] = whole.slice(slash + 1).split(":");
  const isGood =
    text.length <= MAX_LENGTH &&
    more.length + rest.length === 0 &&
    isRegistryHost(host) &&
    REPOSITORY.test(repository) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!isGood)
    throw malformed(text, "it is no reference", "Write oci://HOST/REPOSITORY, maybe with :TAG or @sha256:….");
  return { kind: "oci", reference, host: host.toLowerCase(), repository, tag: tag ?? null, digest: digest ?? null };
}

function archive(text: string): ArchiveSource {
  const url = URL.canParse(text) && text.length <= MAX_LENGTH ? new URL(text) : null;
  if (url === null) throw malformed(text, "it is no address", "Write https://HOST/PATH?checksum=sha256:….");
  if (url.username !== "" || url.password !== "") {
    throw new SourceError("SOURCE_INSECURE", `the source of host ${quote(url.host)} has credentials in it`, {
      remedy: "Put them into core's CLI configuration file, and remove them here.",
    });
  }
  const [digest, second] = url.searchParams.getAll("checksum");
  if (digest === undefined || second !== undefined || !DIGEST.test(digest)) {
    throw new SourceError("SOURCE_UNPINNED", `the source ${quote(text)} does not say which archive it is to be`, {
      remedy: "Add its digest: ?checksum=sha256:… with 64 hex digits, as `airlock pack` printed it.",
    });
  }
  url.searchParams.delete("checksum");
  url.hash = "";
  return { kind: "archive", url: url.href, digest };
}

function malformed(text: string, what: string, remedy: string): SourceError {
  return new SourceError("SOURCE_MALFORMED", `the source ${quote(text)} is not of a known form: ${what}`, { remedy });
}
