/** Images built on the real engine: from folders and repositories, broken, cancelled, and as docker(1) itself would. */
import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Actor } from '../../src/core/app.ts';
import { lookupAll } from '../../src/core/files/fetches/request.ts';
import { startBuild } from '../../src/core/images/build/build.ts';
import { buildsFolder } from '../../src/core/images/build/git.ts';
import { BuildInput } from '../../src/core/images/build/input.ts';
import { getImage } from '../../src/core/images/images.ts';
import { addRegistry } from '../../src/core/registries/registries.ts';
import { putSetting } from '../../src/core/settings/settings.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { AppError } from '../../src/lib/errors.ts';
import { en } from '../../src/i18n/en.ts';
import { hostOf } from '../../src/lib/host-port.ts';
import { exec } from '../../src/platform/exec.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { busyboxImage, engine } from '../support/docker.ts';
import { needs } from '../support/needs.ts';
import { freePort } from '../support/ports.ts';
import { testRegistry } from '../support/registry.ts';
import { startSshd } from '../support/sshd.ts';
import { until } from '../support/until.ts';

const it = needs('docker', 'busybox');
const withRegistry = needs('docker', 'busybox', 'registry');
const withGit = needs('docker', 'busybox', 'git');
const OWN = `mantou-test-build-${process.pid}`;
const docker = engine();
const actor: Actor = { kind: 'user', userId: 'u', name: 'lin', role: 'admin', sessionId: null, tokenId: null, ip: '' };
const root = mkdtempSync(join(tmpdir(), 'mantou-build-'));
let panel: TestApp;
let base = '';
let count = 0;
/** Command lines of everything that the panel started. */
const started: string[] = [];

if (it.ok) {
  beforeAll(async () => {
    panel = testApp({ docker, app: { exec: { ...exec, run: (argv, options) => (started.push(argv.join(' ')), exec.run(argv, options)) } } });
    Object.assign(actor, { userId: panel.as('admin', 'lin').userId });
    base = await busyboxImage();
  });
  afterAll(async () => {
    const mine = ((await docker.ask({ path: '/images/json' })) as { RepoTags: string[] | null }[]).flatMap(({ RepoTags }) => RepoTags ?? []).filter((name) => name.includes(OWN));
    for (const name of mine) await docker.ask({ method: 'DELETE', path: `/images/${name}`, query: { force: true } }).catch(() => {});
    rmSync(root, { recursive: true, force: true });
    expect(panel.errors).toEqual([]);
    await panel.close();
  });
}

/** A folder with these files; a value that begins with `-> ` is a link. */
function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(root, 'context-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), join(path, name));
    else writeFileSync(join(path, name), text);
  }
  return path;
}

const tag = () => `${OWN}/made:${count++}`;
const begin = (given: Record<string, unknown>) => startBuild(panel.app, actor, BuildInput.parse({ source: 'folder', tags: [tag()], ...given }));
async function ended(id: string) {
  await panel.app.tasks.settled(id);
  return { ...getTask(panel.app, actor, id), log: readFileSync(panel.app.tasks.logPath(id), 'utf8') };
}
const build = async (given: Record<string, unknown>) => ended(await begin(given));
const words = (error: unknown) => (error instanceof AppError ? `${error.code} ${error.field ?? ''}: ${error.say(en)}` : String(error));
const LIST = 'RUN busybox find /ctx -mindepth 1 | busybox sort | busybox sed "s#^/ctx/#in: #"';
const listed = (text: string) => [...text.matchAll(/^in: (.+)$/gm)].map((found) => found[1]!);

it('a folder is built under every name, with arguments, to a stage, and the log has each step', async () => {
  const path = folder({ 'docker/web.Dockerfile': `FROM ${base} AS first\nARG WHO\nARG API_TOKEN\nRUN echo "hello $WHO, $API_TOKEN"\nLABEL who=$WHO\nFROM first AS second\nRUN false\n`, 'a.txt': 'a' });
  const names = [tag(), `${OWN}/second`];
  const done = await build({ path, tags: names, dockerfile: './docker/web.Dockerfile', target: 'first', args: { WHO: 'lin', API_TOKEN: 'a-secret-token' }, noCache: true });
  expect([done.state, done.error, done.progress]).toEqual(['done', null, 1]);
  expect(done.params).toEqual({ reference: names[0]!, from: path });
  expect(done.log).toContain('arguments: WHO=lin API_TOKEN=•••');
  expect(done.log).toMatch(/^Step 4\/5 : RUN echo/m);
  expect(done.log).toContain('hello lin, •••');
  expect(done.log).not.toMatch(/a-secret-token|\x1b/);
  const image = await getImage(panel.app, actor, names[0]!);
  expect(image.references.toSorted()).toEqual([names[0]!, `${OWN}/second:latest`].toSorted());
  expect(image.labels).toEqual({ who: 'lin' });
  expect(JSON.stringify(image.history)).not.toContain('a-secret-token');
});

