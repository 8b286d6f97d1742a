const SYSTEMS: Readonly<Record<string, string>> = { win32: "windows" };
const MACHINES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** Terraform's name of the platform that we run on, such as `linux_amd64`. */
export function currentPlatform(system: string = process.platform, machine: string = process.arch): string {
  return `${SYSTEMS[system] ?? system}_${MACHINES[machine] ?? machine}`;
}
