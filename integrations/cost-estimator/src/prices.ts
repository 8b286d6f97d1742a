import { ConfigError, isRecord, valueAt } from "airlock-guest-sdk";

/** What a resource type costs a month, in USD, by the value of one of its attributes. */
export interface TypePrices {
  /** The attribute that names the size, e.g. `instance_type`. */
  readonly attribute: string;
  readonly sizes: ReadonlyMap<string, number>;
  /** Price of every size that `sizes` does not name; null = none is known. */
  readonly fallback: number | null;
}

export type PriceTable = ReadonlyMap<string, TypePrices>;

/** List prices rounded to a dime; a starting point, to be overridden by `prices` of the configuration. */
const BUILT_IN = {
  aws_instance: {
    attribute: "instance_type",
    sizes: {
      "t3.micro": 7.6,
      "t3.small": 15.2,
      "t3.medium": 30.4,
      "t3.large": 60.7,
      "m5.large": 70.1,
      "m5.xlarge": 140.2,
    },
  },
  aws_db_instance: {
    attribute: "instance_class",
    sizes: { "db.t3.micro": 12.4, "db.t3.medium": 49.6, "db.m5.large": 124.8, "db.r5.large": 175.2 },
  },
  aws_nat_gateway: { attribute: "connectivity_type", sizes: {}, default: 32.9 },
  aws_lb: { attribute: "load_balancer_type", sizes: {}, default: 16.4 },
  google_compute_instance: {
    attribute: "machine_type",
    sizes: { "e2-micro": 6.1, "e2-medium": 24.5, "n2-standard-2": 70.9, "n2-standard-4": 141.8 },
  },
  azurerm_linux_virtual_machine: {
    attribute: "size",
    sizes: { Standard_B1s: 7.6, Standard_B2s: 30.4, Standard_D2s_v3: 70.1, Standard_D4s_v3: 140.2 },
  },
};

/** The built-in table with the configuration's `prices` laid over it, type by type and size by size. */
export function readPrices(raw: unknown = {}): PriceTable {
  if (!isRecord(raw)) throw new ConfigError("prices must be a map of resource types");
  const table = new Map<string, TypePrices>();
  for (const [type, prices] of [...Object.entries<unknown>(BUILT_IN), ...Object.entries(raw)]) {
    table.set(type, merge(type, table.get(type), prices));
  }
  return table;
}

function merge(type: string, known: TypePrices | undefined, prices: unknown): TypePrices {
  const given = isRecord(prices) ? prices : {};
  const attribute = given["attribute"] ?? known?.attribute;
  const { sizes = {}, default: fallback = known?.fallback ?? null } = given;
  const isPrice = (value: unknown): value is number => typeof value === "number" && value >= 0;
  if (typeof attribute !== "string" || !isRecord(sizes) || (fallback !== null && !isPrice(fallback))) {
    throw new ConfigError(`prices.${type} needs an attribute, a map of sizes and, if any, a default of 0 or more`);
  }
  const merged = new Map(known?.sizes);
  for (const [size, price] of Object.entries(sizes)) {
    if (!isPrice(price)) throw new ConfigError(`prices.${type}.sizes["${size}"] must be a number of 0 or more`);
    merged.set(size, price);
  }
  return { attribute, sizes: merged, fallback };
}

export type Price =
  | { readonly known: true; readonly attribute: string; readonly monthly: number }
  /** The type is in the table, its size is not. */
  | { readonly known: false; readonly attribute: string; readonly size: string };

/** What a planned resource costs a month; null for a type that the table does not name. */
export function priceOf(resource: { type: string; after: unknown }, table: PriceTable): Price | null {
  const prices = table.get(resource.type);
  if (prices === undefined) return null;
  const value = valueAt(resource, [prices.attribute]);
  const size = typeof value === "string" ? value : "";
  const monthly = prices.sizes.get(size) ?? prices.fallback;
  const { attribute } = prices;
  return monthly === null ? { known: false, attribute, size } : { known: true, attribute, monthly };
}

/** Cents, so that a sum does not depend on the order of its parts. */
export function toCents(amount: number): number {
  return Math.round(amount * 100);
}