it('S4 what goes in is what docker(1) sends: rules, links as links, nothing from outside', async () => {
  writeFileSync(join(root, 'outside.txt'), 'not for images');
  const path = folder({
    'Dockerfile': `FROM ${base}\nCOPY . /ctx\n${LIST}\nRUN busybox stat -c "owner: %u:%g %A" /ctx/src/keep.ts /ctx/run.sh\n`,
    '.dockerignore': '\uFEFF# a comment\n  *.log  \n!important.log\n/node_modules\n**/*.tmp\nsrc/**\n!src/keep.ts\n!src/deep/er/keep.ts\ndocs/\n!docs/README.md\nsecret?.txt\n[ab].md\n.git\nDockerfile\n!/build\nfoo/../bar\n',
    'a.log': '', 'important.log': '', 'sub/b.log': '', 'node_modules/x/index.js': '', 'sub/node_modules/y.js': '', 'c.tmp': '', 'sub/deep/d.tmp': '',
    'src/keep.ts': '', 'src/drop.ts': '', 'src/deep/er/keep.ts': '', 'src/deep/drop.ts': '', 'docs/README.md': '', 'docs/other.md': '', 'secret1.txt': '', 'secret12.txt': '',
    'a.md': '', 'c.md': '', '.git/config': '', 'build/out': '', 'bar/x': '', 'run.sh': '#!/bin/sh\n', 'name with space.txt': '', '名字.txt': '', 'link': '-> ../outside.txt', 'etc': '-> /etc', 'dangling': '-> nowhere',
  });
  await Bun.spawn(['chmod', '750', join(path, 'run.sh')]).exited;
  const done = await build({ path, noCache: true });
  expect([done.state, done.error]).toEqual(['done', null]);
  const cli = Bun.spawn(['docker', 'build', '--no-cache', '-t', tag(), path], { env: { ...process.env, DOCKER_BUILDKIT: '0' }, stdout: 'pipe', stderr: 'pipe' });
  const theirs = await cli.stdout.text();
  expect(await cli.exited).toBe(0);
  expect(listed(done.log)).toEqual(listed(theirs));
  expect(listed(done.log)).toContain('src/deep/er/keep.ts');
  expect(listed(done.log)).not.toContain('src/drop.ts');
  const owners = (text: string) => text.match(/^owner: .+$/gm);
  expect(owners(done.log)).toEqual(owners(theirs));
  expect(owners(done.log)).toEqual([expect.stringMatching(/^owner: 0:0 -rw-/), 'owner: 0:0 -rwxr-x---']);
  expect(done.log).toContain('context: without what .dockerignore names');
});

it('rules of the Dockerfile alone come before those of the folder', async () => {
  const path = folder({ 'web.Dockerfile': `FROM ${base}\nCOPY . /ctx\n${LIST}\n`, 'web.Dockerfile.dockerignore': '*\n!only.txt\n', '.dockerignore': 'only.txt\n', 'only.txt': '', 'other.txt': '' });
  const done = await build({ path, dockerfile: 'web.Dockerfile', noCache: true });
  expect([done.state, listed(done.log)]).toEqual(['done', ['only.txt', 'web.Dockerfile']]);
});

it('a step that fails ends the task there, in the words of the engine; so does syntax that it does not know', async () => {
  const failed = await build({ path: folder({ Dockerfile: `FROM ${base}\nRUN echo before; echo to-stderr >&2; exit 7\nRUN echo never\n` }), noCache: true });
  expect([failed.state, failed.error?.en]).toEqual(['failed', expect.stringMatching(/^The container engine refused: The command .* returned a non-zero code: 7/)]);
  expect(failed.log).toMatch(/^before$/m);
  expect(failed.log).toMatch(/^to-stderr$/m);
  expect(failed.log).not.toContain('never\n ---> Running');
  expect(failed.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['imageContext done', 'imageBuild failed']);
  const syntax = await build({ path: folder({ Dockerfile: `FROM ${base}\nRUN --mount=type=cache,target=/x true\n` }) });
  expect([syntax.state, syntax.error?.en]).toEqual(['failed', expect.stringMatching(/BuildKit/)]);
  const target = await build({ path: folder({ Dockerfile: `FROM ${base} AS a\n` }), target: 'missing' });
  expect([target.state, target.error?.en]).toEqual(['failed', expect.stringMatching(/target missing/)]);
});

