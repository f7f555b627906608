import { expect, test } from 'bun:test';
import { places, sources, withoutComments } from './tree.ts';

/** The one module that starts processes. Everything else asks it, with a list of arguments and never a line for a shell. */
const spawner = 'src/platform/exec.ts';

const files = [...sources('src', /\.tsx?$/)]
  .filter(({ path }) => !/\.(test|d)\.tsx?$/.test(path))
  .map(({ path, text }) => ({ path, text: withoutComments(text) }));

/** `path pattern` → why it is right there. */
const exceptions: Record<string, string> = {
  'src/platform/pty/bun-terminal.ts Bun.spawn': 'a shell on a pseudo-terminal is no tool that is run for its output: people type into it, and it has no end in time or bytes',
  'src/platform/pty/linux-terminal.ts Bun.spawn': 'the same, where the terminal is read by ourselves',
  'src/platform/windows/program-host/host.ts Bun.spawn': 'a program that Windows keeps running: it has no end in time or bytes',
  'src/cli/restart.ts Bun.spawn': 'where a process cannot replace itself (Windows), its successor must outlive it; the spawner ends what it started',
};

const spawns = {
  'Bun.spawn': /\bBun\s*\.\s*(spawn|spawnSync)\b/,
  'Bun.$': /\bBun\s*\.\s*\$|import\s*\{[^}]*\$[^}]*\}\s*from\s*['"]bun['"]/,
  child_process: /child_process/,
  'Bun.Terminal': /\bBun\s*\.\s*Terminal\b/,
  'named import of spawn': /import\s*\{[^}]*\bspawn(Sync)?\b[^}]*\}\s*from\s*['"]bun['"]/,
};

for (const [name, pattern] of Object.entries(spawns)) {
  test(`S1 ${name} is used by the spawner only`, () => {
    const found = files.filter(({ path }) => path !== spawner && !(`${path} ${name}` in exceptions)).flatMap((file) => places(file, pattern));
    expect(found).toEqual([]);
  });
}

/** Places that a pattern finds and that are right, by a constant part of their line. */
const except = (known: Record<string, string>) => (place: string) => {
  const why = known[place.split(':')[0] ?? ''];
  return !(why && place.includes(why));
};

test('S1 nobody hands a line to a shell', () => {
  const shell = /['"`](\/bin\/|\/usr\/bin\/)?(ba|da|z|)sh['"`]\s*,\s*['"`]-\w*c\w*['"`]|\bsh -c\b|\bcmd(\.exe)?['"`]?\s*,?\s*['"`]?\/c\b|['"`]-(Encoded)?Command['"`]|shell:\s*true/i;
  const known: Record<string, string> = {
    // Lines of ours, values are words beside them, for the shell in a container: which shells and processes it has, only it knows.
    'src/core/containers/exec-end.ts': `['sh', '-c', line, ...words]`,
    'src/platform/portable/library.ts': `'-Command', 'Write-Output (6*7)'`,
  };
  const found = files.flatMap((file) => places(file, shell)).filter(except(known));
  expect(found).toEqual([]);
});

test('S1 S15 nothing is compiled from text while running', () => {
  const compiled = /\bnew Function\s*\(|(?<![.\w])eval\s*\(|\bvm\.run|from\s+['"]node:vm['"]/;
  expect(files.flatMap((file) => places(file, compiled))).toEqual([]);
});

test('S14 SQL is never put together with values', () => {
  // Names of tables cannot be parameters: quoted() puts them in quotes and doubles those inside.
  const raw = /\bsql\.raw\s*\(|\.(query|run|exec|prepare)\s*\(\s*`[^`]*\$\{(?!quoted\(\w+\)\})/;
  const known: Record<string, string> = {
    // PRAGMA takes no parameters; both are numbers of ours.
    'src/db/open.ts': 'PRAGMA user_version = ${next + 1}',
    'src/cli/lock.ts': 'PRAGMA busy_timeout = ${waitMs}',
  };
  const found = files.flatMap((file) => places(file, raw)).filter(except(known));
  expect(found).toEqual([]);
});

test('S15 no page marks text as HTML, and none carries inline styles or handlers', () => {
  const unsafe = /dangerouslySetInnerHTML|\braw\s*\(|\sstyle=["{]|\son(click|change|input|submit|load|error|keydown)=/;
  // The one place that puts JSON and the import map into a page, with every < escaped.
  const known = new Set(['src/views/parts/json-script.tsx']);
  const views = files.filter(({ path }) => path.endsWith('.tsx') && !known.has(path));
  expect(views.flatMap((file) => places(file, unsafe))).toEqual([]);
});

test('only main.ts ends the process', () => {
  expect(files.filter(({ path }) => path !== 'src/main.ts').flatMap((file) => places(file, /\bprocess\.(exit|abort)\s*\(/))).toEqual([]);
});
