import { expect } from 'bun:test';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../../src/core/app.ts';
import { actOnStack, removeStack, scaleStack } from '../../src/core/stacks/act.ts';
import { createStack, saveStack } from '../../src/core/stacks/change.ts';
import { deployStack, returnStack, settleStacks } from '../../src/core/stacks/deploy.ts';
import { listVersions, readBegun } from '../../src/core/stacks/kept.ts';
import { readServices } from '../../src/core/stacks/services.ts';
import { getStack, listStacks } from '../../src/core/stacks/stacks.ts';
import { readTexts } from '../../src/core/stacks/texts.ts';
import { StackFault } from '../../src/core/stacks/validate.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { ENDPOINTS } from '../../src/api/table.ts';
import { en } from '../../src/i18n/en.ts';
import { engine } from '../support/docker.ts';
import { stackChanges } from '../support/stack-calls.ts';
import { FOREVER, refused, stackTests } from '../support/stacks.ts';

stackTests('st', (it, kit) => {
  it('a stack is created, deployed, scaled, stopped, started, taken down and removed with its folder', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER, '    environment:\n      WHO: ${WHO}\n'), env: 'WHO=lin\n' });
    expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ own: true, state: 'down', gone: [] });
    expect((await refused(createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' }))).code).toBe('conflict');

    const done = await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, null));
    expect([done.state, done.error]).toEqual(['done', null]);
    expect(done.log).toContain('all services are up: web');
    expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ state: 'running', running: 1, services: ['web'] });
    const [id] = await kit.ids(stack);
    expect(((await engine().ask({ path: `/containers/${id}/json` })) as { Config: { Env: string[] } }).Config.Env).toContain('WHO=lin');

    expect((await kit.ended(await scaleStack(kit.panel.app, kit.admin, stack, { service: 'web', count: 2 }))).state).toBe('done');
    expect((await getStack(kit.panel.app, kit.admin, stack)).running).toBe(2);
    expect((await kit.ended(await actOnStack(kit.panel.app, kit.admin, stack, 'stop'))).state).toBe('done');
    expect((await getStack(kit.panel.app, kit.admin, stack)).state).toBe('stopped');
    expect((await kit.ended(await actOnStack(kit.panel.app, kit.admin, stack, 'start'))).state).toBe('done');
    expect((await getStack(kit.panel.app, kit.admin, stack)).running).toBe(2);
    expect((await kit.ended(await actOnStack(kit.panel.app, kit.admin, stack, 'restart'))).state).toBe('done');
    expect((await kit.ended(await actOnStack(kit.panel.app, kit.admin, stack, 'down'))).state).toBe('done');
    expect((await getStack(kit.panel.app, kit.admin, stack)).state).toBe('down');

    const { folder } = await getStack(kit.panel.app, kit.admin, stack);
    expect((await kit.ended(await removeStack(kit.panel.app, kit.admin, stack, { volumes: true }))).state).toBe('done');
    expect(existsSync(folder!)).toBe(false);
    expect((await refused(getStack(kit.panel.app, kit.admin, stack))).code).toBe('not_found');
  }, 120_000);

  it('what was started by hand is found where it is, edited and deployed in place; when its folder is deleted that is said, and it can still be stopped', async () => {
    const stack = kit.name();
    const folder = kit.folder();
    const file = join(folder, 'docker-compose.yml');
    writeFileSync(file, kit.service(FOREVER), { mode: 0o640 });
    writeFileSync(join(folder, 'more.yml'), 'services:\n  side:\n    extends: {file: docker-compose.yml, service: web}\n');
    kit.compose(folder, '-p', stack, '-f', 'docker-compose.yml', '-f', 'more.yml', 'up', '-d');

    const found = (await listStacks(kit.panel.app, kit.admin)).find((one) => one.name === stack)!;
    expect(found).toMatchObject({ own: false, folder, files: [file, join(folder, 'more.yml')], gone: [], state: 'running', running: 2, services: ['side', 'web'] });
    expect((await readServices(found)).map(({ name: service, image: of, declared }) => [service, of, declared])).toEqual([['web', kit.image, true], ['side', null, true]]);

    const before = await kit.ids(stack);
    const done = await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, await kit.change(stack, (text) => text.replace('sleep 1;', 'sleep 2;'))));
    expect([done.state, done.error]).toEqual(['done', null]);
    expect(readFileSync(file, 'utf8')).toContain('sleep 2;');
    expect((await kit.ids(stack)).some((id) => before.includes(id))).toBe(false);
    expect((await listVersions(kit.panel.app, stack)).map(({ state }) => state)).toEqual(['good', 'found']);

    rmSync(folder, { recursive: true });
    expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ gone: [file, join(folder, 'more.yml')], state: 'running' });
    expect((await refused(deployStack(kit.panel.app, kit.admin, stack, null))).code).toBe('unsupported');
    expect((await refused(removeStack(kit.panel.app, kit.admin, stack, { volumes: false }))).code).toBe('unsupported');
    expect((await kit.ended(await actOnStack(kit.panel.app, kit.admin, stack, 'stop'))).state).toBe('done');
    expect((await getStack(kit.panel.app, kit.admin, stack)).state).toBe('stopped');
    expect((await kit.ended(await actOnStack(kit.panel.app, kit.admin, stack, 'down'))).state).toBe('done');
    expect((await listStacks(kit.panel.app, kit.admin)).some((one) => one.name === stack)).toBe(false);
  }, 120_000);

  it('files that Compose does not take are refused with the line, and nothing changes', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    const fault = async (edit: (text: string) => string) => {
      const error = await refused(saveStack(kit.panel.app, kit.admin, stack, await kit.change(stack, edit)));
      expect(error).toBeInstanceOf(StackFault);
      return (error as StackFault).fault;
    };
    const file = (await getStack(kit.panel.app, kit.admin, stack)).files[0]!;
    expect(await fault((text) => `${text}   bad: 1\n`)).toMatchObject({ file, line: 6 });
    expect(await fault((text) => `${text}\tbad: 1\n`)).toMatchObject({ file, line: 6 });
    expect(await fault((text) => `${text}    imge: x\n`)).toMatchObject({ file, line: 6, message: expect.stringContaining('imge') });
    expect((await fault((text) => `${text}    depends_on: [nowhere]\n`)).message).toContain('nowhere');
    expect(readFileSync(file, 'utf8')).toBe(kit.service(FOREVER));
    // Nothing of what was tried is left.
    expect([...new Bun.Glob('*').scanSync({ cwd: join(file, '..'), dot: true })]).toEqual(['compose.yml']);
    const error = await refused(createStack(kit.panel.app, kit.admin, { name: kit.name(), compose: 'services: [', env: '' }));
    expect(error).toBeInstanceOf(StackFault);
    expect((await listStacks(kit.panel.app, kit.admin)).filter((one) => one.name.startsWith(kit.prefix)).map((one) => one.name)).toEqual([stack]);
    const bomb = `x-a: &a [x, x, x, x, x, x, x, x, x, x]\n${'abcdefgh'.split('').map((key, i, all) => (i === 0 ? '' : `x-${key}: &${key} [${Array(10).fill(`*${all[i - 1]}`).join(', ')}]\n`)).join('')}`;
    expect((await refused(saveStack(kit.panel.app, kit.admin, stack, await kit.change(stack, (text) => bomb + text)))).say(en)).toContain('aliases');
  }, 120_000);

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
      expect(failed.error).toContain('The files that ran before run again.');
      if (what !== 'fails its health check') expect(failed.log).toContain('out of luck');
      expect((await readTexts(await getStack(kit.panel.app, kit.admin, stack))).map(({ text }) => text)).toEqual([kit.service(FOREVER), 'A=1\n']);
      expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ state: 'running', running: 1, health: null });
      expect(await readBegun(kit.panel.app, stack)).toBeNull();
      expect((await listVersions(kit.panel.app, stack)).map(({ state }) => state)).toEqual(['failed', 'good']);
    }, 120_000);
  }

  it('a first deployment that does not come up is taken down again, and its files stay; so does one that is cancelled', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service('exit 1'), env: '' });
    const failed = await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, null));
    expect([failed.state, failed.error?.includes('taken down again')]).toEqual(['failed', true]);
    expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ state: 'down', gone: [] });

    await saveStack(kit.panel.app, kit.admin, stack, await kit.change(stack, () => kit.service(FOREVER, '    healthcheck: {test: ["CMD", "false"], interval: 60s}\n')));
    const id = await deployStack(kit.panel.app, kit.admin, stack, null);
    expect((await refused(deployStack(kit.panel.app, kit.admin, stack, null))).code).toBe('conflict');
    while ((await kit.ids(stack)).length === 0) await Bun.sleep(100);
    kit.panel.app.tasks.cancel(id);
    expect((await kit.ended(id)).state).toBe('cancelled');
    expect(await getStack(kit.panel.app, kit.admin, stack)).toMatchObject({ state: 'down' });
  }, 120_000);

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
  }, 120_000);

  it('S18 who is no administrator starts what an administrator wrote, unless it gives more than a container has', async () => {
    const stack = kit.name();
    const operator = kit.actor('operator');
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER, '    volumes: ["./data:/data"]\n'), env: '' });
    expect((await kit.ended(await actOnStack(kit.panel.app, operator, stack, 'up'))).state).toBe('done');
    for (const refusedCall of [deployStack(kit.panel.app, operator, stack, null), actOnStack(kit.panel.app, operator, stack, 'down'), removeStack(kit.panel.app, operator, stack, { volumes: false }), createStack(kit.panel.app, operator, { name: kit.name(), compose: kit.service(FOREVER), env: '' })]) {
      expect((await refused(refusedCall)).code).toBe('denied');
    }
    for (const more of ['privileged: true', 'network_mode: host', 'pid: host', 'ipc: host', 'cap_add: [SYS_ADMIN]', 'devices: ["/dev/null:/dev/null"]', 'volumes: ["/etc:/host:ro"]', 'volumes: ["/var/run/docker.sock:/s"]', 'volumes: ["./..:/up"]', 'security_opt: ["seccomp:unconfined"]']) {
      await saveStack(kit.panel.app, kit.admin, stack, await kit.change(stack, () => kit.service(FOREVER, `    ${more}\n`)));
      const error = await refused(actOnStack(kit.panel.app, operator, stack, 'up'));
      expect([more, error.code, error.say(en).startsWith('Only administrators may start this stack: web: ')]).toEqual([more, 'denied', true]);
    }
  }, 180_000);

  it('S18 files that change after the button was pressed are judged again before they are started', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    const { files } = await getStack(kit.panel.app, kit.admin, stack);
    for (const press of [() => actOnStack(kit.panel.app, kit.actor('operator'), stack, 'up'), () => scaleStack(kit.panel.app, kit.actor('operator'), stack, { service: 'web', count: 1 })]) {
      writeFileSync(files[0]!, kit.service(FOREVER));
      const id = await press();
      writeFileSync(files[0]!, kit.service(FOREVER, '    privileged: true\n'));
      const { state, error } = await kit.ended(id);
      expect([state, error]).toEqual(['failed', expect.stringContaining('web: privileged')]);
    }
    expect((await getStack(kit.panel.app, kit.admin, stack)).containers).toEqual([]);
  }, 60_000);

  it('the API does all of it, with what its reference says', async () => {
    const stack = kit.name();
    const { userId } = kit.panel.as('admin', 'api');
    const { token } = createToken(kit.panel.app, { ...kit.admin, userId } as Actor, { name: 'test', role: 'admin', expiresInDays: 1 });
    const states: string[] = [];
    await stackChanges(stack, kit.service(FOREVER), async (id, path, init) => {
      const row = ENDPOINTS.find((one) => one.id === id)!;
      const answer = await kit.panel.request(`/api/v1${path}`, { ...init, headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${token}` } });
      expect([id, answer.status, answer.status === row.status ? '' : await answer.text()]).toEqual([id, row.status, '']);
      if (!row.response) return null;
      const body = await answer.json();
      expect(body).toEqual(row.response.parse(body));
      return body;
    }, async ({ id }) => void states.push((await kit.ended(id)).state));
    expect(states).toEqual(['done', 'done', 'done', 'done']);
    expect((await listStacks(kit.panel.app, kit.admin)).some((one) => one.name === stack)).toBe(false);
  }, 120_000);

  it('profiles start only when asked for, and variables may hold line breaks', async () => {
    const stack = kit.name();
    const compose = kit.service('echo "$$TEXT" > /tmp/text; while true; do sleep 1; done', '    environment:\n      TEXT: ${TEXT}\n') + `  later:\n    image: ${kit.image}\n    command: sleep 1000\n    profiles: [extra]\n`;
    await createStack(kit.panel.app, kit.admin, { name: stack, compose, env: 'TEXT="one\\ntwo"\n' });
    const done = await kit.ended(await deployStack(kit.panel.app, kit.admin, stack, null));
    expect([done.state, done.error]).toEqual(['done', null]);
    const now = await getStack(kit.panel.app, kit.admin, stack);
    expect(now.services).toEqual(['web']);
    expect((await readServices(now)).map((one) => [one.name, one.profiles])).toEqual([['web', []], ['later', ['extra']]]);
    const { Config } = (await engine().ask({ path: `/containers/${now.containers[0]!.id}/json` })) as { Config: { Env: string[] } };
    expect(Config.Env).toContain('TEXT=one\ntwo');
  }, 120_000);
});
