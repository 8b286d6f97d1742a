import { startPostgres } from "./postgres.js";
import type { StateBackend } from "./state-backend.js";

/** Where core's `pg` backend keeps states when it is told nothing else. */
const TABLE = "terraform_remote_state.states";

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * A PostgreSQL server for core's `pg` backend. Has workspaces. Call only where `postgresFolder()` is not null. There is
 * something to read, write or hold once core's `init` has made its table.
 */
export async function pgBackend(): Promise<StateBackend> {
  const postgres = await startPostgres();
  return {
    hcl: `terraform {
  backend "pg" {
    conn_str = ${JSON.stringify(postgres.connection)}
  }
}
`,
    state: async (workspace = "default") => {
      const text = await postgres.query(`SELECT data FROM ${TABLE} WHERE name = ${quoted(workspace)}`);
      return text === "" ? null : text;
    },
    write: async (state, workspace = "default") => {
      const values = `${quoted(workspace)}, ${quoted(state)}`;
      const sql = `INSERT INTO ${TABLE} (name, data) VALUES (${values}) ON CONFLICT (name) DO UPDATE SET data = EXCLUDED.data`;
      await postgres.query(sql);
    },
    hold: async () => {
      // The lock of a workspace is the advisory lock of its row's id, for as long as the session lives.
      const session = await postgres.session(`SELECT pg_advisory_lock(id) FROM ${TABLE} WHERE name = 'default'`);
      return { release: () => session.close() };
    },
    end: () => postgres.end(),
  };
}
