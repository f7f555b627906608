import { afterAll, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEndpoint, type Surroundings } from './endpoint.ts';

const home = mkdtempSync(join(tmpdir(), 'mantou-endpoint-'));
afterAll(() => rmSync(home, { recursive: true }));
const around = (given: Partial<Surroundings> = {}): Surroundings => ({ env: {}, platform: 'linux', home, uid: 1000, ...given });

test('DOCKER_HOST comes first, then the context that is in use', () => {
  const meta = join(home, '.docker/contexts/meta', createHash('sha256').update('far').digest('hex'));
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: 'far', Endpoints: { docker: { Host: 'tcp://10.0.0.5:2375' } } }));
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ currentContext: 'far' }));
  expect(findEndpoint(around())).toBe('tcp://10.0.0.5:2375');
  expect(findEndpoint(around({ env: { DOCKER_HOST: 'unix:///x.sock' } }))).toBe('unix:///x.sock');
  expect(findEndpoint(around({ env: { DOCKER_CONTEXT: 'default' } }))).toMatch(/^unix:\/\/.*docker\.sock$/);
  writeFileSync(join(home, '.docker/config.json'), '{ "currentContext": "../../gone" }');
  expect(findEndpoint(around())).toMatch(/^unix:/);
  writeFileSync(join(home, '.docker/config.json'), 'not json');
  expect(findEndpoint(around())).toMatch(/^unix:/);
});

test('an engine without root is found by its socket; Windows has a pipe', () => {
  const runtime = join(home, 'run');
  mkdirSync(runtime);
  writeFileSync(join(runtime, 'docker.sock'), '');
  const found = findEndpoint(around({ env: { XDG_RUNTIME_DIR: runtime } }));
  expect([`unix://${runtime}/docker.sock`, 'unix:///var/run/docker.sock']).toContain(found);
  expect(findEndpoint(around({ platform: 'win32' }))).toBe('npipe:////./pipe/docker_engine');
});
