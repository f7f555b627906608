import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { SYSTEM } from '../../src/core/app.ts';
import { jsonLines } from '../../src/core/docker/json-lines.ts';
import { addEndpoint } from '../../src/core/docker/endpoints/endpoints.ts';
import { EndpointInput } from '../../src/core/docker/endpoints/input.ts';
import { testEndpoint, useEndpoint } from '../../src/core/docker/endpoints/use.ts';
import { startPull } from '../../src/core/images/pull.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { sshHostRow } from '../../src/core/terminal/ssh-hosts/hosts.ts';
import { pinHostKey } from '../../src/core/terminal/ssh-hosts/keys.ts';
import { seenKeys } from '../../src/core/terminal/ssh-hosts/shown-key.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { busyboxImage, engine } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { testPki } from '../support/pki.ts';
import { testRegistry, type TestRegistry } from '../support/registry.ts';
import { makeKey, startSshd, type Sshd } from '../support/sshd.ts';
import { tlsEngine, type TlsEngine } from '../support/tls-engine.ts';

/** What is large goes through as it is: a build's context one way, layers and their progress the other. */
const it = needs('docker', 'busybox', 'sshd', 'openssl', 'registry', 'root', 'linux');
const MIB = 2 ** 20;
let folder = '';
let t: TestApp;
let pki: ReturnType<typeof testPki>;
let tls: TlsEngine;
let registry: TestRegistry;
const sshds: Sshd[] = [];
const ways: { name: string; id: string }[] = [];
const made: string[] = [];

if (it.ok) {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mantou-streams-'));
    t = testApp({ docker: engine() });
    await busyboxImage();
    registry = await testRegistry();
    pki = testPki();
    tls = await tlsEngine({ ca: pki.ca.cert, pair: pki.leaf('server', ['127.0.0.1']) });
    const key = makeKey(join(folder, 'id'));
    sshds.push(await startSshd(folder, [key.publicKey]), await startSshd(folder, [key.publicKey], ['AllowStreamLocalForwarding no']));
    const add = (name: string, fields: object) => void ways.push({ name, id: addEndpoint(t.app, SYSTEM, EndpointInput.parse({ name, ...fields })) });
    add('tls', { kind: 'tls', address: '127.0.0.1', port: tls.port, ca: pki.ca.cert, certificate: pki.client.cert, key: pki.client.key });
    for (const [i, { port }] of sshds.entries()) add(`ssh-${i}`, { kind: 'ssh', sshHost: 'new', address: '127.0.0.1', port, user: 'root', sshKey: key.privateKey });
    for (const { id } of ways) {
      const { keyOf } = await testEndpoint(t.app, SYSTEM, id);
      if (keyOf) pinHostKey(t.app, SYSTEM, keyOf, { seen: seenKeys(sshHostRow(t.app, keyOf).offeredKeys), hostKey: '', confirm: '' });
    }
  });
  afterAll(async () => {
    for (const name of made) await engine().ask({ method: 'DELETE', path: `/images/${name}`, query: { force: true } }).catch(() => {});
    expect(t.errors).toEqual([]);
    await t.close();
    for (const sshd of sshds) await sshd.stop();
    tls.stop();
    pki.remove();
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  });
}

/** A Dockerfile, and a file that does not shrink. */
function context(image: string) {
  const tar = pack();
  tar.entry({ name: 'Dockerfile' }, `FROM ${image}\nCOPY big /big\nRUN ls -l /big\n`);
  tar.entry({ name: 'big' }, Buffer.from(crypto.getRandomValues(new Uint8Array(65_536)).buffer).toString('hex').repeat(128));
  tar.finalize();
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      for await (const piece of tar) controller.enqueue(piece as Uint8Array);
      controller.close();
    },
  });
}

it('a build sends 16 MiB and tells what it does, by TLS, by forwarding, and by dial-stdio', async () => {
  for (const { name, id } of ways) {
    const tag = `mantou-endpoints-${process.pid}-${name}`;
    made.push(tag);
    const stream = await t.app.engines.driver(id).stream({ method: 'POST', path: '/build', query: { t: tag }, content: { type: 'application/x-tar', data: context(await busyboxImage()) }, timeout: 120_000 });
    let said = '';
    for await (const value of jsonLines(stream)) said += JSON.stringify(value);
    expect([name, said]).toEqual([name, expect.stringContaining('Successfully built')]);
    const { Size } = (await engine().ask({ path: `/images/${tag}/json` })) as { Size: number };
    expect([name, Size > 16 * MIB]).toEqual([name, true]);
  }
});

it('a pull goes on by each way, with its progress', async () => {
  for (const { name, id } of ways) {
    await registry.offer(`streams-${name}:1`, [2 * MIB]);
    const reference = `${registry.host}/streams-${name}:1`;
    made.push(reference);
    await useEndpoint(t.app, SYSTEM, id);
    const task = startPull(t.app, SYSTEM, { reference });
    await t.app.tasks.settled(task);
    expect(getTask(t.app, SYSTEM, task)).toMatchObject({ state: 'done' });
  }
  await useEndpoint(t.app, SYSTEM, null);
});
