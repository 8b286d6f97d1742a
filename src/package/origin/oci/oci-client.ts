import type { HttpClient, HttpRequest } from "../http/client.js";
import type { Answer } from "../http/exchange.js";
import { checkDestination, placeOf, resolveUrl } from "../http/destination.js";
import { statusFault, Transient } from "../http/failure.js";
import { MAX_DOCUMENT_BYTES } from "../http/http-limits.js";
import type { OriginSettings } from "../origin.js";
import { readDocument } from "../read-document.js";
import { hostUrl } from "../registry/discovery.js";
import { parseChallenge } from "./challenge.js";
import type { Challenge } from "./challenge.js";
import { TokenSchema } from "./documents.js";

/** A request to one repository. */
export type OciRequest = Omit<HttpRequest, "home" | "authorization">;

/** Where an OCI registry is, and which repository is meant. */
export interface OciPlace {
  readonly host: string;
  readonly repository: string;
}

/** Requests to one repository of an OCI registry, with what its challenges ask for. */
export class OciClient {
  readonly http: HttpClient;
  readonly settings: OriginSettings;
  readonly repository: string;
  readonly #host: string;
  #authorization: string | undefined;

  constructor({ host, repository }: OciPlace, http: HttpClient, settings: OriginSettings) {
    this.http = http;
    this.settings = settings;
    this.repository = repository;
    this.#host = host;
  }

  /** Of a path beneath `/v2/REPOSITORY/`. */
  urlOf(path: string): URL {
    return new URL(`/v2/${this.repository}/${path}`, hostUrl(this.#host));
  }

  /** Rejects with `RegistryError`; a 401 is answered once, with a token or the user's credentials. */
  async request(request: OciRequest): Promise<Answer> {
    const first = await this.#send(request);
    if (first.status !== 401) return first;
    const challenge = parseChallenge(first.headers["www-authenticate"]);
    const answered = challenge === null ? undefined : await this.#answer(challenge);
    if (answered === undefined) throw refused(first);
    this.#authorization = answered;
    const second = await this.#send(request);
    if (second.status === 401) throw refused(second);
    return second;
  }

  #send(request: OciRequest): Promise<Answer> {
    const home = hostUrl(this.#host);
    const value = this.#authorization;
    return this.http.request({
      ...request,
      home,
      accepts: [401, ...(request.accepts ?? [])],
      authorization: value === undefined ? undefined : { host: home.host, value },
    });
  }

  /** The value of Authorization that a challenge asks for; undefined = the user gave nothing for it. */
  async #answer({ scheme, parameters }: Challenge): Promise<string | undefined> {
    const home = hostUrl(this.#host);
    const secret = this.settings.hosts.token(home.host);
    if (scheme === "basic") return secret === undefined ? undefined : basic(secret);
    if (scheme !== "bearer") return undefined;
    const realm = parameters.get("realm");
    if (realm === undefined) return secret === undefined ? undefined : `Bearer ${secret}`;
    const url = resolveUrl(realm, home);
    checkDestination(url, home);
    for (const name of ["service", "scope"]) {
      const value = parameters.get(name);
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const { body } = await this.http.request({
      url,
      home,
      // The client sends it to this host alone: a realm elsewhere gives what anybody gets.
      authorization: secret === undefined ? undefined : { host: home.host, value: basic(secret) },
      maxBytes: MAX_DOCUMENT_BYTES,
      timeMs: this.http.limits.documentMs,
    });
    const { token, access_token: access } = readDocument(body, TokenSchema, placeOf(url));
    const given = token ?? access;
    return given === undefined ? undefined : `Bearer ${given}`;
  }
}

/** A token without a user name gets one: registries that take tokens do not look at it. */
function basic(secret: string): string {
  const pair = secret.includes(":") ? secret : `airlock:${secret}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function refused({ url, status }: Answer): Error {
  const fault = statusFault(url, status, 0);
  return fault instanceof Transient ? fault.error : fault;
}
