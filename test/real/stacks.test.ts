import { expect } from 'bun:test';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../../src/core/app.ts';
import { actOnStack, removeStack, scaleStack } from '../../src/core/stacks/act.ts';
import { createStack, saveStack } from '../../src/core/stacks/change.ts';
import { deployStack } from '../../src/core/stacks/deploy.ts';
import { listVersions } from '../../src/core/stacks/kept.ts';
import { readServices } from '../../src/core/stacks/services.ts';
import { getStack, listStacks } from '../../src/core/stacks/stacks.ts';
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
  });

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
  });

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
  });

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
  });

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
  });
});
