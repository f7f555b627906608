import { expect } from 'bun:test';
import type { SwapDriver } from '../../src/platform/swap.ts';
import type { Init, TestApp } from './app.ts';
import { createWindowsMachine } from './windows-system.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const body = (value: object): Init => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x somebody@else';

/** Calls everything that the API says about the machine itself, its accounts and its packages. */
export async function systemCalls(panel: TestApp, run: Run) {
  const settled = async (answer: unknown) => panel.app.tasks.settled((answer as { task: string }).task);
  await run('system.get', '/system');
  expect(await run('system.identity', '/system/identity')).toMatchObject({ name: 'demo-01' });
  expect(await run('system.rename', '/system/identity', body({ name: 'web-1', pretty: 'Web' }))).toMatchObject({ name: 'web-1', pretty: 'Web' });
  await run('system.rename', '/system/identity', body({ name: 'demo-01' }));
  await run('system.time', '/system/time');
  expect(await run('system.setTime', '/system/time', body({ zone: 'Europe/Berlin', sync: false }))).toMatchObject({ zone: 'Europe/Berlin', sync: { on: false } });
  await run('system.locale', '/system/locale');
  await settled(await run('system.setLocale', '/system/locale', body({ locale: 'ja_JP.UTF-8' })));
  expect(await run('system.setLocale', '/system/locale', body({ locale: 'ja_JP.UTF-8' }))).toEqual({ task: null });
  await run('system.dns', '/system/dns');
  expect(await run('system.setDns', '/system/dns', body({ servers: ['9.9.9.9', '2620:fe::fe'] }))).toMatchObject({ servers: ['9.9.9.9', '2620:fe::fe'], search: [] });
  await run('system.interfaces', '/system/interfaces');
  await settled(await run('system.addSwap', '/system/swap', body({ size: 1024 })));
  expect(await run('system.swap', '/system/swap')).toMatchObject({ areas: [{ path: '/swapfile' }, { path: '/swapfile2', size: 2 ** 30 }] });
  await settled(await run('system.removeSwap', '/system/swap', body({ path: '/swapfile2' })));
  await pageFileCalls(panel, run);
  expect(await run('system.setSwappiness', '/system/swappiness', body({ swappiness: 10 }))).toMatchObject({ swappiness: 10 });
  expect(await run('system.schedulePower', '/system/power', body({ action: 'reboot', when: '+90', message: 'Kernel' }))).toMatchObject({ planned: { action: 'reboot', message: 'Kernel' } });
  await run('system.power', '/system/power');
  await run('system.cancelPower', '/system/power');
  await accountCalls(run);
  await run('packages.list', '/packages');
  await settled(await run('packages.refresh', '/packages/refresh'));
  await settled(await run('packages.upgrade', '/packages/upgrade', body({ which: 'chosen', names: ['tzdata'] })));
  await settled(await run('packages.repair', '/packages/repair'));
  await settled(await run('packages.automatic', '/packages/automatic', body({ on: false })));
  await run('packages.hold', '/packages/nginx/hold', body({ held: true }));
  await run('packages.changelog', '/packages/nginx/changelog');
}

/** Of Windows alone, so with its driver. */
async function pageFileCalls(panel: TestApp, run: Run) {
  const host = panel.app.host as { swap: SwapDriver };
  const { swap } = host;
  host.swap = createWindowsMachine().drivers.swap;
  const file = { path: 'D:\\pagefile.sys', initial: 512, maximum: 1024 };
  expect(await run('system.setPageFile', '/system/swap/page-file', body(file))).toMatchObject({ paging: { automatic: false, files: [file] } });
  await run('system.removePageFile', '/system/swap/page-file', body({ path: file.path }));
  expect(await run('system.setPageFile', '/system/swap/page-file', body({ automatic: true }))).toMatchObject({ paging: { automatic: true, files: [] } });
  host.swap = swap;
}

async function accountCalls(run: Run) {
  await run('accounts.list', '/accounts?limit=2&sort=-lastSignIn');
  expect(await run('accounts.groups', '/account-groups')).toMatchObject({ adminGroup: 'sudo' });
  await run('accounts.create', '/accounts', body({ name: 'ci', shell: '/bin/bash', fullName: 'Runner' }));
  const { keys } = (await run('accounts.addKey', '/accounts/ci/keys', body({ key: KEY }))) as { keys: { keys: { fingerprint: string }[] } };
  await run('accounts.removeKey', '/accounts/ci/keys', body({ fingerprint: keys.keys[0]!.fingerprint }));
  expect(await run('accounts.change', '/accounts/ci', body({ password: 'steamed buns', admin: true, locked: true }))).toMatchObject({ account: { admin: 'group', password: 'set' } });
  await run('accounts.get', '/accounts/ci');
  await run('accounts.remove', '/accounts/ci', body({ confirm: 'ci' }));
}
