/** The protocols that mockcloud speaks: it is a provider of its own for each. */
export const PROTOCOLS = [5, 6] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** The source address of mockcloud for a protocol, without a host. */
export function mockcloudSource(protocol: Protocol): string {
  return protocol === 5 ? "airlock/mockcloud" : "airlock/mockcloud6";
}

/**
 * A configuration that uses mockcloud under the local name `mockcloud`, whichever protocol it speaks: `provider` is the
 * body of its block, `body` all the rest.
 */
export function withMockcloud(protocol: Protocol, body: string, provider = ""): string {
  return `terraform {
  required_providers {
    mockcloud = {
      source = "${mockcloudSource(protocol)}"
    }
  }
}
provider "mockcloud" {
  ${provider}
}
${body}
`;
}
