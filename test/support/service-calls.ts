import { expect } from 'bun:test';
import type { Init, TestApp } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

const json = (value: object): Init => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });

/** Calls everything that the API says about services; one is stopped, one gets own settings, a program comes and goes. */
export async function serviceCalls(panel: TestApp, run: Run) {
  const { items } = (await run('services.list', '/services?limit=2')) as { items: { name: string; state: string }[] };
  expect(items[0]).toMatchObject({ name: 'mail-relay.service', state: 'failed' });
  expect(await run('services.get', '/services/search.service')).toMatchObject({ service: { state: 'running' }, dependencies: { requires: expect.arrayContaining(['postgresql@15-main.service']) } });
  expect(await run('services.change', '/services/redis-server.service/change', json({ verb: 'stop' }))).toMatchObject({ state: 'stopped' });
  expect(await run('services.log', '/services/mail-relay.service/log')).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ priority: 3 })]) });
  await run('services.files', '/services/nginx.service/files');
  const own = '/services/nginx.service/override';
  expect(await run('services.override', own)).toMatchObject({ text: null, hash: '' });
  expect(await run('services.checkOverride', `${own}/check`, json({ text: '[Service]\nnothing\n' }))).toMatchObject({ faults: [{ line: 2 }] });
  await run('services.writeOverride', own, json({ text: '[Service]\nNice=5\n', hash: '' }));
  expect((await panel.app.host.services.override('nginx.service')).text).toBe('[Service]\nNice=5\n');
  await run('services.timers', '/services/timers');
  expect(await run('services.changeTimer', '/services/timers/fstrim.timer', json({ on: true }))).toMatchObject({ active: true });
  await run('services.addProgram', '/services/programs', json({ name: 'worker', argv: ['node', 'worker.js'], environment: [{ name: 'API_TOKEN', value: 'steam' }] }));
  expect(await run('services.programs', '/services/programs')).toMatchObject({ items: [{ name: 'worker', service: 'mantou-worker.service' }] });
  const { hash } = (await run('services.program', '/services/programs/worker')) as { hash: string };
  await run('services.changeProgram', '/services/programs/worker', json({ hash, argv: ['node', 'worker.js', '--fast'], environment: [{ name: 'API_TOKEN', value: '•••' }] }));
  expect(await run('services.program', '/services/programs/worker')).toMatchObject({ environment: [{ name: 'API_TOKEN', value: '•••', hidden: true }] });
  expect((await panel.app.host.services.program('worker'))?.environment).toEqual([{ name: 'API_TOKEN', value: 'steam' }]);
  await run('services.removeProgram', '/services/programs/worker/remove', json({ confirm: 'worker' }));
}
