import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/app.ts';
import { isPartName } from '../../src/core/files/beside.ts';
import { openText } from '../../src/core/files/text/open.ts';
import { saveText } from '../../src/core/files/text/save.ts';
import { en } from '../../src/i18n/en.ts';
import { AppError } from '../../src/lib/errors.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, signIn } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** Saves on file systems that are full or read-only, over a mount point, and a panel that is killed in the middle of one. */
const onMounts = needs('linux', 'root', 'mounts');
const it = needs('linux');
let t: TestApp;
let root = '';
const mounted: string[] = [];
const at = (...parts: string[]) => join(root, ...parts);
const run = (...argv: string[]) => expect(Bun.spawnSync(argv, { stderr: 'inherit' }).exitCode, argv.join(' ')).toBe(0);

beforeAll(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-save-'));
  if (!onMounts.ok) return;
  for (const name of ['tiny', 'fixed']) {
    mkdirSync(at(name));
    run('mount', '-t', 'tmpfs', '-o', 'size=256k', 'none', at(name));
    mounted.push(at(name));
  }
});
afterAll(async () => {
  await t.close();
  for (const path of mounted.reverse()) run('umount', path);
  rmSync(root, { recursive: true, force: true });
});

const save = async (path: string, text: string) => {
  const { hash } = await openText(t.app, SYSTEM, path);
  return saveText(t.app, SYSTEM, { path, text, encoding: 'utf-8', bom: false, lineEnd: 'lf', base: hash });
};
const refusal = (work: Promise<unknown>) => work.then(() => 'nothing', (error: unknown) => (error instanceof AppError ? error.say(en) : Promise.reject(error)));

onMounts('a disk that gets full in the middle of a save: the old text is there, whole, and nothing else', async () => {
  const path = at('tiny/a.txt');
  writeFileSync(path, 'old text\n');
  const before = statSync(path);
  expect(await refusal(save(path, 'x'.repeat(1 << 20)))).toBe(en.files.errors.full);
  expect([readFileSync(path, 'utf8'), statSync(path).ino, readdirSync(at('tiny'))]).toEqual(['old text\n', before.ino, ['a.txt']]);
  expect(await save(path, 'new text\n')).toMatchObject({ size: 9, kept: 'all' });
  expect(readFileSync(path, 'utf8')).toBe('new text\n');
});

onMounts('a file with two names on a disk that gets full is put back as it was', async () => {
  const path = at('tiny/two.txt');
  writeFileSync(path, 'old '.repeat(20_000));
  linkSync(path, at('tiny/names.txt'));
  // Room for the part, not for the part, a copy of the old and more.
  expect(await refusal(save(path, 'new '.repeat(25_000)))).toBe(en.files.errors.full);
  expect(readFileSync(at('tiny/names.txt'), 'utf8')).toBe('old '.repeat(20_000));
  expect(readdirSync(at('tiny')).filter(isPartName)).toEqual([]);
  rmSync(at('tiny/names.txt'));
  rmSync(path);
});

onMounts('a read-only file system is told in words', async () => {
  writeFileSync(at('fixed/a.txt'), 'old\n');
  run('mount', '-o', 'remount,ro', at('fixed'));
  expect(await refusal(save(at('fixed/a.txt'), 'new\n'))).toBe(en.files.errors.readOnly);
  expect(readFileSync(at('fixed/a.txt'), 'utf8')).toBe('old\n');
});

onMounts('a file that is itself mounted, as containers have them, keeps its place', async () => {
  writeFileSync(at('source.conf'), 'a = 1\n');
  writeFileSync(at('point.conf'), '');
  run('mount', '--bind', at('source.conf'), at('point.conf'));
  mounted.push(at('point.conf'));
  const before = statSync(at('source.conf')).ino;
  await save(at('point.conf'), 'a = 2\n');
  expect([readFileSync(at('source.conf'), 'utf8'), statSync(at('source.conf')).ino]).toEqual(['a = 2\n', before]);
  expect(readdirSync(root).filter(isPartName)).toEqual([]);
});

it('the panel is killed while it saves, again and again: the file is the old or the new, whole; nothing stays beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-killed-'));
  const dataDir = mkdtempSync(join(tmpdir(), 'mantou-killed-data-'));
  const path = join(folder, 'a.txt');
  const texts = ['a', 'b'].map((letter) => `${letter.repeat(99)}\n`.repeat(40_000));
  writeFileSync(path, texts[0]!);
  let seen = 0;
  try {
    // Six times, and on until it was in the middle once: on a quick disk a save is over between two looks.
    for (let round = 0; round < 6 || (seen === 0 && round < 40); round++) {
      const panel = await runPanel([process.execPath, 'src/main.ts'], { dataDir });
      const cookie = panel.setupUrl ? await setUp(panel) : await signIn(panel);
      const before = readFileSync(path, 'utf8');
      const { hash } = (await (await fetch(`${panel.url}/files/text?path=${path}`, { headers: { cookie } })).json()) as { hash: string };
      const body = JSON.stringify({ path, text: before === texts[0] ? texts[1] : texts[0], encoding: 'utf-8', lineEnd: 'lf', base: hash });
      const saving = fetch(`${panel.url}/files/text`, { method: 'PUT', headers: { cookie, origin: panel.url }, body }).then((answer) => answer.ok, () => false);
      // Killed as soon as there is a part, which is the middle of it; or, should that be missed, when it is done.
      await Promise.race([until(() => readdirSync(folder).some(isPartName)).then(() => seen++), saving]);
      panel.kill('SIGKILL');
      await panel.exited;
      const done = await saving;
      const now = readFileSync(path, 'utf8');
      expect(now === texts[0] || now === texts[1], 'half a file').toBe(true);
      if (done) expect(now).not.toBe(before);
    }
    const panel = await runPanel([process.execPath, 'src/main.ts'], { dataDir });
    await until(() => readdirSync(folder).length === 1);
    expect(lstatSync(path).isFile()).toBe(true);
    expect(await panel.stop()).toBe(0);
    expect(seen).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(dataDir, { recursive: true, force: true });
  }
  expect(existsSync(folder)).toBe(false);
});
