import { AppError } from '../../../lib/errors.ts';
import { DockerError, type DockerClient, type DockerLoan } from '../../../platform/docker.ts';
import { createDocker } from '../../../platform/docker/engine.ts';
import { openTunnel, SHARE, type Tunnel } from '../../../platform/docker/tunnel.ts';
import type { App } from '../../app.ts';
import { wayTo, type SshHostRow } from '../../terminal/ssh-hosts/hosts.ts';
import { prepareWay } from '../../terminal/ssh-hosts/way.ts';

export type SshNeeds = Pick<App, 'db' | 'config' | 'exec' | 'secrets'>;

export interface SshDocker extends DockerClient {
  /** For programs of this machine. @throws DockerError */
  lend(): Promise<DockerLoan>;
  /** Is there a docker command on the other side? Known once it has been reached. */
  hasDocker(): boolean;
  close(): void;
}

/** Whoever asks again at once is told the same: a machine that refuses us is not asked ten times a second. */
const AGAIN_MS = 3000;

interface Opened {
  /** The saved hosts as they were: who changes one of them means the next connection, and ends this one. */
  of: string;
  tunnel: Tunnel;
  close(): void;
}

/** An engine behind a saved host. The connection is made when it is first needed, and again when it was lost. */
export function createSshDocker(needs: SshNeeds, hostId: string, url: () => string): SshDocker {
  let opened: Opened | null = null;
  let opening: Promise<Opened> | null = null;
  let failed: { error: unknown; of: string; until: number } | null = null;
  let closed = false;

  const way = () => wayTo(needs, hostId);
  const shut = () => {
    opened?.close();
    opened = null;
  };

  async function open(hops: readonly SshHostRow[], of: string): Promise<Opened> {
    refuseUnready(hops);
    const prepared = prepareWay(needs, hops, { share: SHARE });
    const { handover } = prepared;
    try {
      const tunnel = await openTunnel(needs.exec, { ...prepared, folder: handover.folder });
      handover.forget();
      const made = { of, tunnel, close: () => (tunnel.close(), handover.close()) };
      if (closed) made.close();
      return made;
    } catch (error) {
      handover.close();
      throw error;
    }
  }

  async function ready(): Promise<Opened> {
    const hops = way();
    const of = JSON.stringify(hops.map((row) => ({ ...row, offeredKeys: [], offeredAt: null })));
    if (opened && (opened.of !== of || !opened.tunnel.alive())) shut();
    if (opened) return opened;
    if (failed && failed.of === of && performance.now() < failed.until) throw failed.error;
    opening ??= open(hops, of)
      .then((made) => (failed = null, opened = made))
      .catch((error: unknown) => {
        failed = { error, of, until: performance.now() + AGAIN_MS };
        throw error;
      })
      .finally(() => (opening = null));
    return opening;
  }

  const reach = async () => {
    try {
      return { url: `unix://${(await ready()).tunnel.socket}` };
    } catch (error) {
      // In the demo, and where there is no ssh.
      if (error instanceof AppError) throw new DockerError('broken', 'ssh cannot be used here', { cause: error });
      throw error;
    }
  };
  return {
    ...createDocker(url, reach),
    lend: async () => ({ env: { DOCKER_HOST: (await reach()).url }, done() {} }),
    hasDocker: () => opened?.tunnel.hasDocker ?? true,
    close() {
      closed = true;
      shut();
    },
  };
}

/** Without a person there is nobody who could type, or look at a key. */
function refuseUnready(hops: readonly SshHostRow[]) {
  const unpinned = hops.find(({ pinnedKeys }) => pinnedKeys.length === 0);
  if (unpinned) throw new DockerError('untrusted', `${unpinned.name}: nobody has confirmed its host key`);
  const asks = hops.find(({ authentication }) => authentication === 'ask');
  if (asks) throw new DockerError('refused', `${asks.name}: its password is typed each time`);
}
