import { expect } from 'bun:test';
import type { Init, TestApp } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const json = (method: string, value: object): Init => ({ method, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about the SSH server: its port is changed, and the change reverted. */
export async function sshServerCalls(_panel: TestApp, run: Run) {
  const { settings, hash } = (await run('ssh_server.get', '/system/ssh')) as { settings: { ports: number[] }; hash: string };
  expect(settings.ports).toEqual([22]);
  const wanted = { ...settings, ports: [2222] };
  expect(await run('ssh_server.review', '/system/ssh/review', json('POST', { settings: wanted }))).toMatchObject({ changed: ['ports'], fault: null, files: [{ before: null }] });
  const { id } = (await run('ssh_server.change', '/system/ssh', json('PUT', { settings: wanted, hash }))) as { id: string };
  await run('armed.revert', `/armed/${id}/revert`, { method: 'POST' });
  expect(await run('ssh_server.get', '/system/ssh')).toMatchObject({ settings: { ports: [22] } });
}