it('what is not there is said in the form, before a task begins', async () => {
  expect(await begin({ path: join(root, 'nowhere') }).catch(words)).toMatch(/^invalid path: /);
  expect(await begin({ path: folder({ 'a.txt': '' }) }).catch(words)).toBe('invalid dockerfile: There is no Dockerfile in the folder.');
  expect(await begin({ path: folder({ Dockerfile: 'FROM scratch', '.dockerignore': '!' }) }).catch(words)).toBe('invalid path: .dockerignore: “!” is no pattern.');
  expect(panel.app.tasks.running()).toBe(0);
});

it('S4 S12 nobody builds from where they may not look, and only administrators build', async () => {
  const path = folder({ Dockerfile: 'FROM scratch' });
  putSetting(panel.app, 'filesRootsAdmin', [join(root, 'elsewhere')]);
  expect(await begin({ path }).catch(words)).toMatch(/^invalid path: /);
  putSetting(panel.app, 'filesRootsAdmin', ['/']);
  const operator: Actor = { ...actor, role: 'operator' } as Actor;
  expect(await startBuild(panel.app, operator, BuildInput.parse({ source: 'folder', path, tags: [tag()] })).catch(words)).toMatch(/^denied/);
});

it('a build that is cancelled ends in the engine: the container of its step is gone', async () => {
  const mark = `sleep ${100_000 + process.pid}`;
  const id = await begin({ path: folder({ Dockerfile: `FROM ${base}\nRUN echo begun; exec ${mark}\n` }), noCache: true });
  const running = async () => ((await docker.ask({ path: '/containers/json' })) as { Command: string }[]).filter(({ Command }) => Command.includes(mark)).length;
  await until(async () => (await running()) === 1);
  await until(() => /^begun$/m.test(readFileSync(panel.app.tasks.logPath(id), 'utf8')));
  panel.app.tasks.cancel(id);
  await panel.app.tasks.settled(id);
  expect(getTask(panel.app, actor, id).state).toBe('cancelled');
  await until(async () => (await running()) === 0);
});

it('S22 a file that changes or cannot be read fails the build: no image is made of half a folder', async () => {
  const path = folder({ Dockerfile: `FROM ${base}\nCOPY . /ctx\n`, 'large.bin': 'x'.repeat(3_000_000) });
  const name = tag();
  // Shorter than it was found: as a log that is rotated while it is read.
  const id = await startBuild({ ...panel.app, host: { ...panel.app.host, files: { ...panel.app.host.files, pin: async (where) => {
    const held = await panel.app.host.files.pin(where);
    return { ...held, at: held.at.bind(held), child: held.child.bind(held), close: held.close.bind(held), real: held.real, open: async (one, links) => {
      if (one === 'large.bin') writeFileSync(join(path, 'large.bin'), 'x');
      return held.open(one, links);
    } };
  } } } }, actor, BuildInput.parse({ source: 'folder', path, tags: [name] }));
  const failed = await ended(id);
  expect([failed.state, failed.error?.en]).toEqual(['failed', 'large.bin changed while it was read.']);
  expect(await getImage(panel.app, actor, name).catch(words)).toMatch(/^not_found/);
});

withRegistry('a Dockerfile that begins with a private image is built with the sign-ins that are kept', async () => {
  const registry = await testRegistry({ user: 'lin', password: 'canary-build-77' });
  try {
    await registry.offer(`${OWN}/base:1`, [2000]);
    const path = folder({ Dockerfile: `FROM ${registry.host}/${OWN}/base:1\nLABEL made=here\n` });
    expect((await build({ path, pull: true })).error?.en).toMatch(/no basic auth credentials|unauthorized/);
    await addRegistry(panel.app, actor, { host: registry.host, user: 'lin', password: 'canary-build-77', note: '' }, { check: true });
    const done = await build({ path, pull: true });
    expect([done.state, done.error]).toEqual(['done', null]);
    expect(done.log).not.toContain('canary-build-77');
  } finally {
    await registry.stop();
  }
});

