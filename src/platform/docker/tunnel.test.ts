import { expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../test/support/until.ts';
import { converse } from '../exec.ts';
import { HELD_BY, openHandover, sweepHandovers } from '../ssh/handover.ts';
import { createDocker } from './engine.ts';
import { openRelay } from './relay.ts';
import { signInFault } from './tunnel.ts';

test('what ssh says before it gives up is told apart', () => {
  const why = (said: string) => [signInFault(said).status, signInFault(said).message];
  expect(why('root@10.0.0.5: Permission denied (publickey).\r\n')).toEqual(['refused', 'root@10.0.0.5: Permission denied (publickey).']);
  expect(why('ssh: connect to host 10.0.0.5 port 22: Connection refused\r\n')).toEqual(['absent', 'ssh: connect to host 10.0.0.5 port 22: Connection refused']);
  expect(why('ssh: Could not resolve hostname nowhere: Name or service not known')[0]).toBe('absent');
  expect(why('@@@@\r\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\nHost key verification failed.\r\n')).toEqual(['untrusted', 'Host key verification failed.']);
  expect(why('')).toEqual(['broken', 'ssh ended']);
});

const posix = test.skipIf(process.platform === 'win32');

posix('a relay carries both ways, whole and in order, and ends what it started with whoever went away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-relay-'));
  const path = join(folder, 'relay.sock');
  const started: ReturnType<typeof converse>[] = [];
  const relay = await openRelay(path, () => (started.push(converse(['/bin/cat'])), started.at(-1)!));
  const bytes = Buffer.alloc(3 << 20, 'mantou ');
  const socket = connect(path);
  const got: Buffer[] = [];
  socket.on('data', (piece) => got.push(piece as Buffer));
  const ended = Promise.withResolvers<void>();
  socket.on('end', ended.resolve);
  socket.write(bytes);
  // The end of what is sent is told on; the answer comes all the same.
  socket.end();
  await ended.promise;
  expect(Buffer.concat(got).equals(bytes)).toBe(true);
  expect(await started[0]!.exited).toBe(0);
  const second = connect(path);
  second.write('x');
  while (started.length < 2) await Bun.sleep(5);
  second.destroy();
  await started[1]!.exited;
  const third = connect(path);
  third.on('error', () => {});
  third.write('x');
  while (started.length < 3) await Bun.sleep(5);
  relay.close();
  await started[2]!.exited;
  expect(relay.complaint()).toBe('');
  rmSync(folder, { recursive: true });
});

posix('what a program complains of after it has said all is heard: it is not ended before it ends by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-relay-'));
  const path = join(folder, 'relay.sock');
  const relay = await openRelay(path, () => converse(['/bin/sh', '-c', 'exec >&-; sleep 0.2; echo denied >&2; exit 1']));
  connect(path).resume();
  await until(() => relay.complaint() === 'denied');
  relay.close();
  rmSync(folder, { recursive: true });
});

test.skipIf(process.platform !== 'linux')('the connection of a panel that was killed is ended with its folder; another program with that number is not', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'mantou-held-'));
  const [own, other] = [openHandover(dataDir), openHandover(dataDir)];
  const ours = Bun.spawn(['/bin/sh', '-c', 'sleep 60; true', own.folder]);
  const stranger = Bun.spawn(['/bin/sleep', '60']);
  own.file(HELD_BY, String(ours.pid));
  other.file(HELD_BY, String(stranger.pid));
  await until(() => readFileSync(`/proc/${ours.pid}/cmdline`, 'utf8').includes(own.folder));
  sweepHandovers(dataDir);
  await ours.exited;
  expect([existsSync(own.folder), existsSync(other.folder), stranger.exitCode]).toEqual([false, false, null]);
  stranger.kill();
  await stranger.exited;
  rmSync(dataDir, { recursive: true });
});

test('streams that are open end when another engine is chosen, and whoever reads is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-hang-'));
  const socket = join(folder, 'docker.sock');
  const server = Bun.serve({ unix: socket, fetch: () => new Response(new ReadableStream({ start: (controller) => controller.enqueue('{}\n') })) } as never);
  const docker = createDocker(() => `unix://${socket}`);
  const stream = await docker.stream({ path: '/events' });
  const read = (async () => {
    for await (const piece of stream) if (piece.length) docker.hangUp();
  })();
  expect(await read.then(() => 'ended', (error: Error) => error.message)).toBe('another engine was chosen');
  await server.stop(true);
  rmSync(folder, { recursive: true });
});
