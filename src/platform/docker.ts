/** One request to a container engine (docs.docker.com/reference/api/engine). */
export interface DockerCall {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Without the version: `/containers/json`. Whoever puts a name into it has checked it by a schema (S18). */
  path: string;
  /** Objects are sent as JSON, as the engine wants its filters; a list as the same name again and again. */
  query?: Readonly<Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, readonly string[]>> | undefined>>;
  /** JSON. */
  body?: unknown;
  /** Instead of JSON: sent as it comes, a tar for instance. */
  content?: { type: string; data: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> };
  /** Beside those that the body asks for: `x-registry-auth`. */
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** ms until the answer must have come (default 15 000); a stream has no end, only its beginning counts. */
  timeout?: number;
}

/** What an answer holds on its way; whoever stops reading it stops the engine (`for await` with `break`, or `destroy`). */
export type DockerStream = AsyncIterable<Buffer> & { destroy(): void };

/** What is trusted at the other end of TLS, and what we show there; PEM. */
export interface DockerTls {
  ca: string;
  cert?: string | undefined;
  key?: string | undefined;
}

/** Where requests go now: `unix://`, `npipe://`, `tcp://`. */
export interface DockerPlace {
  url: string;
  tls?: DockerTls | undefined;
}

/** The environment by which a program of this machine speaks to the same engine; nothing of it holds after `done`. */
export interface DockerLoan {
  env: Record<string, string>;
  done(): void;
}

/** A container engine that speaks Docker's API. */
export interface DockerDriver {
  /** Where it is, for people: `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://…`, `ssh://…`. */
  endpoint(): string;
  /** The answer, parsed; null where there is none. @throws DockerError */
  ask(call: DockerCall): Promise<unknown>;
  /** The answer as it comes. @throws DockerError before it begins */
  stream(call: DockerCall): Promise<DockerStream>;
}

/** One that can be let go of. */
export interface DockerClient extends DockerDriver {
  /** Ends every stream that is open: nobody shall go on reading from it. */
  hangUp(): void;
}

/** Why an engine did not do it: its own status, or that it cannot be reached. */
export class DockerError extends Error {
  constructor(
    /**
     * HTTP status of the engine's answer; 'absent' nobody listens there, 'refused' we may not, 'untrusted' it is not who it
     * should be, 'silent' no answer in time, 'broken' something else.
     */
    readonly status: number | 'absent' | 'refused' | 'untrusted' | 'silent' | 'broken',
    /** In the engine's own words. */
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DockerError';
  }
}
