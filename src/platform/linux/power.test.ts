import { expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { en } from '../../i18n/en.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { exec } from '../exec.ts';
import { createScripts } from '../scripts.ts';
import { createLinuxPower, powerRefusal } from './power.ts';

const able = { root: true, container: null, systemd: true, init: 'systemd', tool: true };

test('why not: in the order a person would ask', () => {
  expect(powerRefusal({ ...able, root: false, init: 'sh' })).toBe('notRoot');
  expect(powerRefusal({ ...able, container: 'docker', systemd: false, init: 'node' })).toBe('container');
  expect(powerRefusal({ ...able, systemd: false, init: 'bash' })).toBe('noInit');
  expect(powerRefusal({ ...able, tool: false })).toBe('noTool');
  for (const t of [en, zhCN]) expect(t.power.refusals.container({ container: 'docker', init: 'node' })).toContain('docker');
});

test('a host, and a container with systemd in it, can', () => {
  expect(powerRefusal(able)).toBeNull();
  expect(powerRefusal({ ...able, systemd: false, init: 'openrc-init' })).toBeNull();
  expect(powerRefusal({ ...able, container: 'docker' })).toBeNull();
});

test.skipIf(process.platform !== 'linux')('S1 the script takes two verbs and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-power-'));
  const scripts = createScripts(exec, folder);
  for (const verb of ['', 'reboot; touch canary', '$(touch canary)', '-r', 'halt']) {
    await expect(scripts.run('power.sh', [verb], { cwd: folder })).rejects.toMatchObject({ code: 'unavailable' });
  }
  expect(existsSync(join(folder, 'canary'))).toBe(false);
  expect(createLinuxPower(exec, scripts).commands('shutdown')).toEqual(['power.sh shutdown']);
  rmSync(folder, { recursive: true });
});
