import type { Config } from '../config/load.ts';
import type { Db } from '../db/open.ts';
import type { Role } from '../db/schema/users.ts';
import type { Lang } from '../i18n/languages.ts';
import type { Bus } from '../lib/bus.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import type { Exec } from '../platform/exec.ts';
import type { Host } from '../platform/host.ts';
import type { ScriptRunner } from '../platform/scripts.ts';
import type { ContainerWatch } from './containers/watch.ts';
import type { Engines } from './docker/endpoints/engines.ts';
import type { Events } from './events.ts';
import type { Sampler } from './metrics/sampler.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { TaskRunner } from './tasks/runner.ts';
import type { TerminalHost } from './terminal/host.ts';

/** Everything the panel's functions need; made once by `serve`, and by tests with a fake host. */
export interface App {
  readonly config: Config;
  readonly version: string;
  readonly db: Db;
  readonly log: Log;
  readonly bus: Bus<Events>;
  readonly clock: Clock;
  readonly random: Random;
  readonly host: Host;
  readonly exec: Exec;
  readonly scripts: ScriptRunner;
  readonly secrets: Secrets;
  readonly sampler: Sampler;
  readonly tasks: TaskRunner;
  /** The process that holds the shells. */
  readonly terminals: TerminalHost;
  /** The container engines that there are; `host.docker` is the one that is chosen. */
  readonly engines: Engines;
  /** The container engine, while somebody looks. */
  readonly containers: ContainerWatch;
  /** The process itself: how it was started and how it ends. */
  readonly panel: Panel;
}

export interface Panel {
  readonly startedAt: number;
  /** True when the panel speaks TLS itself. */
  readonly tls: boolean;
  /** SHA-256 of the certificate in use, "AB:CD:…", and when it ends; null without TLS. */
  certificate(): { fingerprint: string; notAfter: number; selfSigned: boolean; names: readonly string[] } | null;
  /**
   * Every request from now on has to come over a new connection, which the machine's firewall lets in or not: what is open
   * already goes on and proves nothing. What is under way is answered.
   */
  renewConnections?(): Promise<void>;
  /** Ends the panel and starts it again, by the service manager or by replacing itself. */
  restart(): void;
  /** Why that is not possible, or null. */
  restartRefusal(): 'demo' | null;
  /** How a restart is done, shown before it happens. */
  restartCommand(): string;
}

/** Who does it. Every change names one. `lang`: what they read, where the request says it. */
export type Actor =
  | { kind: 'user'; userId: string; name: string; role: Role; sessionId: string | null; tokenId: string | null; ip: string; lang?: Lang }
  | { kind: 'system' | 'cli' | 'anonymous'; ip: string };

export const actorName = (actor: Actor) => (actor.kind === 'user' ? actor.name : actor.kind);
/** What is written for them is in this language: English where nobody reads at once. */
export const actorLang = (actor: Actor): Lang => (actor.kind === 'user' && actor.lang) || 'en';
export const SYSTEM: Actor = { kind: 'system', ip: '' };
export const CLI: Actor = { kind: 'cli', ip: '' };
