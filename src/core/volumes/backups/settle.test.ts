import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { SYSTEM } from '../../app.ts';
import { addEndpoint, changeEndpoint } from '../../docker/endpoints/endpoints.ts';
import { EndpointInput } from '../../docker/endpoints/input.ts';
import { putSetting } from '../../settings/settings.ts';
import { getVolume } from '../volumes.ts';
import { begin } from './begun.ts';
import { settleVolumes, undo } from './settle.ts';

let panel: TestApp;
let folder: string;
beforeEach(() => {
  panel = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-settle-'));
});
afterEach(async () => {
  await panel.close();
  rmSync(folder, { recursive: true, force: true });
  expect(panel.errors).toEqual([]);
});

test('S22 another engine chosen while the one of a run is waited for: nothing of the same name is removed there', async () => {
  const { app } = panel;
  const socket = join(folder, 'engine.sock');
  const asked: string[] = [];
  const first = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const server = Bun.serve({
    unix: socket,
    async fetch(request) {
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      first.resolve();
      await answer.promise;
      return Response.json({ message: 'it does not work now' }, { status: 500 });
    },
  });
  const id = addEndpoint(app, SYSTEM, EndpointInput.parse({ name: 'other', kind: 'unix', socket }));
  putSetting(app, 'dockerEndpoint', id);
  const begun = begin(app);
  begun.note({ carriers: ['mantou-volume-0123456789ab-1'], volumes: ['shop_db_2025'] });
  const undone = undo(app, begun, () => {}).catch(() => 'failed');
  await first.promise;
  putSetting(app, 'dockerEndpoint', '');
  answer.resolve();
  expect(await undone).toBe('failed');
  expect((await getVolume(app, SYSTEM, 'shop_db_2025')).name).toBe('shop_db_2025');
  expect(asked).toContain('DELETE /volumes/shop_db_2025');
  // What is left of it waits for its own engine.
  await settleVolumes(app);
  expect((await getVolume(app, SYSTEM, 'shop_db_2025')).name).toBe('shop_db_2025');
  await server.stop(true);
});

test('S22 an endpoint that leads elsewhere by now: what is called the same there stays', async () => {
  const { app } = panel;
  const [before, after] = ['before', 'after'].map((name) => join(folder, `${name}.sock`)) as [string, string];
  const asked: string[] = [];
  const server = Bun.serve({ unix: after, fetch: (request) => (asked.push(`${request.method} ${new URL(request.url).pathname}`), new Response(null, { status: 204 })) });
  const input = (socket: string) => EndpointInput.parse({ name: 'other', kind: 'unix', socket });
  const id = addEndpoint(app, SYSTEM, input(before));
  putSetting(app, 'dockerEndpoint', id);
  const begun = begin(app);
  begun.note({ carriers: ['mantou-volume-0123456789ab-1'], volumes: ['data'] });
  expect(await undo(app, begun, () => {}).catch(() => 'failed')).toBe('failed');
  changeEndpoint(app, SYSTEM, id, input(after));
  await settleVolumes(app);
  expect(asked).toContain('DELETE /containers/mantou-volume-0123456789ab-1');
  expect(asked).not.toContain('DELETE /volumes/data');
  await server.stop(true);
});
