import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { containerUpdates } from '../../../db/schema/updates.ts';
import { SYSTEM, type App } from '../../app.ts';
import { startCheck } from './check.ts';
import { followName } from './names.ts';
import { chooseAutomatic } from './update.ts';
import { listUpdates } from './updates.ts';

let t: TestApp;
beforeEach(() => void (t = testApp()));
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

/** The same panel, working on another engine. */
const elsewhere = (): App => ({ ...t.app, engines: { ...t.app.engines, chosen: () => 'far' } });
const automatic = async (app: App) => (await listUpdates(app, SYSTEM)).filter((one) => one.automatic).map(({ name }) => name);
const check = async (app: App) => app.tasks.settled(startCheck(app, SYSTEM));
const kept = () => t.app.db.select().from(containerUpdates).all().map(({ name }) => name).toSorted();

test('what is chosen for a container is not chosen for one of its name on another engine, and a check there forgets nothing here', async () => {
  await chooseAutomatic(t.app, SYSTEM, { id: 'gitea', automatic: true });
  const far = elsewhere();
  expect([await automatic(t.app), await automatic(far)]).toEqual([['gitea'], []]);
  await chooseAutomatic(far, SYSTEM, { id: 'registry', automatic: true });
  expect([await automatic(t.app), await automatic(far)]).toEqual([['gitea'], ['registry']]);
  await t.app.host.docker.ask({ method: 'DELETE', path: '/containers/gitea' });
  await check(far);
  expect(kept()).toEqual(['gitea', 'registry far']);
  // Gone where it was: so is what was kept of it.
  await check(t.app);
  expect(kept()).toEqual(['registry far']);
});

test('it follows a new name, and what another of that name had goes', async () => {
  await chooseAutomatic(t.app, SYSTEM, { id: 'gitea', automatic: true });
  await chooseAutomatic(t.app, SYSTEM, { id: 'registry', automatic: false });
  followName(t.app, 'gitea', 'registry');
  expect(t.app.db.select().from(containerUpdates).all()).toEqual([{ name: 'registry', automatic: true, taskId: null, digest: null }]);
  followName(t.app, 'registry', 'registry');
  expect(kept()).toEqual(['registry']);
});