// --- repositories

/** Without the settings of whoever runs the tests, who may sign what they commit. */
async function git(cwd: string, ...words: string[]): Promise<string> {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' };
  const child = Bun.spawn(['git', '-c', 'user.name=lin', '-c', 'user.email=lin@example.org', '-c', 'init.defaultBranch=main', ...words], { cwd, env, stdout: 'pipe', stderr: 'pipe' });
  const [said, wrong, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`git ${words[0]}: ${wrong}`);
  return said.trim();
}

/** A bare repository with a folder, a branch, a tag and a link that leads out. @returns its first commit */
async function repository(served: string): Promise<{ first: string }> {
  const work = folder({ 'app/Dockerfile': `FROM ${base}\nCOPY . /ctx\n${LIST}\n`, 'app/one.txt': '1', '.gitattributes': '', out: '-> ..', '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = https://example.org/x.git\n' });
  await git(work, 'init', '-q');
  await git(work, 'add', '-A');
  await git(work, 'commit', '-qm', 'one');
  const first = await git(work, 'rev-parse', 'HEAD');
  writeFileSync(join(work, 'app/two.txt'), '2');
  await git(work, 'add', '-A');
  await git(work, 'commit', '-qm', 'two');
  await git(work, 'tag', 'v2');
  await git(work, 'checkout', '-qb', 'feature/three');
  writeFileSync(join(work, 'app/three.txt'), '3');
  await git(work, 'add', '-A');
  await git(work, 'commit', '-qm', 'three');
  await git(work, 'checkout', '-q', 'main');
  await git(root, 'clone', '-q', '--bare', work, join(served, 'shop.git'));
  await git(join(served, 'shop.git'), 'update-server-info');
  return { first };
}

withGit('a repository is built: what it has checked out, a tag, a branch, a folder of it; nothing of it stays on the disk', async () => {
  const served = mkdtempSync(join(root, 'served-'));
  const { first } = await repository(served);
  const port = freePort();
  const daemon = Bun.spawn(['git', 'daemon', '--reuseaddr', '--listen=127.0.0.1', `--port=${port}`, `--base-path=${served}`, '--export-all', served], { stdout: 'ignore', stderr: 'ignore' });
  try {
    await until(() => fetch(`http://127.0.0.1:${port}`).then(() => true, (error: { code?: string }) => error.code !== 'ConnectionRefused'));
    const url = `git://127.0.0.1:${port}/shop.git`;
    const from = (more: Record<string, unknown>) => build({ source: 'git', url, folder: 'app', noCache: true, ...more });
    // S19: this machine is not of the internet, and nobody has allowed it.
    const refused = await from({});
    expect([refused.state, refused.error?.en]).toEqual(['failed', expect.stringContaining('127.0.0.1 is 127.0.0.1, an address of this machine')]);
    putSetting(panel.app, 'fetchPrivate', true);
    const whole = await from({});
    expect([whole.state, whole.error, listed(whole.log)]).toEqual(['done', null, ['Dockerfile', 'one.txt', 'two.txt']]);
    expect(whole.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['imageFetch done', 'imageContext done', 'imageBuild done']);
    expect(whole.log).toContain('its submodules are not fetched');
    expect(listed((await from({ ref: 'v2' })).log)).toEqual(['Dockerfile', 'one.txt', 'two.txt']);
    expect(listed((await build({ source: 'git', url: `${url}#feature/three:app`, noCache: true })).log)).toEqual(['Dockerfile', 'one.txt', 'three.txt', 'two.txt']);
    // A commit that no branch ends at: the server does not hand it out by itself.
    const old = await from({ ref: first });
    expect([old.state, listed(old.log)]).toEqual(['done', ['Dockerfile', 'one.txt']]);
    expect((await from({ ref: 'nothing' })).error?.en).toMatch(/nothing/);
    expect((await from({ folder: 'out' })).error?.en).toMatch(/There is no folder out, or the way to it leads through a link/);
    expect((await from({ folder: 'nowhere' })).error?.en).toMatch(/There is no folder nowhere/);
    expect(existsSync(buildsFolder(panel.app)) ? readdirSync(buildsFolder(panel.app)) : []).toEqual([]);
  } finally {
    daemon.kill();
    await daemon.exited;
    putSetting(panel.app, 'fetchPrivate', false);
  }
});

