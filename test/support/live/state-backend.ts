/** A place for states that is not a file of the project, as core's backends know it. */
export interface StateBackend {
  /** A `terraform` block that names it; for a file of its own. */
  readonly hcl: string;
  /** The state of a workspace as it is now; null where there is none. */
  state(workspace?: string): Promise<string | null>;
  /** Puts a state there, as somebody does who edits it by hand. */
  write(state: string, workspace?: string): Promise<void>;
  /** Takes the lock that core would take, as somebody else does. The default workspace must have a state. */
  hold(): Promise<HeldLock>;
  /** Ends every process and closes every socket of it. May be called twice. */
  end(): Promise<void>;
}

/** A lock that somebody else holds. */
export interface HeldLock {
  release(): Promise<void>;
}
