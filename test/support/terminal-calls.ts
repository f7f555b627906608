import { expect } from 'bun:test';
import type { Init, TestApp } from './app.ts';
import { fakePty, hostInProcess } from './pty.ts';

const json = (method: string, body: unknown): Init => ({ method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** Every call of the API about terminals, on one from its beginning to its end. `run` checks that an answer is what its schema says. */
export async function terminalCalls(panel: TestApp, token: string, run: (id: string, path: string, init?: Init) => Promise<unknown>) {
  const { driver, programs } = fakePty();
  const host = hostInProcess({ pty: driver, dataDir: panel.app.config.dataDir });
  const made = (await run('terminals.create', '/terminals', json('POST', { cols: 100, rows: 30 }))) as { id: string };
  expect(made).toMatchObject({ kind: 'shell', target: 'lin', title: 'lin@steamer', state: 'running', live: { cols: 100, rows: 30, command: 'fake', viewers: [] } });
  const at = `/terminals/${made.id}`;
  const plain = (path: string, init: Init = {}) => panel.request(`/api/v1${path}`, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` } });
  programs[0]!.says('\x1b[32m馒头\x1b[m\r\n');
  expect(await run('terminals.output', `${at}/output?plain=true`)).toEqual({ text: '馒头\n', next: 16, start: 0, end: 16 });
  expect(await run('terminals.output', `${at}/output?offset=7`)).toMatchObject({ text: '头\x1b[m\r\n', next: 16 });
  await run('terminals.input', `${at}/input`, json('POST', { text: 'ls\r' }));
  expect(Buffer.concat(programs[0]!.typed).toString()).toBe('ls\r');
  expect(await run('terminals.resize', `${at}/resize`, json('POST', { cols: 120, rows: 40 }))).toEqual({ cols: 120, rows: 40 });
  expect(programs[0]!.sizes).toEqual(['120x40']);
  expect(await run('terminals.change', at, json('PATCH', { name: 'build', watchable: true }))).toMatchObject({ name: 'build', colour: '', watchable: true });
  expect(await run('terminals.change', at, json('PATCH', { colour: 'moss' }))).toMatchObject({ name: 'build', colour: 'moss' });
  expect(await run('terminals.list', '/terminals')).toMatchObject({ total: 1, items: [{ id: made.id }] });
  expect(await run('terminals.get', at)).toMatchObject({ id: made.id, title: 'lin@steamer' });
  const socket = await plain(`${at}/socket`);
  expect([socket.status, socket.headers.get('upgrade')]).toEqual([426, 'websocket']);
  await run('terminals.kill', at);
  expect(await run('terminals.get', at)).toMatchObject({ state: 'killed' });
  expect((await plain(`${at}/input`, json('POST', { text: 'x' }))).status).toBe(409);
  expect(host.faults).toEqual([]);
  await host.stop();
}
