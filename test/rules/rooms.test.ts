import { expect, test } from 'bun:test';
import { type Import, importsOf, sources } from './tree.ts';

/** What a room may import values from, beside itself. Types come from anywhere. */
const below: Record<string, string[]> = {
  lib: [],
  i18n: [],
  platform: ['lib'],
  db: ['lib'],
  config: ['lib'],
  core: ['lib', 'db', 'platform', 'config'],
  views: ['lib', 'i18n', 'core'],
  http: ['lib', 'i18n', 'core', 'views'],
  routes: ['lib', 'i18n', 'core', 'views', 'http'],
  api: ['lib', 'i18n', 'core', 'views', 'http'],
};

/** Above all rooms: what puts them together. */
const top = /^src\/(cli\/|[^/]+\.tsx?$)/;
/** Constants of the whole program, which no room owns. */
const everywhere = new Set(['src/version.ts']);

/** Exceptions, each with its reason. */
const allowed: Record<string, string> = {
  'src/http/fault.tsx → src/db/open.ts': 'the one place where a full or read-only disk, met by any request, is told in words',
  'src/core/maintenance/check.ts → src/i18n/format.ts': 'the log of a task is written in core, and has sizes in it',
};

/** The values a column may hold (ROLES, TASK_STATES) stand beside the column; forms, pages and API offer the same lists. */
const columnValues = ({ path = '', values }: Import) =>
  path.startsWith('src/db/schema/') && values.length > 0 && values.every((name) => /^[A-Z][A-Z\d_]*$/.test(name));

const files = sources('src', /\.tsx?$/).filter(({ path }) => !/\.(test|d)\.tsx?$/.test(path));

test('values are imported downwards only', () => {
  const wrong = files.filter(({ path }) => !top.test(path)).flatMap((file) => {
    const room = file.path.split('/')[1] ?? '';
    const may = new Set([room, ...(below[room] ?? [])]);
    return importsOf(file)
      .filter(({ path, typeOnly }) => path?.startsWith('src/') && !typeOnly && !everywhere.has(path))
      .filter((each) => !columnValues(each))
      .filter(({ path = '' }) => top.test(path) || !may.has(path.split('/')[1] ?? ''))
      .map(({ path }) => `${file.path} → ${path}`)
      .filter((line) => !(line in allowed));
  });
  expect(wrong).toEqual([]);
});

test('every folder of src/ is a room with a rule', () => {
  const rooms = new Set(files.map(({ path }) => path.split('/').slice(1)).filter((parts) => parts.length > 1).map(([room]) => room));
  expect([...rooms].filter((room) => room !== 'cli' && !((room ?? '') in below))).toEqual([]);
});

test('nothing of src/ imports from outside it, but for the version', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter(({ path }) => path !== undefined && !path.startsWith('src/') && path !== 'package.json')
      .map(({ name }) => `${file.path} → ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('relative imports name the file with its ending', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file).filter(({ path }) => path !== undefined && !/\.\w+$/.test(path)).map(({ name }) => `${file.path} → ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('what the program imports is a dependency, and every dependency is imported', async () => {
  const { dependencies, devDependencies } = await Bun.file('package.json').json();
  const used = new Set(
    files.flatMap((file) => importsOf(file)).filter(({ path, typeOnly, name }) => !path && !typeOnly && !/^(node|bun):|^bun$/.test(name))
      .map(({ name }) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/')),
  );
  // The JSX runtime is imported by the compiler.
  used.add('hono');
  expect([...used].filter((name) => !(name in dependencies))).toEqual([]);
  expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual([]);
});

test('each dependency has its reason in both READMEs', async () => {
  const { dependencies, devDependencies } = await Bun.file('package.json').json();
  for (const readme of ['README.md', 'README.zh-CN.md']) {
    const rows = (await Bun.file(readme).text()).split('\n').filter((line) => /^\|.*\|.*\S.*\|$/.test(line));
    const named = new Set(rows.flatMap((row) => row.split('|')[1]!.split(/[,、]/).map((name) => name.trim())));
    expect({ readme, missing: Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !named.has(name)) }).toEqual({ readme, missing: [] });
  }
});
