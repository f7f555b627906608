/** The process behind a container engine of this machine, and the file that it is configured by. */
export interface Dockerd {
  /** daemon.json, whether it is there or not. */
  path: string;
  /** Its program, and what it was started with. */
  program: string;
  flags: readonly string[];
  /** Without root, by its own account. */
  rootless: boolean;
  pid: number;
  /** What starts it again; null: nothing that the panel knows, so it is not restarted. */
  service: { kind: 'systemd' | 'openrc'; name: string; command: string } | null;
}

/** Why the configuration of an engine is not to be had. */
export type DockerdAway =
  /** The engine is reached over a network, or is that of another system. */
  | 'remote'
  /** Nobody on this machine listens at its socket that is a dockerd the panel may look at. */
  | 'unseen'
  /** Windows and macOS: Docker Desktop has a page of its own. */
  | 'desktop';

export interface DockerdDriver {
  /** Asked each time: it may be another one after a restart. */
  find(endpoint: string): Promise<Dockerd | DockerdAway>;
  /** null: it is not there. @throws AppError for what is no text */
  read(path: string): Promise<string | null>;
  /** Whole or not at all, with owner and mode as they were; null takes it away. */
  write(path: string, text: string | null): Promise<void>;
  /** What the program itself says is wrong with it, '' when nothing is; null: this one cannot tell (before 23.0). */
  validate(dockerd: Dockerd, text: string, version: string): Promise<string | null>;
  /** Tells it to read its file again (SIGHUP). */
  reload(dockerd: Dockerd): Promise<void>;
  /** Waits until it has started. @throws AppError with the tool's last lines */
  restart(dockerd: Dockerd, options: { onOutput(text: string): void }): Promise<void>;
  /** What it has logged since then (ms since 1970), as far as that can be had. */
  log(dockerd: Dockerd, since: number): Promise<string>;
}
