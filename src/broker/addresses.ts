import { BlockList, isIP } from "node:net";

/** An address that a name resolved to. */
export interface Address {
  readonly address: string;
  readonly family: number;
}

/** Where a name may lead: `public` only; `private` networks and this machine too; or this machine alone (`localhost`). */
export type Reach = "public" | "private" | "loopback";

type Subnet = readonly [network: string, prefix: number];

/** Of IPv4, what is not the public internet (https://www.iana.org/assignments/iana-ipv4-special-registry). */
const SPECIAL_4: readonly Subnet[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Of IPv6, all that is handed out as public is in here … */
const GLOBAL_6: readonly Subnet[] = [["2000::", 3]];
/** … but for what carries an IPv4 address inside, and for documentation (the registry's IPv6 sibling). */
const SPECIAL_6: readonly Subnet[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const LOOPBACK = [list([["127.0.0.0", 8]], "ipv4"), list([["::1", 128]], "ipv6")] as const;
const PRIVATE = [
  list(
    [
      ["10.0.0.0", 8],
      ["100.64.0.0", 10],
      ["172.16.0.0", 12],
      ["192.168.0.0", 16],
    ],
    "ipv4",
  ),
  list([["fc00::", 7]], "ipv6"),
] as const;
/** Where clouds hand out credentials, inside networks that are private otherwise. */
const METADATA = [list([["100.100.100.200", 32]], "ipv4"), list([["fd00:ec2::254", 128]], "ipv6")] as const;
const SPECIAL = [list(SPECIAL_4, "ipv4"), list(SPECIAL_6, "ipv6")] as const;
const GLOBAL = list(GLOBAL_6, "ipv6");

function list(subnets: readonly Subnet[], family: "ipv4" | "ipv6"): BlockList {
  const blocks = new BlockList();
  for (const [network, prefix] of subnets) blocks.addSubnet(network, prefix, family);
  return blocks;
}

/**
 * Whether a name with this reach may lead to this address. Link-local, multicast, unspecified and documentation
 * addresses, those that carry an IPv4 address inside, and those where clouds hand out credentials: never.
 */
export function mayLeadTo({ address }: Address, reach: Reach): boolean {
  // With a zone (`%eth0`) it is of one link alone.
  const version = address.includes("%") ? 0 : isIP(address);
  if (version === 0) return false;
  const [at, family] = version === 4 ? ([0, "ipv4"] as const) : ([1, "ipv6"] as const);
  const isIn = (lists: readonly [BlockList, BlockList]): boolean => lists[at].check(address, family);
  if (isIn(LOOPBACK)) return reach !== "public";
  if (reach === "loopback") return false;
  if (isIn(PRIVATE)) return reach === "private" && !isIn(METADATA);
  if (version === 6 && !GLOBAL.check(address, family)) return false;
  return !isIn(SPECIAL);
}
