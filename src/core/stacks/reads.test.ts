import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeable, readsOf } from './reads.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'mantou-stack-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const reads = async (text: string) => (await readsOf(folder, [{ path: join(folder, 'compose.yml'), text }])).map(({ path }) => path && path.replace(`${folder}/`, ''));

test('S18 what Compose reads beside the files of a stack is found in all its forms', async () => {
  expect(await reads('services:\n  web: {image: x}\n')).toEqual([]);
  expect(await reads('services:\n  web: {env_file: a.env, label_file: [l]}\n  db: {env_file: [b.env, {path: ./c/../d.env, required: false}, "$X.env"]}\n')).toEqual(['a.env', 'l', 'b.env', 'd.env', null]);
  expect(await reads('web: {image: x, env_file: /etc/shadow}\n')).toEqual(['/etc/shadow']);
  expect(await reads('x-env: &env {env_file: a.env}\nservices:\n  web: {<<: *env, image: x}\n')).toContain('a.env');
});

test('S18 files that are named by others are looked through, and mean what lies beside them', async () => {
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'more/part.yml'), 'services:\n  x: {env_file: x.env, extends: {file: part.yml, service: y}}\n');
  expect(await reads('services:\n  web: {extends: {file: more/part.yml, service: x}}\n')).toEqual(['more/part.yml', 'more/x.env', 'more/part.yml']);
  expect(await reads('include: more/part.yml\n')).toEqual(['more/part.yml', 'more/.env', 'more/x.env', 'more/part.yml']);
  expect(await reads('include:\n  - {path: [more/part.yml], project_directory: ., env_file: e.env}\n')).toEqual(['more/part.yml', 'e.env', '.env', 'x.env', 'part.yml']);
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(', ')}]\n`).join('')}`;
  for (const strange of ['a: [', 'a: *b\n', 'a: 1\n---\nb: 2\n', bomb, '\0']) {
    writeFileSync(join(folder, 'more/part.yml'), strange);
    await expect(reads('include: more/part.yml\n')).rejects.toMatchObject({ code: 'invalid' });
  }
});

test('S18 a file in a volume may be changed, one beside it not; what nobody knows may be, where there is a volume', () => {
  const all = [{ path: '/s/data/a.env', said: 'data/a.env' }, { path: '/s/database.env', said: 'database.env' }, { path: null, said: '$X' }];
  expect(changeable(all, ['/s/data'])).toEqual(['data/a.env', '$X']);
  expect(changeable(all, ['/s/data/a.env', '/other'])).toEqual(['data/a.env', '$X']);
  expect(changeable(all, [])).toEqual([]);
});
