import { expect, test } from 'bun:test';
import { judge, SETTLE_MS, type Inspected, type Seen } from './health.ts';
import { Listed } from '../containers/container.ts';
import { declaredServices } from './services.ts';
import { placesOf, ServiceName, StackName, stacksOf } from './stack.ts';
import { lineDiff } from '../../lib/line-diff.ts';

test('S18 names are names: no options, no ways to somewhere', () => {
  for (const bad of ['', '-f', '--help', '..', 'a/b', 'A', '.kept', 'a b', 'a\n', 'x'.repeat(64)]) expect([bad, StackName.safeParse(bad).success]).toEqual([bad, false]);
  for (const bad of ['', '-x', '--scale', '../a', 'a b', 'a=1']) expect([bad, ServiceName.safeParse(bad).success]).toEqual([bad, false]);
  expect(StackName.safeParse('shop-2_b').success && ServiceName.safeParse('Web.1').success).toBe(true);
});

test('labels tell where files are, and only what looks like a compose file counts', () => {
  const label = (folder: string, files: string) => placesOf({ 'com.docker.compose.project.working_dir': folder, 'com.docker.compose.project.config_files': files });
  expect(label('/srv/a', 'docker-compose.yml,more.yaml')).toEqual({ folder: '/srv/a', files: ['/srv/a/docker-compose.yml', '/srv/a/more.yaml'], env: [] });
  expect(label('/srv/a', '/srv/b/compose.yml')).toEqual({ folder: '/srv/a', files: ['/srv/b/compose.yml'], env: [] });
  expect(label('/etc', '/etc/shadow')).toEqual({ folder: '/etc', files: [], env: [] });
  expect(label('etc', 'compose.yml')).toEqual({ folder: null, files: [], env: [] });
  expect(placesOf({})).toEqual({ folder: null, files: [], env: [] });
  const env = (files: string) => placesOf({ 'com.docker.compose.project.working_dir': '/srv/a', 'com.docker.compose.project.environment_file': files }).env;
  expect([env('prod.env'), env('/srv/b/.env.prod,.env'), env('/etc/shadow'), env('')]).toEqual([['/srv/a/prod.env'], ['/srv/b/.env.prod', '/srv/a/.env'], [], []]);
});

test('S18 an image does not say where the files of a stack are', () => {
  const label = (folder: string) => ({ 'com.docker.compose.project': 'shop', 'com.docker.compose.project.working_dir': folder, 'com.docker.compose.project.config_files': 'compose.yml' });
  const container = (Id: string, Created: number, ImageID: string, folder: string) => ({ Id, Image: ImageID, ImageID, Command: '', Created, State: 'running', Status: '', Labels: label(folder) });
  const places = (...raw: object[]) => stacksOf({ config: { dataDir: '/nowhere' } as never, engines: { chosen: () => null, isFar: () => false } as never }, [], Listed.parse(raw), new Map([['evil', label('/srv/evil')]])).map(({ name, folder }) => [name, folder]);
  const honest = container('a', 1, 'nginx', '/srv/shop');
  expect(places(honest, container('b', 2, 'evil', '/srv/evil'))).toEqual([['shop', '/srv/shop']]);
  expect(places(container('b', 2, 'evil', '/srv/evil'))).toEqual([['shop', null]]);
  // Compose writes its own over those of the image.
  expect(places(honest, container('c', 3, 'evil', '/srv/moved'))).toEqual([['shop', '/srv/moved']]);
});

test('services are read in the order of the files; what is broken is left out', () => {
  const found = declaredServices(['services:\n  web: {image: a}\n  db:\n    image: "x:${V}"\n    profiles: [more]\n', 'services: [', 'services:\n  web: {image: b}\n  side: {build: .}\n']);
  expect([...found]).toEqual([['web', { image: 'b', profiles: [], built: false }], ['db', { image: 'x:${V}', profiles: ['more'], built: false }], ['side', { image: null, profiles: [], built: true }]]);
});

const one = (state: Partial<Inspected['State']>, more: { restarts?: number; policy?: string } = {}): Inspected => ({
  Name: '/s-web-1', RestartCount: more.restarts ?? 0, State: { Status: 'running', ExitCode: 0, Error: '', Health: null, ...state },
  HostConfig: { RestartPolicy: { Name: more.policy ?? 'no' } }, Config: { Labels: { 'com.docker.compose.service': 'web' } },
});
const verdict = (container: Inspected | null, seen: Seen = new Map(), now = 0) => judge(container ? [container] : [], ['web'], seen, now);

test('what has come up, what is still to, and what will not', () => {
  expect(verdict(null)).toEqual({ is: 'waiting', services: ['web'] });
  expect(verdict(one({ Status: 'created' }))).toEqual({ is: 'waiting', services: ['web'] });
  expect(verdict(one({ Health: { Status: 'starting' } })).is).toBe('waiting');
  expect(verdict(one({ Health: { Status: 'healthy' } })).is).toBe('good');
  expect(verdict(one({ Health: { Status: 'unhealthy', Log: [{ ExitCode: 1, Output: 'refused\n' }] } }))).toEqual({ is: 'bad', service: 'web', why: 'unhealthy: refused' });
  expect(verdict(one({ Status: 'exited', ExitCode: 0 })).is).toBe('good');
  expect(verdict(one({ Status: 'exited', ExitCode: 3 }))).toEqual({ is: 'bad', service: 'web', why: 'exit 3' });
  expect(verdict(one({ Status: 'exited', ExitCode: 0 }, { policy: 'always' })).is).toBe('waiting');
});

test('without a check it must run for some seconds, and each new start begins them again; many starts are too many', () => {
  const seen: Seen = new Map();
  expect(verdict(one({}), seen, 0).is).toBe('waiting');
  expect(verdict(one({}, { restarts: 1, policy: 'always' }), seen, SETTLE_MS).is).toBe('waiting');
  expect(verdict(one({}, { restarts: 1, policy: 'always' }), seen, 2 * SETTLE_MS).is).toBe('good');
  expect(verdict(one({}, { restarts: 4, policy: 'always' }), seen, 2 * SETTLE_MS + 1)).toMatchObject({ is: 'bad', service: 'web' });
});

test('two texts, line by line', () => {
  const marks = (a: string, b: string) => lineDiff(a, b)?.map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);
  expect(marks('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([' a', '-b', '+x', ' c', '+d']);
  expect(marks('', 'a\n')).toEqual(['+a']);
  expect(marks('a\nb', 'a\nb\n')).toEqual([' a', ' b']);
  expect(marks('1\n2\n3\n4\n', '2\n4\n5\n')).toEqual(['-1', ' 2', '-3', ' 4', '+5']);
  expect(lineDiff('a\n'.repeat(3000), 'b\n'.repeat(3000))).toBeNull();
});
