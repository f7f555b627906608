import { expect } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../../src/core/app.ts';
import { ENDPOINTS } from '../../src/api/table.ts';
import { changeOf, createStack, saveStack, tryChange } from '../../src/core/stacks/change.ts';
import { deployStack } from '../../src/core/stacks/deploy.ts';
import { addStackFile, dropStackFile, listStackFiles, moveStackFile, readStackFile } from '../../src/core/stacks/files.ts';
import { addRunLines } from '../../src/core/stacks/run-lines.ts';
import { getStack } from '../../src/core/stacks/stacks.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { en } from '../../src/i18n/en.ts';
import { stackVersions } from '../support/stack-calls.ts';
import { FOREVER, refused, stackTests } from '../support/stacks.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** What lies in a stack's folder beside its compose file. */
stackTests('sf', (it, kit) => {
  it('files beside are added, read, renamed and deleted; those that make the stack stay', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    await createStack(app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: 'A=1\n' });
    await addStackFile(app, kit.admin, stack, 'conf/sites/a.conf', bytes('listen 80;\n'));
    await addStackFile(app, kit.admin, stack, 'logo.png', new Uint8Array([0, 1, 2]));
    expect((await refused(addStackFile(app, kit.admin, stack, 'logo.png', bytes('x')))).code).toBe('conflict');
    expect((await listStackFiles(app, kit.admin, stack)).entries.map(({ path, kind }) => `${kind} ${path}`)).toEqual(['folder conf', 'folder conf/sites', 'file conf/sites/a.conf', 'file .env', 'file compose.yml', 'file logo.png']);
    expect((await readStackFile(app, kit.admin, stack, 'conf/sites/a.conf')).text).toBe('listen 80;\n');
    expect((await refused(readStackFile(app, kit.admin, stack, 'logo.png'))).say(en)).toContain('is no text');
    await moveStackFile(app, kit.admin, stack, { path: 'conf/sites/a.conf', to: 'b.conf' });
    expect((await refused(moveStackFile(app, kit.admin, stack, { path: 'b.conf', to: 'logo.png' }))).code).toBe('conflict');
    expect((await refused(dropStackFile(app, kit.admin, stack, { path: 'conf' }))).code).toBe('conflict');
    await dropStackFile(app, kit.admin, stack, { path: 'conf/sites' });
    await dropStackFile(app, kit.admin, stack, { path: 'conf' });
    for (const path of ['compose.yml', '.env']) {
      expect([path, (await refused(dropStackFile(app, kit.admin, stack, { path }))).code]).toEqual([path, 'conflict']);
      expect([path, (await refused(moveStackFile(app, kit.admin, stack, { path, to: 'x' }))).code]).toEqual([path, 'conflict']);
      expect([path, (await refused(moveStackFile(app, kit.admin, stack, { path: 'b.conf', to: path }))).code]).toEqual([path, 'conflict']);
    }
    for (const work of [listStackFiles(app, kit.actor('operator'), stack), readStackFile(app, kit.actor('operator'), stack, 'b.conf'), addStackFile(app, kit.actor('operator'), stack, 'c', bytes(''))]) expect((await refused(work)).code).toBe('denied');
  });

  it('S4 no path and no link leads out of the folder, neither for reading nor for writing', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    await createStack(app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    const { folder } = await getStack(app, kit.admin, stack);
    const outside = kit.folder();
    writeFileSync(join(outside, 'secret'), 'bamboo');
    mkdirSync(join(folder!, 'data'));
    symlinkSync(outside, join(folder!, 'data/out'));
    symlinkSync(join(outside, 'secret'), join(folder!, 'data/link'));
    symlinkSync('/proc/self', join(folder!, 'data/proc'));
    const ways = ['../x', '..', '.', '/etc/passwd', 'data/../../x', 'data//x', './x', 'data/out/secret', 'data/out/new', 'data/link', 'data/proc/environ', 'a\0b', '', 'x/'.repeat(20), 'data/out/../../x'];
    for (const path of ways) {
      expect([path, (await refused(readStackFile(app, kit.admin, stack, path))).code]).toEqual([path, 'invalid']);
      if (path !== 'data/link') expect([path, (await refused(addStackFile(app, kit.admin, stack, path, bytes('x')))).code]).toEqual([path, 'invalid']);
      expect([path, (await refused(changeOf(app, kit.admin, stack, [{ path, text: 'x' }]))).code]).toEqual([path, 'invalid']);
      if (path !== 'data/link') expect([path, (await refused(dropStackFile(app, kit.admin, stack, { path }))).code]).toEqual([path, 'invalid']);
      expect([path, (await refused(moveStackFile(app, kit.admin, stack, { path: 'data', to: path }))).code]).toEqual([path, path === 'data/link' ? 'conflict' : 'invalid']);
    }
    // A link may be taken away, and what it leads to stays.
    await dropStackFile(app, kit.admin, stack, { path: 'data/link' });
    expect([readFileSync(join(outside, 'secret'), 'utf8'), existsSync(join(outside, 'new'))]).toEqual(['bamboo', false]);
    expect((await listStackFiles(app, kit.admin, stack)).entries.filter(({ path }) => path.startsWith('data/out/'))).toEqual([]);
  });

  it('a file beside that is edited with the others is tried with them, kept as a version, and returned to', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    await createStack(app, kit.admin, { name: stack, compose: kit.service(FOREVER), env: '' });
    const { folder, files } = await getStack(app, kit.admin, stack);
    await addStackFile(app, kit.admin, stack, 'conf/base.yml', bytes(''));
    const base = (command: string) => `services:\n  base:\n    image: ${kit.image}\n    command: ${JSON.stringify(['sh', '-c', command])}\n    stop_grace_period: 1s\n`;
    const uses = 'services:\n  web:\n    extends: {file: conf/base.yml, service: base}\n';
    const with_ = (text: string) => changeOf(app, kit.admin, stack, [{ path: files[0]!, text: uses }, { path: 'conf/base.yml', text }]);
    // What is on the disk is empty: it is the text that is tried, and nothing of the try is left.
    expect(Object.keys((await tryChange(app, kit.admin, stack, (await with_(base(FOREVER))).texts)).rendered.services)).toEqual(['web']);
    expect(readFileSync(join(folder!, 'conf/base.yml'), 'utf8')).toBe('');
    expect([...new Bun.Glob('**/*').scanSync({ cwd: join(folder!, '..', '.kept'), dot: true, onlyFiles: false })].filter((path) => path.includes('.check-'))).toEqual([]);
    const bad = await refused(with_('services: [').then(({ texts }) => tryChange(app, kit.admin, stack, texts)));
    expect([bad.code, String(bad.detail).includes('.check-')]).toEqual(['invalid', false]);

    const good = await kit.ended(await deployStack(app, kit.admin, stack, await with_(base(FOREVER))));
    expect([good.state, good.error]).toEqual(['done', null]);
    const failed = await kit.ended(await deployStack(app, kit.admin, stack, await changeOf(app, kit.admin, stack, [{ path: 'conf/base.yml', text: base('exit 3') }]), 30));
    expect([failed.state, failed.error?.en]).toEqual(['failed', expect.stringContaining('The files that ran before run again.')]);
    expect(readFileSync(join(folder!, 'conf/base.yml'), 'utf8')).toBe(base(FOREVER));
    expect((await getStack(app, kit.admin, stack)).running).toBe(1);
    // Somebody put a link in its place: that is theirs, and keeps nobody from the rest.
    rmSync(join(folder!, 'conf/base.yml'));
    symlinkSync('/etc/hostname', join(folder!, 'conf/base.yml'));
    expect((await changeOf(app, kit.admin, stack, [{ path: 'compose.yml', text: kit.service(FOREVER) }])).texts.map(({ path }) => path.slice(folder!.length + 1))).toEqual(['compose.yml', '.env']);
  });

  it('versions are listed, compared and put back by the API; a service from a command line runs', async () => {
    const stack = kit.name();
    const { app } = kit.panel;
    const { compose, services } = addRunLines('', `docker run -d --stop-timeout 1 -e 'A=b$c' ${kit.image} sh -c 'trap "exit 0" TERM; while :; do sleep 1; done'`, en);
    expect(services).toEqual([{ service: 'busybox', left: ['--stop-timeout'] }]);
    await createStack(app, kit.admin, { name: stack, compose, env: '' });
    const done = await kit.ended(await deployStack(app, kit.admin, stack, null));
    expect([done.state, done.error]).toEqual(['done', null]);
    const { files } = await getStack(app, kit.admin, stack);
    await saveStack(app, kit.admin, stack, await changeOf(app, kit.admin, stack, [{ path: 'compose.yml', text: `${compose}# more\n` }]));
    const { userId } = kit.panel.as('admin', 'api');
    const { token } = createToken(app, { ...kit.admin, userId } as Actor, { name: 'test', role: 'admin', expiresInDays: 1 });
    const found = await stackVersions(stack, async (id, path, init) => {
      const row = ENDPOINTS.find((one) => one.id === id)!;
      const answer = await kit.panel.request(`/api/v1${path}`, { ...init, headers: { authorization: `Bearer ${token}` } });
      expect([id, answer.status]).toEqual([id, row.status]);
      return row.response ? row.response.parse(await answer.json()) : null;
    });
    expect(found.diff).toEqual(['removed # more']);
    expect(readFileSync(files[0]!, 'utf8')).toBe(compose);
  });
});
