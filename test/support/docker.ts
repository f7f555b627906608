/** Containers for the tests, on the real engine of this machine: images are made of Debian's packages, none comes from the internet. */
import { mkdtempSync, mkdirSync, copyFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocker } from '../../src/platform/docker/engine.ts';
import type { DockerDriver } from '../../src/platform/docker.ts';
import { cache, locked } from './executable.ts';

const IMAGE = 'mantou-test/busybox:1';
/** What the tests run in it. */
const TOOLS = ['sh', 'sleep', 'cat', 'echo', 'seq', 'yes', 'ls', 'head', 'true', 'false', 'touch', 'mkdir', 'rm', 'httpd', 'wget', 'nc', 'tr', 'env', 'id', 'printf', 'kill', 'ps', 'top', 'dd', 'trap'];

export const engine = (): DockerDriver => createDocker(() => 'unix:///var/run/docker.sock');

/** An image of 2 MB with a shell in it. Ask `needs('docker', 'busybox')` first. */
export async function busyboxImage(): Promise<string> {
  const there = () => engine().ask({ path: `/images/${IMAGE}/json` }).then(() => true, () => false);
  if (await there()) return IMAGE;
  // Made twice it would take the name from the first, and containers of that would show an id in its place.
  mkdirSync(cache, { recursive: true });
  await locked(join(cache, 'busybox-image.lock'), async () => void ((await there()) || (await makeImage(IMAGE, ['CMD ["/bin/sh"]']))));
  return IMAGE;
}

/** The same under another name, with lines of a Dockerfile: CMD, ENV, EXPOSE, HEALTHCHECK, LABEL, VOLUME … @returns its id */
export async function makeImage(tag: string, changes: readonly string[]): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'mantou-busybox-'));
  try {
    for (const folder of ['bin', 'tmp', 'etc', 'dev', 'proc', 'sys', 'data']) mkdirSync(join(root, folder));
    copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
    for (const tool of TOOLS) symlinkSync('busybox', join(root, 'bin', tool));
    await Bun.write(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\nwww:x:33:33:www:/:/bin/sh\n');
    const tar = Bun.spawn(['tar', '-C', root, '-c', '.'], { stdout: 'pipe' });
    const load = Bun.spawn(['docker', 'import', ...changes.flatMap((change) => ['-c', change]), '-', tag], { stdin: tar.stdout, stdout: 'pipe', stderr: 'pipe' });
    if ((await load.exited) !== 0) throw new Error(`docker import failed: ${await load.stderr.text()}`);
    return (await load.stdout.text()).trim();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

let count = 0;

/** Containers of one file of tests: each has a name of its own, and `removeAll` takes all of them away. */
export function testContainers(label: string) {
  const docker = engine();
  const made: string[] = [];
  const prefix = `mantou-${label}-${process.pid}`;
  return {
    prefix,
    /** Starts one and gives its id; `body` is what POST /containers/create takes beside the image. */
    async run(cmd: readonly string[], body: Record<string, unknown> = {}, name = `${prefix}-${count++}`): Promise<{ id: string; name: string }> {
      const { Id } = (await docker.ask({ method: 'POST', path: '/containers/create', query: { name }, body: { Image: await busyboxImage(), Cmd: cmd, StopTimeout: 1, ...body } })) as { Id: string };
      made.push(Id);
      await docker.ask({ method: 'POST', path: `/containers/${Id}/start` });
      return { id: Id, name };
    },
    async removeAll() {
      await Promise.all(made.splice(0).map((id) => docker.ask({ method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true } }).catch(() => {})));
    },
  };
}
