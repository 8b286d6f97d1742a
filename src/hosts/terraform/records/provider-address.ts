/** A provider configuration, as core's records name it. */
export interface ProviderConfigAddress {
  /** The provider's source address, with its host. */
  readonly source: string;
  readonly alias: string | null;
}

/** `provider["registry.opentofu.org/hashicorp/time"].eu`, perhaps behind a module and before an instance key. */
const PROVIDER = /(?:^|\.)provider\["([^"\\]+)"\](?:\.([^.[\]"]+))?(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?$/;

/** Reads the form of plan files and states (OpenTofu, `internal/addrs/provider_config.go`); null for what is none. */
export function parseProviderAddress(text: string): ProviderConfigAddress | null {
  const [, source, alias] = PROVIDER.exec(text) ?? [];
  return source === undefined ? null : { source, alias: alias ?? null };
}
