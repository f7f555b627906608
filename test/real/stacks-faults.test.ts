import { expect } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actOnStack } from '../../src/core/stacks/act.ts';
import { changeOf, createStack, tryChange } from '../../src/core/stacks/change.ts';
import { deployStack } from '../../src/core/stacks/deploy.ts';
import { readStackLog } from '../../src/core/stacks/logs.ts';
import { getStack } from '../../src/core/stacks/stacks.ts';
import { StackFault } from '../../src/core/stacks/validate.ts';
import { en } from '../../src/i18n/en.ts';
import { engine } from '../support/docker.ts';
import { FOREVER, refused, stackTests } from '../support/stacks.ts';

/** "Billion laughs": eight lines that stand for 10⁹ values. */
const BOMB = `x-a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefghi'.split('').map((key, i) => `x-${key}: &${key} [${Array(10).fill(`*${'abcdefghi'[i]}`).join(', ')}]\n`).join('')}`;

stackTests('sx', (it, kit) => {
  const environment = async (stack: string) => {
    const [id] = await kit.ids(stack);
    return ((await engine().ask({ path: `/containers/${id}/json` })) as { Config: { Env: string[] } }).Config.Env;
  };

  it('values of .env with line breaks, quotes and dollars reach a container as they are meant', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    await createStack(app, kit.admin, {
      name: stack, compose: kit.service(FOREVER, '    environment:\n      A: ${A}\n      B: ${B}\n      C: ${C}\n      D: "$$HOME"\n'), env: 'A="one\ntwo"\nB=\'a"b\'\nC="x=y # z"\n',
    });
    const done = await kit.ended(await deployStack(app, kit.admin, stack, null));
    expect([done.state, done.error]).toEqual(['done', null]);
    expect(await environment(stack)).toEqual(expect.arrayContaining(['A=one\ntwo', 'B=a"b', 'C=x=y # z', 'D=$HOME']));
  });

  it('a file of variables that is broken is refused', async () => {
    const stack = kit.name();
    await createStack(kit.panel.app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    const broken = changeOf(kit.panel.app, kit.admin, stack, [{ path: '.env', text: 'A=1\nB="x\n' }]).then(({ texts }) => tryChange(kit.panel.app, kit.admin, stack, texts));
    // 1.29 warns only, and fills in what it has.
    if (kit.form.kind === 'plugin') expect(((await refused(broken)) as StackFault).fault).toMatchObject({ file: expect.stringMatching(/\/\.env$/), line: 3 });
    else await broken;
  });

  it('a stack that was started by hand with another file of variables keeps it', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    const folder = kit.folder();
    writeFileSync(join(folder, 'compose.yml'), kit.service(FOREVER, '    environment: ["A=${A}"]\n'));
    writeFileSync(join(folder, 'prod.env'), 'A=1\n');
    kit.compose(folder, '-p', stack, '--env-file', 'prod.env', 'up', '-d');
    expect(await getStack(app, kit.admin, stack)).toMatchObject({ folder, env: [join(folder, 'prod.env')] });
    const done = await kit.ended(await deployStack(app, kit.admin, stack, await changeOf(app, kit.admin, stack, [{ path: 'prod.env', text: 'A=2\n' }])));
    expect([done.state, done.error]).toEqual(['done', null]);
    expect(await environment(stack)).toContain('A=2');
  });

  it('include, extends and profiles', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    await createStack(app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: 'COMPOSE_PROFILES=extra\n' });
    const { folder, files } = await getStack(app, kit.admin, stack);
    mkdirSync(join(folder!, 'more'));
    writeFileSync(join(folder!, 'more/compose.yml'), `services:\n  side:\n    image: ${kit.image}\n    command: ["sh", "-c", ${JSON.stringify(FOREVER)}]\n    stop_grace_period: 1s\n`);
    const extended = 'services:\n  web:\n    extends: {file: more/compose.yml, service: side}\n  later:\n    extends: {file: more/compose.yml, service: side}\n    profiles: [extra]\n  never:\n    extends: {file: more/compose.yml, service: side}\n    profiles: [other]\n';
    const done = await kit.ended(await deployStack(app, kit.admin, stack, await changeOf(app, kit.admin, stack, [{ path: 'compose.yml', text: extended }])));
    expect([done.state, done.error]).toEqual(['done', null]);
    expect((await getStack(app, kit.admin, stack)).services).toEqual(['later', 'web']);

    const included = await changeOf(app, kit.admin, stack, [{ path: 'compose.yml', text: `include:\n  - more/compose.yml\n${kit.service(FOREVER)}` }]);
    if (kit.form.kind === 'standalone') {
      // Nothing but words: 1.29 has no include.
      expect(((await refused(tryChange(app, kit.admin, stack, included.texts))) as StackFault).fault).toMatchObject({ file: files[0], line: 1 });
      return;
    }
    expect((await kit.ended(await deployStack(app, kit.admin, stack, included))).error).toBeNull();
    expect((await getStack(app, kit.admin, stack)).services).toEqual(['side', 'web']);
    const missing = await changeOf(app, kit.admin, stack, [{ path: 'compose.yml', text: `include:\n  - nowhere.yml\n${kit.service(FOREVER)}` }]);
    expect(((await refused(tryChange(app, kit.admin, stack, missing.texts))) as StackFault).fault).toMatchObject({ file: files[0], line: 2 });
  });

  it('S22 a YAML bomb is refused at once where it is edited and where it lies; one that is included is bounded', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    await createStack(app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    const { files, folder } = await getStack(app, kit.admin, stack);
    const begun = performance.now();
    expect((await refused(changeOf(app, kit.admin, stack, [{ path: 'compose.yml', text: BOMB + kit.service(FOREVER) }]).then(({ texts }) => tryChange(app, kit.admin, stack, texts)))).say(en)).toContain('aliases');
    writeFileSync(files[0]!, BOMB + kit.service(FOREVER));
    expect((await refused(deployStack(app, kit.admin, stack, null))).say(en)).toContain('aliases');
    expect(performance.now() - begun).toBeLessThan(20_000);
    writeFileSync(join(folder!, 'bomb.yml'), BOMB + kit.service(FOREVER));
    writeFileSync(files[0]!, 'services:\n  web:\n    extends: {file: bomb.yml, service: web}\n');
    const error = await deployStack(app, kit.admin, stack, null).then(async (id) => {
      await kit.ended(id);
      return null;
    }, (thrown: unknown) => thrown as { code: string });
    // Either it is read without being filled in, or the time or the memory that it may take is over.
    expect(['invalid', 'unavailable', undefined]).toContain(error?.code);
  });

  it('S18 a container that only says that it belongs to a stack fails no deployment', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    await createStack(app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    const labels = { 'com.docker.compose.project': stack, 'com.docker.compose.service': 'web', 'com.docker.compose.container-number': '77', 'com.docker.compose.oneoff': 'True ' };
    const { Id } = (await engine().ask({ method: 'POST', path: '/containers/create', query: { name: `${stack}-hostile` }, body: { Image: kit.image, Cmd: ['false'], Labels: labels } })) as { Id: string };
    await engine().ask({ method: 'POST', path: `/containers/${Id}/start` });
    const done = await kit.ended(await deployStack(app, kit.admin, stack, null));
    expect([done.state, done.error]).toEqual(['done', null]);
  });

  it('S18 a volume that was made of a folder of the host is that folder, whatever the file says', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    const volume = `${stack}-etc`;
    await engine().ask({ method: 'POST', path: '/volumes/create', body: { Name: volume, Driver: 'local', DriverOpts: { type: 'none', o: 'bind', device: '/etc' }, Labels: { 'com.docker.compose.project': stack } } });
    try {
      await createStack(app, kit.admin, { name: stack, compose: `${kit.service(FOREVER, '    volumes: ["host:/host", "plain:/plain"]\n')}volumes:\n  plain: {}\n  host: {external: true, name: ${volume}}\n`, env: '' });
      const error = await refused(actOnStack(app, kit.actor('operator'), stack, 'up'));
      expect([error.code, error.say(en)]).toEqual(['denied', expect.stringContaining(`volumes: ${volume}: `)]);
    } finally {
      await engine().ask({ method: 'DELETE', path: `/volumes/${volume}` });
    }
  });

  it('S18 what somebody starts who may not start anything is what was looked at; it makes nothing anew', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    await createStack(app, kit.admin, { name: stack, compose: kit.service(FOREVER, '    environment: ["A=a$$b", "B=${B}"]\n    env_file: [.env]\n    volumes: ["./data:/data"]\n'), env: 'B="x y"\n' });
    expect((await kit.ended(await deployStack(app, kit.admin, stack, null))).error).toBeNull();
    const before = await kit.ids(stack);
    expect(await environment(stack)).toEqual(expect.arrayContaining(['A=a$b', 'B=x y']));
    const again = await kit.ended(await actOnStack(app, kit.actor('operator'), stack, 'up'));
    expect([again.state, again.error]).toEqual(['done', null]);
    expect(await kit.ids(stack)).toEqual(before);
    expect((await kit.ended(await actOnStack(app, kit.admin, stack, 'down'))).error).toBeNull();
    expect((await kit.ended(await actOnStack(app, kit.actor('operator'), stack, 'up'))).error).toBeNull();
    expect(await environment(stack)).toEqual(expect.arrayContaining(['A=a$b', 'B=x y']));
    const [id] = await kit.ids(stack);
    const { Config } = (await engine().ask({ path: `/containers/${id}/json` })) as { Config: { Labels: Record<string, string> } };
    expect(Config.Labels['com.docker.compose.project.config_files']).toEndWith(`/.kept/${stack}/frozen.yml`);
  });

  it('images are built, and what all services say is one log', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    const say = (text: string) => `    command: ["sh", "-c", "echo ${text}; sleep 1000"]\n    stop_grace_period: 1s\n`;
    await createStack(app, kit.admin, { name: stack, compose: `services:\n  made:\n    build: .\n    image: ${stack}:test\n${say('from made')}  web:\n    image: ${kit.image}\n${say('from web')}`, env: '' });
    const { folder } = await getStack(app, kit.admin, stack);
    writeFileSync(join(folder!, 'Dockerfile'), `FROM ${kit.image}\nENV BUILT=1\n`);
    expect((await refused(actOnStack(app, kit.actor('operator'), stack, 'build'))).code).toBe('denied');
    try {
      const built = await kit.ended(await actOnStack(app, kit.admin, stack, 'build'));
      expect([built.state, built.error, built.log.includes('FROM')]).toEqual(['done', null, true]);
      expect((await kit.ended(await deployStack(app, kit.admin, stack, null))).error).toBeNull();
      const { lines } = await readStackLog(app, kit.admin, stack, { tail: 10, q: '', stdout: true, stderr: true });
      expect(lines.map(({ service, text }) => `${service}: ${text}`).sort()).toEqual(['made: from made', 'web: from web']);
      expect((await readStackLog(app, kit.admin, stack, { tail: 10, q: '', stdout: true, stderr: true }, ['web'])).lines).toHaveLength(1);
    } finally {
      await actOnStack(app, kit.admin, stack, 'down').then(kit.ended);
      await engine().ask({ method: 'DELETE', path: `/images/${stack}:test` }).catch(() => {});
    }
  });
});
