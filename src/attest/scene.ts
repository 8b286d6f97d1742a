import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The variable of the environment in which the secret stands. */
export const SECRET_VARIABLE = "AIRLOCK_ATTEST_SECRET";
const SECRET_FILE = "secret.txt";
const MARKER = "marker";

/** What attacks are after: a secret in a file and in the environment, a folder to write to, a port to reach. */
export class Scene implements AsyncDisposable {
  readonly secret = randomBytes(16).toString("hex");
  /** Holds the secret, and nothing else as long as every wall holds. */
  readonly folder: string;
  readonly #root: string;
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  #connections = 0;
  #guests = 0;

  private constructor() {
    this.#root = mkdtempSync(join(tmpdir(), "airlock-attest-"));
    this.folder = join(this.#root, "scene");
    mkdirSync(this.folder);
    writeFileSync(this.secretFile, this.secret);
    this.#server = createServer((socket) => {
      this.#connections++;
      this.#sockets.push(socket);
      socket.on("error", () => undefined);
      socket.resume();
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    });
  }

  /** Opens a scene: its files, and a listener on the loopback address. */
  static async open(): Promise<Scene> {
    const scene = new Scene();
    await new Promise<void>((resolve, reject) => {
      scene.#server.once("error", reject);
      scene.#server.listen(0, "127.0.0.1", resolve);
    });
    return scene;
  }

  get secretFile(): string {
    return join(this.folder, SECRET_FILE);
  }

  /** A file that is not there; whoever makes it has got out. */
  get marker(): string {
    return join(this.folder, MARKER);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** What every guest is told in its `config`. */
  get config(): Readonly<Record<string, unknown>> {
    const { folder, secretFile, marker, port } = this;
    return { folder, secretFile, marker, port, variable: SECRET_VARIABLE };
  }

  /** An empty folder for one guest. */
  guestFolder(): string {
    const folder = join(this.#root, `guest-${this.#guests++}`);
    mkdirSync(folder);
    return folder;
  }

  /** What happened to the scene and to this process; empty as long as every wall holds. */
  effects(): readonly string[] {
    const effects = readdirSync(this.folder)
      .filter((name) => name !== SECRET_FILE)
      .map((name) => `it made ${name}`);
    if (readIfThere(this.secretFile) !== this.secret) effects.push("it changed the file with the secret");
    if (this.#connections > 0) effects.push("a connection arrived at a port of this machine");
    const inherited: string[] = [];
    for (const key in {}) inherited.push(key);
    if (inherited.length > 0) effects.push(`it added ${inherited.join()} to every object of the host`);
    return effects;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
