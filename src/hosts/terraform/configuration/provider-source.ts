/** The provider that core has built in; it is never a process. */
export const BUILT_IN_PROVIDER = "terraform.io/builtin/terraform";

/**
 * The source address that a text in `required_providers` means: `NAMESPACE/TYPE`, with `HOST/` before it where one is
 * written, in lower case. A bare name is of `hashicorp` (OpenTofu `internal/addrs/provider.go`). Undefined for what is
 * no address.
 */
export function providerSource(text: string): string | undefined {
  const parts = text.trim().toLowerCase().split("/");
  if (parts.length > 3 || parts.some((part) => part === "" || /[\s"$]/.test(part))) return undefined;
  return parts.length === 1 ? impliedSource(parts[0] ?? "") : parts.join("/");
}

/** The source of a provider that is used under this name and nowhere required. */
export function impliedSource(localName: string): string {
  const name = localName.toLowerCase();
  return name === "terraform" ? BUILT_IN_PROVIDER : `hashicorp/${name}`;
}

/** The name of the provider that a resource type implies: what is before its first `_`. */
export function impliedName(resourceType: string): string {
  const [name = resourceType] = resourceType.split("_", 1);
  return name;
}

/** A provider configuration as a module names it. */
export interface LocalProvider {
  readonly localName: string;
  readonly alias: string | null;
}

/** Reads `aws`, `aws.eu`, `aws.eu[each.key]`, or the first two in quotes. Undefined for anything else. */
export function localProvider(text: string): LocalProvider | undefined {
  const match = /^"?([\p{ID_Continue}-]+)(?:\.([\p{ID_Continue}-]+))?(?:\[.*\])?"?$/su.exec(text.trim());
  if (match === null) return undefined;
  const [, localName = "", alias = null] = match;
  return { localName, alias };
}
