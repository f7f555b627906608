import { expect } from 'bun:test';
import type { Init, TestApp } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const body = (value: object): Init => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about the registry; what is changed is changed back. */
export async function registryCalls(_panel: TestApp, run: Run) {
  const key = 'HKLM\\SOFTWARE\\OpenSSH';
  const query = (more = '') => `?key=${encodeURIComponent(key)}${more}`;
  const made = async (work: Promise<unknown>) => ((await work) as { change: string }).change;
  expect(((await run('registry.roots', '/registry/roots')) as { items: string[] }).items).toContain('HKEY_LOCAL_MACHINE');
  expect(await run('registry.key', `/registry/key${query()}`)).toMatchObject({ path: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\OpenSSH', values: [{ name: 'DefaultShell', type: 'REG_SZ' }] });
  expect(await run('registry.value', `/registry/value${query('&name=defaultshell')}`)).toMatchObject({ name: 'DefaultShell' });
  expect(((await run('registry.search', `/registry/search${query('&q=powershell&in=values')}`)) as { items: unknown[] }).items).toHaveLength(1);
  await run('registry.export', `/registry/export${query()}`);
  await run('registry.set', '/registry/value', body({ key, name: 'Level', type: 'REG_DWORD', value: '0x10' }));
  expect(await run('registry.value', `/registry/value${query('&name=Level')}`)).toMatchObject({ value: '16', bytes: 'EAAAAA==' });
  await run('registry.unset', '/registry/value/remove', body({ key, name: 'Level' }));
  await run('registry.create', '/registry/key', body({ key, name: 'a' }));
  await run('registry.rename', '/registry/key/rename', body({ key: `${key}\\a`, name: 'b' }));
  const removed = await made(run('registry.remove', '/registry/key/remove', body({ key: `${key}\\b`, confirm: 'b' })));
  await run('registry.undo', `/registry/changes/${removed}/undo`, { method: 'POST' });
  expect(((await run('registry.key', `/registry/key${query()}`)) as { keys: { name: string }[] }).keys).toEqual([{ name: 'b', hasKeys: false }] as never);
  const file = Buffer.from(`Windows Registry Editor Version 5.00\n\n[-${key}\\b]\n`).toString('base64');
  const { digest } = (await run('registry.plan', '/registry/plan', body({ file }))) as { digest: string };
  expect(await run('registry.import', '/registry/import', body({ file, digest }))).toMatchObject({ changes: 1 });
  expect(((await run('registry.changes', '/registry/changes')) as { items: { action: string }[] }).items.map(({ action }) => action).slice(0, 3)).toEqual(['import', 'undo', 'remove']);
}
