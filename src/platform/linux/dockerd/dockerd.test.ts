import { afterAll, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dockerd } from '../../dockerd.ts';
import { exec } from '../../exec.ts';
import { createLinuxDockerd } from './dockerd.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-dockerd-'));
afterAll(() => rmSync(folder, { recursive: true }));
const driver = createLinuxDockerd(exec);
const path = join(folder, 'etc/daemon.json');

test('the file is written whole, keeps its mode, and a symlink stays one', async () => {
  expect(await driver.read(path)).toBeNull();
  await driver.write(path, '{}\n');
  expect([await driver.read(path), statSync(path).mode & 0o777]).toEqual(['{}\n', 0o644]);
  chmodSync(path, 0o640);
  const link = join(folder, 'link.json');
  symlinkSync(path, link);
  await driver.write(link, '{"a": 1}\n');
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['{"a": 1}\n', 0o640]);
  expect(readdirSync(join(folder, 'etc'))).toEqual(['daemon.json']);
  writeFileSync(join(folder, 'binary'), new Uint8Array([0xff, 0xfe, 0]));
  for (const wrong of [folder, join(folder, 'binary')]) expect(await driver.read(wrong).catch((error) => error.code)).toBeOneOf(['invalid', 'unavailable']);
  await driver.write(path, null);
  expect(existsSync(path)).toBe(false);
});

test.skipIf(process.platform === 'win32')('a dockerd that can is asked about a text, with the flags that it was started with', async () => {
  // What dockerd 24 answers: `unable to configure the Docker daemon with file …: the following directives …`.
  const program = join(folder, 'dockerd');
  writeFileSync(program, '#!/bin/sh\nfor flag do case $flag in --config-file=*) file=${flag#*=};; esac; done\nprintf "%s\\n" "$*" > "$(dirname "$0")/asked"\nif grep -q wrong "$file"; then echo "unable to configure the Docker daemon with file $file: wrong" >&2; exit 1; fi\necho "configuration OK"\n');
  chmodSync(program, 0o755);
  const dockerd: Dockerd = { path, program, flags: ['-H', 'fd://', '--config-file', path, '-D'], rootless: false, pid: 1, service: null };
  expect(await driver.validate(dockerd, '{}', '20.10.24+dfsg1')).toBeNull();
  expect(await driver.validate(dockerd, '{}', '24.0.7')).toBe('');
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toMatch(/^-H fd:\/\/ -D --validate --config-file=\S+\.mantou-tried\n$/);
  expect(await driver.validate(dockerd, '{"wrong": 1}', '28.0.1')).toBe(`unable to configure the Docker daemon with file ${path}: wrong`);
  expect(readdirSync(join(folder, 'etc'))).toEqual([]);
});

test.skipIf(process.platform === 'win32')('S20 a text that is tried is private, and two at once are each answered for their own', async () => {
  const program = join(folder, 'slow-dockerd');
  writeFileSync(program, '#!/bin/sh\nfor flag do case $flag in --config-file=*) file=${flag#*=};; esac; done\nsleep 0.2\nls -l "$file" | cut -c1-10 >&2; cat "$file" >&2\nexit 1\n');
  chmodSync(program, 0o755);
  writeFileSync(path, '{}');
  chmodSync(path, 0o600);
  const dockerd: Dockerd = { path, program, flags: [], rootless: false, pid: 1, service: null };
  const said = await Promise.all(['{"a": 1}', '{"b": 2}'].map((text) => driver.validate(dockerd, text, '28.0.1')));
  expect(said).toEqual(['-rw-------\n{"a": 1}', '-rw-------\n{"b": 2}']);
  expect(readdirSync(join(folder, 'etc'))).toEqual(['daemon.json']);
});
