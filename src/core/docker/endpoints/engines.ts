import { dockerEndpoints } from '../../../db/schema/docker-endpoints.ts';
import { eq } from 'drizzle-orm';
import { DockerError, type DockerClient, type DockerDriver, type DockerLoan } from '../../../platform/docker.ts';
import { createDocker } from '../../../platform/docker/engine.ts';
import type { Host } from '../../../platform/host.ts';
import { getSetting } from '../../settings/settings.ts';
import { refusal, type DockerApp } from '../ask.ts';
import { endpointRow, urlOf } from './endpoints.ts';
import { createSshDocker, type SshDocker, type SshNeeds } from './ssh.ts';
import { createTlsDocker } from './tls.ts';

/** The engines that the panel knows, and the one that it works on. An id of null is the engine of this machine. */
export interface Engines {
  chosen(): string | null;
  /** Its name; null: the engine of this machine. */
  chosenName(): string | null;
  /** Do paths of this machine mean nothing there? */
  isFar(): boolean;
  current(): DockerDriver;
  /** @throws AppError not_found */
  driver(id: string | null): DockerDriver;
  /** For core's functions about another engine than the chosen one. @throws AppError not_found */
  on(id: string | null): DockerApp;
  /** How programs of this machine speak to the chosen one. @throws AppError unavailable */
  lend(): Promise<DockerLoan>;
  /** Something is being changed on the chosen one until the answer is called: it stays the chosen one as long. */
  hold(): () => void;
  isHeld(): boolean;
  /** Ends the streams of the chosen one. */
  hangUp(): void;
  /** What ssh has told of the other side; null for what is not behind ssh. */
  ssh(id: string | null): SshDocker | null;
  /** It was changed or removed: what is open to it ends. */
  renew(id: string): void;
  stop(): void;
}

interface Needs extends SshNeeds {
  host: Host;
}

interface Kept {
  driver: DockerClient & { lend?(): Promise<DockerLoan> };
  ssh: SshDocker | null;
}

export function createEngines(needs: Needs): Engines {
  const here = needs.host.docker;
  const kept = new Map<string, Kept>();
  let holding = 0;

  const chosenRow = () => {
    const id = getSetting(needs, 'dockerEndpoint');
    return id ? needs.db.select().from(dockerEndpoints).where(eq(dockerEndpoints.id, id)).get() : undefined;
  };

  function keptOf(id: string): Kept {
    const known = kept.get(id);
    if (known) return known;
    const row = endpointRow(needs, id);
    const url = () => urlOf(needs, endpointRow(needs, id));
    const ssh = row.kind === 'ssh' && !needs.config.demo ? createSshDocker(needs, row.sshHostId!, url) : null;
    const made = { ssh, driver: ssh ?? (needs.config.demo ? demoDocker(url) : row.kind === 'tls' ? createTlsDocker(needs, id, url) : createDocker(url)) };
    kept.set(id, made);
    return made;
  }

  const drop = (id: string) => {
    const known = kept.get(id);
    kept.delete(id);
    known?.driver.hangUp();
    known?.ssh?.close();
  };

  const driver = (id: string | null): Kept['driver'] | DockerDriver => (id === null ? here : keptOf(id).driver);
  const chosen = () => chosenRow()?.id ?? null;
  return {
    chosen,
    chosenName: () => chosenRow()?.name ?? null,
    isFar: () => !['unix', undefined].includes(chosenRow()?.kind),
    current: () => driver(chosen()),
    driver,
    on: (id) => ({ host: { ...needs.host, docker: driver(id) } }),
    async lend() {
      const current: Partial<Kept['driver']> & DockerDriver = driver(chosen());
      // A socket or a port that any program can reach as we do.
      if (!current.lend) return { env: { DOCKER_HOST: current.endpoint() }, done() {} };
      return current.lend().catch((error: unknown) => {
        throw error instanceof DockerError ? refusal(error) : error;
      });
    },
    hold() {
      holding++;
      let over = false;
      return () => {
        if (!over) holding--;
        over = true;
      };
    },
    isHeld: () => holding > 0,
    hangUp() {
      const current: Partial<Kept['driver']> = driver(chosen());
      current.hangUp?.();
    },
    ssh: (id) => (id === null ? null : keptOf(id).ssh),
    renew: drop,
    stop() {
      for (const id of [...kept.keys()]) drop(id);
    },
  };
}

/** Whoever clicks through a demo reaches no other machine, and no socket of the one that serves it. */
function demoDocker(url: () => string): DockerClient {
  return createDocker(url, () => {
    throw new DockerError('refused', 'The demo reaches no other engine.');
  });
}

/** The machine, with the engine that is chosen in place of its own. */
export function withEngines(host: Host, engines: Engines): Host {
  return Object.defineProperty({ ...host }, 'docker', { enumerable: true, get: () => engines.current() });
}
