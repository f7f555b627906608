/** Archives of images into the real engine: packed in every way, broken, cancelled, sent by somebody whose session ends. */
import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { desc, eq } from 'drizzle-orm';
import { audit } from '../../src/db/schema/audit.ts';
import type { Actor } from '../../src/core/app.ts';
import { exportImage, exportImages, getImage, removeImage } from '../../src/core/images/images.ts';
import { startLoadFile } from '../../src/core/images/load.ts';
import { endSessionById } from '../../src/core/sessions/end.ts';
import { putSetting } from '../../src/core/settings/settings.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { tasks } from '../../src/db/schema/tasks.ts';
import { AppError } from '../../src/lib/errors.ts';
import { en } from '../../src/i18n/en.ts';
import { createDocker } from '../../src/platform/docker/engine.ts';
import { testApp, type Browser, type TestApp } from '../support/app.ts';
import { engine, makeImage } from '../support/docker.ts';
import { live } from '../support/live.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('docker', 'busybox');
const OWN = `mantou-test-load-${process.pid}`;
const NAMES = [`${OWN}/one:1`, `${OWN}/two:1`] as const;
const actor: Actor = { kind: 'user', userId: 'u', name: 'lin', role: 'admin', sessionId: null, tokenId: null, ip: '' };
const folder = mkdtempSync(join(tmpdir(), 'mantou-load-'));
let panel: TestApp;
let served: ReturnType<typeof live>;
let person: Browser;
let archive: Buffer<ArrayBuffer>;
let id = '';

if (it.ok) {
  beforeAll(async () => {
    panel = testApp({ docker: engine() });
    person = panel.as('admin', 'wen');
    Object.assign(actor, { userId: panel.as('admin', 'lin').userId });
    served = live(panel);
    id = await makeImage(NAMES[0], [`LABEL own=${OWN}`, 'CMD ["/bin/sh"]']);
    const { body } = await exportImage(panel.app, actor, NAMES[0]);
    const pieces: Buffer[] = [];
    for await (const piece of body) pieces.push(piece);
    archive = Buffer.concat(pieces);
    await forget();
  });
  afterAll(async () => {
    await forget();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
    expect(panel.errors).toEqual([]);
    await panel.close();
  });
}

const forget = async () => {
  for (const name of NAMES) await removeImage(panel.app, actor, name, { force: true }).catch(() => {});
};
const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
const send = (body: NonNullable<RequestInit['body']>, init: RequestInit = {}) =>
  fetch(`${served.origin}/images/load?name=shop.tar`, { method: 'POST', body, headers: { cookie: `mantou_session=${person.token}`, origin: served.origin, 'content-type': 'application/x-tar', 'accept-language': 'en' }, ...init });
const last = () => panel.app.db.select().from(tasks).orderBy(desc(tasks.createdAt), desc(tasks.id)).limit(1).get()!;
const packed = { plain: (bytes: Buffer<ArrayBuffer>) => bytes, gzip: Bun.gzipSync, zstd: Bun.zstdCompressSync };

for (const [name, pack] of Object.entries(packed)) {
  it(`${name}: an upload goes to the engine as it comes, and the answer names what it held`, async () => {
    await forget();
    const answer = await send(pack(archive) as Uint8Array<ArrayBuffer>);
    const said = (await answer.json()) as { task: string; images: string[] };
    expect([answer.status, said.images]).toEqual([200, [NAMES[0]]]);
    expect((await getImage(panel.app, actor, NAMES[0])).id).toBe(id);
    const { state, progress, params } = getTask(panel.app, actor, said.task);
    expect([state, progress, params]).toEqual(['done', 1, { name: 'shop.tar' }]);
    expect(panel.app.db.select().from(audit).where(eq(audit.action, 'images.load')).all().at(-1)).toMatchObject({ target: NAMES[0], actor: 'wen', params: { from: 'shop.tar' } });

    await forget();
    const path = join(folder, `${name}.bin`);
    writeFileSync(path, pack(archive));
    const task = await startLoadFile(panel.app, actor, { path });
    await panel.app.tasks.settled(task);
    expect([getTask(panel.app, actor, task).state, getTask(panel.app, actor, task).error]).toEqual(['done', null]);
    expect(readFileSync(panel.app.tasks.logPath(task), 'utf8')).toContain(`Loaded image: ${NAMES[0]}`);
    expect((await getImage(panel.app, actor, NAMES[0])).id).toBe(id);
  });
}

