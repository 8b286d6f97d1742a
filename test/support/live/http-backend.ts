import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as v from "valibot";
import type { StateBackend } from "./state-backend.js";

/** One request that the server answered. */
export interface BackendRequest {
  readonly method: string;
  /** Id of the lock under which it came; null without one. */
  readonly lock: string | null;
  /** Of the body. */
  readonly bytes: number;
  readonly status: number;
}

export interface HttpBackend extends StateBackend {
  /** All that it was asked so far, oldest first. */
  readonly requests: readonly BackendRequest[];
  /** From now on writes are answered with 500, or no longer. */
  refuseWrites(refuses: boolean): void;
  /** Id of the lock that is held; null when there is none. */
  readonly locked: string | null;
}

/** What core sends to lock and unlock, and wants to see of a lock that somebody else holds. */
const LockSchema = v.looseObject({ ID: v.string() });
type Lock = v.InferOutput<typeof LockSchema>;

const SOMEBODY: Lock = {
  ID: "5c1b8f0e-0000-4000-8000-000000000000",
  Operation: "OperationTypeApply",
  Info: "",
  Who: "somebody@elsewhere",
  Version: "1.0.0",
  Created: "2024-01-01T00:00:00Z",
  Path: "",
};

interface Answer {
  readonly status: number;
  readonly body?: string;
}

/** What the server knows, and how it answers. */
class States {
  state: string | null = null;
  lock: Lock | null = null;
  refusesWrites = false;
  readonly requests: BackendRequest[] = [];

  answer(method: string, lockId: string | null, body: string): Answer {
    switch (method) {
      case "GET":
        return this.state === null ? { status: 404 } : { status: 200, body: this.state };
      case "POST":
        return this.#write(lockId, body);
      case "DELETE":
        return this.#write(lockId, null);
      case "LOCK":
        if (this.lock !== null) return this.#isLocked(this.lock);
        this.lock = v.parse(LockSchema, JSON.parse(body));
        return { status: 200 };
      case "UNLOCK":
        // Without a body the user forces it.
        if (this.lock !== null && body !== "" && v.parse(LockSchema, JSON.parse(body)).ID !== this.lock.ID) {
          return this.#isLocked(this.lock);
        }
        this.lock = null;
        return { status: 200 };
      default:
        return { status: 405 };
    }
  }

  #isLocked(lock: Lock): Answer {
    return { status: 423, body: JSON.stringify(lock) };
  }

  #write(lockId: string | null, state: string | null): Answer {
    if (this.refusesWrites) return { status: 500 };
    if (this.lock !== null && this.lock.ID !== lockId) return this.#isLocked(this.lock);
    this.state = state;
    return { status: 200 };
  }
}

async function respond(states: States, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(v.parse(v.instance(Buffer), chunk));
  const body = Buffer.concat(chunks);
  const method = request.method ?? "";
  const lock = new URL(request.url ?? "/", "http://loopback").searchParams.get("ID");
  const answer = states.answer(method, lock, body.toString("utf8"));
  states.requests.push({ method, lock, bytes: body.length, status: answer.status });
  response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body ?? "");
}

/** What core's `http` backend needs to know. A refused request is not tried again: a test would wait for nothing. */
function blockOf(url: string): string {
  return `terraform {
  backend "http" {
    address        = "${url}"
    lock_address   = "${url}"
    unlock_address = "${url}"
    retry_max      = 0
  }
}
`;
}

/** A server on loopback for core's `http` backend, with locking; it keeps one state, in memory. Has one workspace. */
export async function httpBackend(): Promise<HttpBackend> {
  const states = new States();
  const server = createServer((request, response) => {
    respond(states, request, response).catch((error: unknown) => {
      response.writeHead(400).end(String(error));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    hcl: blockOf(`http://127.0.0.1:${address.port}/state`),
    requests: states.requests,
    get locked() {
      return states.lock?.ID ?? null;
    },
    refuseWrites: (refuses) => {
      states.refusesWrites = refuses;
    },
    state: () => Promise.resolve(states.state),
    write: (state) => {
      states.state = state;
      return Promise.resolve();
    },
    hold: () => {
      if (states.lock !== null) return Promise.reject(new Error("the state is locked already"));
      states.lock = SOMEBODY;
      return Promise.resolve({
        release: () => {
          states.lock = null;
          return Promise.resolve();
        },
      });
    },
    end: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
