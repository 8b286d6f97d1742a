/** SIGKILL to every process of the group. Only for a leader that has not ended: its id may be another's then. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // ESRCH: nobody is left. EPERM (macOS): only zombies are left.
  }
}
