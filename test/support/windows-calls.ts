import { expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { revertArmed } from '../../src/core/armed/armed.ts';
import type { Init, TestApp } from './app.ts';
import { windowsServices } from './windows-services.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const put = (value: object): Init => ({ ...body(value), method: 'PUT' });
const body = (value: object): Init => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about the registry; what is changed is changed back. */
async function registryCalls(run: Run) {
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

/** Calls everything that the API says about scheduled tasks. */
async function scheduledTaskCalls(run: Run) {
  const all = (await run('scheduled_tasks.list', '/scheduled-tasks?system=on')) as { items: { path: string }[]; total: number };
  expect(all.items[0]!.path).toBe('\\Renew certificates');
  expect(all.items).toHaveLength(all.total);
  await run('scheduled_tasks.change', '/scheduled-tasks/change', body({ path: '\\Renew certificates', change: 'run' }));
  expect(await run('scheduled_tasks.list', '/scheduled-tasks?q=renew')).toMatchObject({ items: [{ state: 'running', lastResult: 0 }] });
  await run('scheduled_tasks.change', '/scheduled-tasks/change', body({ path: '\\Renew certificates', change: 'stop' }));
}

/** Calls everything that the API says about Remote Desktop, and takes it back. */
async function rdpCalls(panel: TestApp, run: Run) {
  expect(await run('rdp.get', '/rdp')).toMatchObject({ on: true, port: 3389, sessions: [{ id: 1 }, { user: 'lin' }, { state: 'disconnected' }] });
  expect(((await run('rdp.plan', '/rdp/plan', body({ on: true, port: 3390, nla: true }))) as { commands: string[] }).commands).toHaveLength(5);
  const { armed } = (await run('rdp.change', '/rdp', body({ on: true, port: 3390, nla: true }))) as { armed: string };
  await revertArmed(panel.app, SYSTEM, armed);
  expect(await run('rdp.get', '/rdp')).toMatchObject({ port: 3389 });
}

/** Calls everything that the API says about optional features. */
async function optionalFeatureCalls(panel: TestApp, run: Run) {
  const name = 'TelnetClient';
  const change = async (more: object) => {
    const { task } = (await run('optional_features.change', '/optional-features/change', body({ list: 'optional', name, ...more }))) as { task: string };
    await panel.app.tasks.settled(task);
  };
  expect(await run('optional_features.list', '/optional-features?only=off')).toMatchObject({ items: [{ name: 'NetFx3', state: 'absent' }, { name: 'Microsoft-Hyper-V' }, {}, { name, state: 'off' }], pending: 1, server: true, whole: true });
  await change({ on: true });
  expect(await run('optional_features.get', `/optional-features/optional/${name}`)).toMatchObject({ state: 'on', restart: 'no' });
  await change({ on: false, confirm: name });
  expect(await run('optional_features.list', '/optional-features?list=server&q=web')).toMatchObject({ items: [{ name: 'Web-WebServer', parent: 'Web-Server' }, { name: 'Web-Server' }], total: 4 });
}

/** Calls what the API says about how services of Windows are set up; those of the demo are systemd's. */
async function serviceSetupCalls(panel: TestApp, run: Run) {
  const { services } = panel.app.host;
  const asked: unknown[][] = [];
  Object.assign(panel.app.host, { services: windowsServices({ asked }) });
  try {
    const steps = [{ action: 'restart', delay: 5000 }, { action: 'none', delay: 0 }, { action: 'none', delay: 0 }];
    expect(await run('services.get', '/services/Spooler')).toMatchObject({ settings: { steps: [{ action: 'none' }, { action: 'none' }, { action: 'none' }], onErrors: false } });
    await run('services.recovery', '/services/Spooler/recovery', put({ steps, reset: null, onErrors: true }));
    await run('services.account', '/services/Spooler/account', put({ account: '.\\printer', password: 'canary steam' }));
    expect(asked.filter(([script]) => script === 'service-setup.ps1').map(([, verb]) => verb)).toEqual(['recovery', 'account']);
  } finally {
    Object.assign(panel.app.host, { services });
  }
}

/** Calls everything that the API says about what only Windows has. */
export async function windowsCalls(panel: TestApp, run: Run) {
  await registryCalls(run);
  await rdpCalls(panel, run);
  await scheduledTaskCalls(run);
  await optionalFeatureCalls(panel, run);
  await serviceSetupCalls(panel, run);
}
