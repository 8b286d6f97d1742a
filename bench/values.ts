import type { Unit } from "./measurement.js";

const MIB = 1024 ** 2;

/** A value with its unit, in three significant digits. */
export function formatValue(value: number, unit: Unit): string {
  if (unit === "bytes") return `${threeDigits(value / MIB)} MiB`;
  return unit === "per_s" ? `${threeDigits(value)}/s` : `${threeDigits(value)} ${unit}`;
}

/** Three significant digits, never as a power of ten. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}