withGit('S13 S19 over http: the sign-in is sent and nowhere to be found, plain files are enough, and no redirect is followed', async () => {
  const served = mkdtempSync(join(root, 'served-'));
  await repository(served);
  const asked: string[] = [];
  // 127.0.0.1 or ::1, as this machine has it.
  const [home = ''] = await lookupAll('localhost');
  const server: { readonly port?: number | undefined; stop(now: boolean): Promise<void> } = Bun.serve({
    hostname: home, port: 0,
    async fetch(request): Promise<Response> {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      if (pathname.startsWith('/moved')) return Response.redirect(`http://${hostOf(home)}:${server.port}/shop.git/info/refs`, 302);
      if (request.headers.get('authorization') !== `Basic ${btoa('lin:canary-git-31')}`) return new Response('', { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
      const file = Bun.file(join(served, pathname));
      return (await file.exists()) ? new Response(file) : new Response('', { status: 404 });
    },
  });
  try {
    putSetting(panel.app, 'fetchPrivate', true);
    const url = `http://localhost:${server.port}/shop.git`;
    const done = await build({ source: 'git', url, folder: 'app', user: 'lin', password: 'canary-git-31', noCache: true });
    expect([done.state, done.error, listed(done.log)]).toEqual(['done', null, ['Dockerfile', 'one.txt', 'two.txt']]);
    const wrong = await build({ source: 'git', url, user: 'lin', password: 'canary-git-32' });
    expect([wrong.state, wrong.error?.en]).toEqual(['failed', expect.stringMatching(/could not be fetched: /)]);
    expect(JSON.stringify([done, wrong])).not.toMatch(/canary-git/);
    expect(started.filter((line) => /canary-git|Basic|--upload-pack/.test(line))).toEqual([]);
    expect(started.some((line) => line.includes(url))).toBe(true);
    asked.length = 0;
    const moved = await build({ source: 'git', url: `http://localhost:${server.port}/moved.git`, user: 'lin', password: 'canary-git-31' });
    expect([moved.state, asked.every((path) => path.startsWith('/moved'))]).toEqual(['failed', true]);
    // The address that was checked is the one that is connected to: nobody else knows this name.
    const named = BuildInput.parse({ source: 'git', url: `http://pinned.invalid:${server.port}/shop.git`, folder: 'app', user: 'lin', password: 'canary-git-31', tags: [tag()] });
    expect((await ended(await startBuild(panel.app, actor, named, async () => [home]))).error).toBeNull();
    // The name leads to an address of the internet, and then to this machine: what was checked is what is connected to.
    putSetting(panel.app, 'fetchPrivate', false);
    asked.length = 0;
    const input = BuildInput.parse({ source: 'git', url, tags: [tag()] });
    const id = await startBuild(panel.app, actor, input, async () => [home]);
    await panel.app.tasks.settled(id);
    expect([getTask(panel.app, actor, id).state, getTask(panel.app, actor, id).error?.en, asked]).toEqual(['failed', expect.stringContaining('private network'), []]);
  } finally {
    await server.stop(true);
    putSetting(panel.app, 'fetchPrivate', false);
  }
});

const withSsh = needs('docker', 'busybox', 'git', 'sshd', 'root');

withSsh('S2 S19 over ssh: to the address that was checked, under the name that was written, and to no host that is not known', async () => {
  const sshd = await startSshd(root, []);
  try {
    putSetting(panel.app, 'fetchPrivate', true);
    const input = BuildInput.parse({ source: 'git', url: `ssh://git@git.invalid:${sshd.port}/shop.git`, tags: [tag()] });
    const failed = await ended(await startBuild(panel.app, actor, input, async () => ['127.0.0.1']));
    expect([failed.state, failed.error?.en]).toEqual(['failed', expect.stringMatching(/No ED25519 host key is known for \[git\.invalid\]:\d+[\s\S]*Host key verification failed/)]);
    expect(sshd.log()).toMatch(/Connection (from|closed by) .*127\.0\.0\.1/);
    expect(existsSync(buildsFolder(panel.app)) ? readdirSync(buildsFolder(panel.app)) : []).toEqual([]);
  } finally {
    await sshd.stop();
    putSetting(panel.app, 'fetchPrivate', false);
  }
});