it('what is no archive, half of one, and one without an image in it: each is told, and nothing is loaded', async () => {
  await forget();
  const cases: [string, Uint8Array<ArrayBuffer>, RegExp][] = [
    ['text', Buffer.from('hello '.repeat(200)), /That is no archive of images/],
    ['nothing', Buffer.alloc(0), /That is no archive of images/],
    ['a zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1000)]), /That is no archive of images/],
    ['half a tar', archive.subarray(0, archive.length / 2), /unexpected EOF|no such file|The container engine refused/],
    ['half a gzip', Bun.gzipSync(archive).subarray(0, 5000), /unexpected EOF|The container engine refused/],
    ['a zstd that is damaged', Buffer.concat([Bun.zstdCompressSync(archive).subarray(0, 5000), Buffer.alloc(2000, 7)]) as Buffer<ArrayBuffer>, /The archive is damaged/],
    ['half a zstd', Bun.zstdCompressSync(archive).subarray(0, 5000) as Uint8Array<ArrayBuffer>, /The archive is damaged|The container engine refused|did not come in whole/],
  ];
  for (const [what, bytes, told] of cases) {
    const answer = await send(bytes);
    expect([what, answer.status >= 400, told.test(((await answer.json()) as { message: string }).message)]).toEqual([what, true, true]);
    expect([what, last().state]).toEqual([what, 'failed']);
  }
  expect(await getImage(panel.app, actor, NAMES[0]).catch(words)).toMatch(/^not_found/);
});

it('a disk that is full, in the words of the engine: at once, and in the middle', async () => {
  const socket = join(folder, 'full.sock');
  let early = true;
  const full = Bun.serve({
    unix: socket,
    async fetch(request: Request) {
      if (early) return Response.json({ message: 'write /var/lib/docker/tmp/x: no space left on device' }, { status: 500 });
      await request.arrayBuffer();
      return new Response('{"status":"Loading layer","id":"aa"}\n{"error":"write /var/lib/docker/y: no space left on device","errorDetail":{}}\n');
    },
  } as never) as { stop(now: boolean): Promise<void> };
  const other = testApp({ docker: createDocker(() => `unix://${socket}`) });
  try {
    const path = join(folder, 'large.tar');
    writeFileSync(path, Buffer.concat([archive, Buffer.alloc(20 << 20)]));
    const owner: Actor = { ...actor, userId: other.as('admin', 'lin').userId } as Actor;
    for (early of [true, false]) {
      const task = await startLoadFile(other.app, owner, { path });
      await other.app.tasks.settled(task);
      expect(getTask(other.app, owner, task)).toMatchObject({ state: 'failed', error: { en: expect.stringContaining('no space left on device') } });
    }
  } finally {
    await other.close();
    await full.stop(true);
  }
});

/** A body that stops in the middle until `go`. */
function halting() {
  const { promise, resolve } = Promise.withResolvers<void>();
  let sent = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (!sent) return void ((sent = true), controller.enqueue(archive.subarray(0, 700_000)));
      await promise;
      controller.enqueue(archive.subarray(700_000));
      controller.close();
    },
  });
  return { body, go: resolve };
}

it('S10 an upload ends with the session of its sender, and with the task', async () => {
  await forget();
  for (const [end, state] of [
    [() => panel.app.tasks.cancel(last().id), 'cancelled'],
    [() => endSessionById(panel.app, actor, { id: person.sessionId }), 'failed'],
  ] as const) {
    const { body, go } = halting();
    const before = last()?.id;
    const answer = send(body as never).then(({ status }) => status, () => 0);
    await until(() => last().id !== before && (last().progress !== null || last().steps[0]?.state === 'now'));
    end();
    await until(() => last().state !== 'running');
    expect(last().state).toBe(state);
    go();
    expect(await answer).not.toBe(200);
  }
  expect(await getImage(panel.app, actor, NAMES[0]).catch(words)).toMatch(/^not_found/);
  person = panel.as('admin', 'wen2');
});

it('several images in one tar, and all of them back', async () => {
  const other = await makeImage(NAMES[1], [`LABEL own=${OWN}-two`]);
  writeFileSync(join(folder, 'one.tar'), archive);
  await panel.app.tasks.settled(await startLoadFile(panel.app, actor, { path: join(folder, 'one.tar') }));
  expect(await exportImages(panel.app, actor, { images: [NAMES[0], `${OWN}/none:1`] }).catch(words)).toMatch(/^not_found/);
  const { name, body } = await exportImages(panel.app, actor, { images: [...NAMES] });
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  await forget();
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(pieces));
  const task = await startLoadFile(panel.app, actor, { path });
  await panel.app.tasks.settled(task);
  expect([getTask(panel.app, actor, task).state, name]).toEqual(['done', 'images-2.tar']);
  expect([(await getImage(panel.app, actor, NAMES[0])).id, (await getImage(panel.app, actor, NAMES[1])).id]).toEqual([id, other]);
});

it('S18 who is no administrator loads nothing: what is in an archive takes names from other images', async () => {
  const path = join(folder, 'mine.tar');
  writeFileSync(path, archive);
  putSetting(panel.app, 'filesRootsOperator', [folder]);
  for (const role of ['operator', 'viewer'] as const) {
    expect(await startLoadFile(panel.app, { ...actor, role } as Actor, { path }).catch(words)).toMatch(/^denied/);
    person = panel.as(role, `eva-${role}`);
    expect((await send(archive)).status).toBe(403);
  }
});
