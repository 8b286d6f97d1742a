import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Distributions put the programs here, out of PATH. */
const DEBIAN = "/usr/lib/postgresql";
const PROGRAMS = ["initdb", "postgres", "psql"];
const READY = "database system is ready to accept connections";
const LONGEST_START_MS = 60_000;
/** The database's own superuser; whoever reaches the socket may be it. */
const USER = "airlock";

/**
 * Runs a server until it ends or nobody holds the other end of stdin: a test run that is killed leaves no server. The
 * signal is the one for a shutdown that does not wait for clients.
 */
const WATCHED = `exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -INT $server 2>/dev/null; } &
wait $server`;

/** The folder of PostgreSQL's programs: that of `initdb` on PATH, else the newest one installed; null without any. */
export function postgresFolder(): string | null {
  const onPath = (process.env["PATH"] ?? "").split(":").map((folder) => join(folder, "initdb"));
  const linked = onPath
    .filter((path) => path.startsWith("/") && existsSync(path))
    .map((path) => dirname(realpathSync(path)));
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...linked, ...versions.map((version) => join(DEBIAN, version, "bin"))];
  return folders.find((folder) => PROGRAMS.every((name) => existsSync(join(folder, name)))) ?? null;
}

/** PostgreSQL refuses to run as root: then as the user of the distribution's package, or as nobody. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    try {
      const idOf = (flag: string): number =>
        Number(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }));
      return { uid: idOf("-u"), gid: idOf("-g") };
    } catch {
      // There is no such user.
    }
  }
  throw new Error("PostgreSQL cannot run as root, and there is neither a user postgres nor nobody");
}

/** A PostgreSQL server of a test, on a socket in a folder of its own that only its user and root can enter. */
export interface Postgres {
  /** As clients take it: `host=… user=…`. */
  readonly connection: string;
  /** Runs SQL in a session of its own and gives what it selects: lines of columns that `|` parts. Rejects for an error. */
  query(sql: string): Promise<string>;
  /** Runs SQL in a session that stays open until `close`. Rejects for an error. */
  session(sql: string): Promise<{ close(): Promise<void> }>;
  /** Ends the server and its sessions, removes its folder. May be called twice. */
  end(): Promise<void>;
}

/** All of a stream's text so far, and a wait for some of it. */
class Heard {
  text = "";
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.text += chunk;
        child.emit("heard");
      });
    }
  }

  /** Rejects with all of the text when the process ends without saying it, or takes too long. */
  async until(said: string): Promise<void> {
    const signal = AbortSignal.timeout(LONGEST_START_MS);
    const ended = once(this.#child, "close", { signal }).then(() => {
      throw new Error(`it ended:\n${this.text}`);
    });
    ended.catch(() => undefined);
    while (!this.text.includes(said)) await Promise.race([once(this.#child, "heard", { signal }), ended]);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** Makes a cluster and starts its server: a second or two. Call only where `postgresFolder()` is not null. */
export async function startPostgres(): Promise<Postgres> {
  const programs = postgresFolder();
  if (programs === null) throw new Error("PostgreSQL is not installed");
  const user = unprivileged();
  // Short: the path of a socket may have about 100 characters.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "airlock-pg-")));
  chmodSync(folder, 0o700);
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const place = { cwd: folder, env: { PATH: process.env["PATH"], LC_ALL: "C" }, ...user };
  const data = join(folder, "data");
  const initial = ["-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
  let server: ChildProcess | undefined;
  const sessions = new Set<ChildProcess>();
  const end = async (): Promise<void> => {
    for (const session of sessions) session.kill("SIGKILL");
    server?.stdin?.end();
    if (server !== undefined) await ended(server);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    execFileSync(join(programs, "initdb"), initial, { ...place, stdio: ["ignore", "ignore", "pipe"] });
    const settings = ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"];
    server = spawn("sh", ["-c", WATCHED, "sh", join(programs, "postgres"), ...settings], place);
    await new Heard(server).until(READY);
  } catch (error) {
    await end();
    throw error;
  }
  const connection = `host=${folder} user=${USER} dbname=postgres sslmode=disable`;
  const psql = (...args: readonly string[]): ChildProcess => {
    const line = ["--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-A", "-t", "-q", ...args, connection];
    return spawn(join(programs, "psql"), line, { env: place.env });
  };
  return {
    connection,
    query: async (sql) => {
      const client = psql("-c", sql);
      const heard = new Heard(client);
      await once(client, "close");
      if (client.exitCode !== 0) throw new Error(heard.text);
      return heard.text.replace(/\n$/, "");
    },
    session: async (sql) => {
      const client = psql();
      sessions.add(client);
      client.stdin?.write(`${sql};\n\\echo done\n`);
      await new Heard(client).until("done\n");
      return {
        close: async () => {
          client.stdin?.end();
          await ended(client);
          sessions.delete(client);
        },
      };
    },
    end,
  };
}
