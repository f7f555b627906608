/**
 * What must stand where the engine is: browser tests run in a network of their own (test/run/network.ts), and the engine's
 * loopback is another one. Containers on its network are there.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DockerDriver } from '../../src/platform/docker.ts';
import { busyboxImage, engine } from './docker.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

async function onItsNetwork(docker: DockerDriver, name: string, cmd: readonly string[], binds: readonly string[] = []): Promise<string> {
  const body = { Image: await busyboxImage(), Cmd: cmd, StopTimeout: 1, HostConfig: { NetworkMode: 'host', Binds: binds } };
  const { Id } = (await docker.ask({ method: 'POST', path: '/containers/create', query: { name }, body })) as { Id: string };
  await docker.ask({ method: 'POST', path: `/containers/${Id}/start` });
  return Id;
}

const remove = (docker: DockerDriver, id: string) => docker.ask({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } }).catch(() => {});

/** A registry of images that the engine reaches. Ask `needs('docker', 'busybox', 'registry')` first. */
export async function engineRegistry(name: string): Promise<{ host: string; stop(): Promise<void> }> {
  const docker = engine();
  const folder = mkdtempSync(join(tmpdir(), 'mantou-registry-'));
  const host = `127.0.0.1:${freePort()}`;
  writeFileSync(join(folder, 'config.yml'), `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: ${host}}\n`);
  // The program of this machine, with its libraries.
  const id = await onItsNetwork(docker, name, [Bun.which('docker-registry')!, 'serve', `${folder}/config.yml`], [`${folder}:${folder}`, ...['/usr/bin', '/lib', '/lib64', '/usr/lib'].map((path) => `${path}:${path}:ro`)]);
  // It says that it does not know this; before it is there, nobody says anything.
  await until(() => docker.ask({ path: `/distribution/${encodeURIComponent(`${host}/none:1`)}/json` }).then(() => true, (error: { message: string }) => /unknown|not found/.test(error.message)));
  return {
    host,
    async stop() {
      await remove(docker, id);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  at: number;
  /** null: nobody answered. */
  said: string | null;
}

/** Somebody who asks a port of the engine's machine again and again, each time by a new connection. */
export async function client(name: string, port: number) {
  const docker = engine();
  const id = await onItsNetwork(docker, name, ['sh', '-c', `while true; do wget -q -O - http://127.0.0.1:${port}/ 2>/dev/null || echo -; sleep 0.02; done`]);
  const answers = async (): Promise<Answer[]> => {
    let text = '';
    const heads: Buffer[] = [];
    for await (const piece of await docker.stream({ path: `/containers/${id}/logs`, query: { stdout: true, timestamps: true } })) heads.push(piece);
    // Each line in a frame of its own: eight bytes before it.
    const all = Buffer.concat(heads);
    for (let i = 0; i < all.length; i += 8 + all.readUInt32BE(i + 4)) text += all.subarray(i + 8, i + 8 + all.readUInt32BE(i + 4)).toString();
    return text.split('\n').filter(Boolean).map((line) => {
      const [time = '', said = ''] = line.split(' ');
      return { at: Date.parse(time), said: said === '-' ? null : said };
    });
  };
  return { answers, stop: () => remove(docker, id) };
}
