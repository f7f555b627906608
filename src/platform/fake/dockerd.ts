import { AppError } from '../../lib/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { DockerDriver } from '../docker.ts';
import type { Dockerd, DockerdDriver } from '../dockerd.ts';

const BEGINNING = '{\n  "log-driver": "json-file",\n  "log-opts": {\n    "max-size": "10m",\n    "max-file": "3"\n  },\n  "registry-mirrors": ["https://mirror.example"]\n}\n';
const STORAGE = ['overlay2', 'fuse-overlayfs', 'btrfs', 'zfs', 'vfs'];

export interface FakeDockerd extends DockerdDriver {
  /** What was done to it, in order. */
  readonly did: string[];
}

/** The process of the made-up engine: it takes what a real one takes, and does not start with a storage driver that is none. */
export function createFakeDockerd(clock: Clock, docker: () => DockerDriver): FakeDockerd {
  const files = new Map<string, string>([['/etc/docker/daemon.json', BEGINNING]]);
  const did: string[] = [];
  const lines: { at: number; text: string }[] = [];
  const say = (text: string) => void lines.push({ at: clock.now(), text });
  const dockerd: Dockerd = {
    path: '/etc/docker/daemon.json', program: '/usr/bin/dockerd', flags: ['-H', 'fd://', '--containerd=/run/containerd/containerd.sock'], rootless: false, pid: 812,
    service: { kind: 'systemd', name: 'docker.service', command: 'systemctl restart docker.service' },
  };
  const wrong = () => {
    const driver = /"storage-driver"\s*:\s*"([^"]*)"/.exec(files.get(dockerd.path) ?? '')?.[1];
    return driver && !STORAGE.includes(driver) ? `failed to start daemon: error initializing graphdriver: driver not supported: ${driver}` : null;
  };
  return {
    did,
    find: async () => dockerd,
    read: async (path) => files.get(path) ?? null,
    async write(path, text) {
      did.push(text === null ? 'remove' : 'write');
      if (text === null) files.delete(path);
      else files.set(path, text);
    },
    validate: async () => null,
    async reload() {
      did.push('reload');
      say('Reloaded configuration');
      await docker().ask({ method: 'POST', path: '/made-up/reload' });
    },
    async restart() {
      did.push('restart');
      const fault = wrong();
      say(fault ?? 'API listen on /run/docker.sock');
      if (fault) throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'systemctl', code: 1 }), { detail: 'Job for docker.service failed because the control process exited with error code.' });
    },
    log: async (_dockerd, since) => lines.filter(({ at }) => at >= since).map(({ text }) => text).join('\n'),
  };
}
