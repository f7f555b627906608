import { expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import { createStack, saveStack } from '../../src/core/stacks/change.ts';
import { deployStack, returnStack, settleStacks } from '../../src/core/stacks/deploy.ts';
import { listVersions, readBegun } from '../../src/core/stacks/kept.ts';
import { getStack } from '../../src/core/stacks/stacks.ts';
import { readTexts } from '../../src/core/stacks/texts.ts';
import { FOREVER, refused, stackTests } from '../support/stacks.ts';

/** What does not come up is taken back. */
stackTests('sr', (it, kit) => {
  for (const [what, edit] of [
    ['exits at once', (text: string) => text.replace(FOREVER, 'echo out of luck; exit 3')],
    ['fails its health check', (text: string) => `${text}    healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 2}\n`],
    ['is ended and started again for ever', (text: string) => `${text.replace(FOREVER, 'echo out of luck; exit 4')}    restart: always\n`],
  ] as const) {
    it(`a service that ${what} is taken back: the last good files are on the disk again and run`, async () => {
      const stack = kit.name();
      await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: 'A=1\n' });
      expect((await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, null))).state).toBe('done');
      const bad = await kit.change(stack, edit);
      const failed = await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, { ...bad, texts: bad.texts.map((one) => (one.path.endsWith('.env') ? { ...one, text: 'A=2\n' } : one)) }, 30));
      expect(failed.state).toBe('failed');
      expect(failed.error?.en).toContain('The files that ran before run again.');
      if (what !== 'fails its health check') expect(failed.log).toContain('out of luck');
      expect((await readTexts(await getStack(kit.panel.app, kit.admin, stack))).map(({ text }) => text)).toEqual([kit.service(FOREVER), 'A=1\n']);
      expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ state: 'running', running: 1, health: null });
      expect(await readBegun(kit.panel.app, stack)).toBeNull();
      expect((await listVersions(kit.panel.app, stack)).map(({ state }) => state)).toEqual(['failed', 'good']);
    });
  }

  it('what runs again after a return has its name', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    expect((await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, null))).state).toBe('done');
    const named = async () => (await getStack(kit.panel.app, kit.admin, stack)).containers.map(({ name }) => name);
    const before = await named();
    // It is replaced by one that cannot be started, or not even made.
    for (const more of ['    entrypoint: ["/no/such/program"]\n', '    privileged: true\n    userns_mode: nonsense\n']) {
      const failed = await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, await kit.change(stack, (text) => `${text}${more}`), 30));
      expect([more, failed.state, failed.error?.en]).toEqual([more, 'failed', expect.stringContaining('The files that ran before run again.')]);
      expect([more, await named()]).toEqual([more, before]);
    }
  });

  it('a first deployment that does not come up is taken down again, and its files stay; so does one that is cancelled', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service('exit 1'), env: '' });
    const failed = await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, null));
    expect([failed.state, failed.error?.en.includes('taken down again')]).toEqual(['failed', true]);
    expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ state: 'down', gone: [] });

    await saveStack(kit.panel.app, kit.admin, stack, await kit.change(stack, () => kit.service(FOREVER, '    healthcheck: {test: ["CMD", "false"], interval: 60s}\n')));
    const id = await deployStack(kit.panel.app, kit.admin, stack, null);
    expect((await refused(deployStack(kit.panel.app, kit.admin, stack, null))).code).toBe('conflict');
    while ((await kit.ids(stack)).length === 0) await Bun.sleep(100);
    kit.panel.app.tasks.cancel(id);
    expect((await kit.ended(id)).state).toBe('cancelled');
    expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ state: 'down' });
  });

  it('a deployment in which the panel stopped is taken back at its next start', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    expect((await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, null))).state).toBe('done');
    await deployStack(kit.panel.app, kit.admin, stack, await kit.change(stack, (text) => `${text}    healthcheck: {test: ["CMD", "false"], interval: 60s}\n`));
    while ((await getStack(kit.panel.app, kit.admin, stack)).health !== 'starting') await Bun.sleep(100);
    await kit.panel.app.tasks.stop(2000);
    expect(await readBegun(kit.panel.app, stack)).toMatchObject({ by: 'admin' });
    await settleStacks(kit.panel.app);
    const [id] = kit.panel.app.db.$client.query("SELECT id FROM tasks WHERE kind = 'stacks.return'").values()[0] as [string];
    const done = await kit.ended(id);
    expect([done.state, done.error]).toEqual(['done', null]);
    expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ state: 'running', health: null });
    expect(readFileSync((await getStack(kit.panel.app, kit.admin, stack)).files[0]!, 'utf8')).toBe(kit.service(FOREVER));
    expect((await refused(returnStack(kit.panel.app, kit.admin, stack))).code).toBe('not_found');
  });
});
