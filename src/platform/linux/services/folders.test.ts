import { afterEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGroups } from './groups.ts';
import { createUnitFiles, startOf, templateOf } from './unit-files.ts';

describe('control groups', () => {
  let root = '';
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const stat = (pid: number, ticks: number) => put(`proc/${pid}/stat`, `${pid} (x y) S 1 1 1 0 -1 4194560 0 0 0 0 350 193 0 0 20 0 1 0 ${ticks} 51957760 4907 0\n`);
  const group = (path: string, pids: number[], memory: string) => {
    put(`${path}/cgroup.procs`, pids.map((pid) => `${pid}\n`).join(''));
    put(path.includes('memory') ? `${path}/memory.usage_in_bytes` : `${path}/memory.current`, memory);
  };

  test.each(['', '/docker/abc'])('the first process and the memory of each, at any depth: %p', (own) => {
    root = mkdtempSync(join(tmpdir(), 'mantou-groups-'));
    put('proc/stat', 'cpu 1\nbtime 1760000000\n');
    put('proc/1/cgroup', `0::${own}/init.scope\n`);
    put('sys/fs/cgroup/cgroup.controllers', 'memory\n');
    const base = `sys/fs/cgroup${own}`;
    stat(90, 300);
    stat(7, 500);
    stat(91, 300);
    group(`${base}/system.slice/nginx.service`, [7, 91, 90], '4096\n');
    group(`${base}/system.slice/system-getty.slice/getty@tty1.service`, [7], '1\n');
    group(`${base}/system.slice/docker.service`, [], '8192\n');
    group(`${base}/system.slice/docker.service/inner/deeper`, [90], '1\n');
    group(`${base}/user.slice/user-0.slice/user@0.service/app.slice/theirs.service`, [90], '1\n');
    group(`${base}/system.slice/gone.service`, [99], '0\n');
    const facts = createGroups(root)();
    expect(facts.get('nginx.service')).toEqual({ pid: 90, startedAt: 1_760_000_003_000, memory: 4096 });
    expect(facts.get('getty@tty1.service')).toEqual({ pid: 7, startedAt: 1_760_000_005_000, memory: 1 });
    expect(facts.get('docker.service')).toMatchObject({ pid: 90, memory: 8192 });
    expect(facts.get('gone.service')).toMatchObject({ pid: null });
    expect(facts.has('theirs.service')).toBe(false);
  });

  test('version 1 has trees beside each other; without any there is nothing', () => {
    root = mkdtempSync(join(tmpdir(), 'mantou-groups1-'));
    expect(createGroups(root)().size).toBe(0);
    put('proc/stat', 'cpu 1\nbtime 1760000000\n');
    put('proc/1/cgroup', '12:memory:/init.scope\n1:name=systemd:/init.scope\n');
    stat(90, 300);
    put('sys/fs/cgroup/systemd/system.slice/ssh.service/cgroup.procs', '90\n');
    group('sys/fs/cgroup/memory/system.slice/ssh.service', [90], '77\n');
    expect(createGroups(root)().get('ssh.service')).toEqual({ pid: 90, startedAt: 1_760_000_003_000, memory: 77 });
  });
});

describe('files of units', () => {
  let root = '';
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const link = (path: string, to: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(to, join(root, path));
  };

  test('say how each starts', () => {
    root = mkdtempSync(join(tmpdir(), 'mantou-units-'));
    const lib = '/usr/lib/systemd/system';
    const installed = '[Unit]\nDescription=X\n[Install]\nWantedBy=multi-user.target\n';
    for (const name of ['on.service', 'off.service', 'made@.service', 'mine.service', 'aliased.service']) put(`${lib}/${name}`, installed);
    put(`${lib}/alone.service`, '[Service]\nExecStart=/x\n');
    put(`${lib}/also.service`, '[Install]\nAlso=on.service\n');
    put(`${lib}/empty.service`, '');
    put('/run/systemd/generator/made-up.service', '[Service]\n');
    put('/etc/systemd/system/mine.service', installed);
    put('/srv/linked.service', installed);
    link('/etc/systemd/system/masked.service', '/dev/null');
    link('/etc/systemd/system/linked.service', '/srv/linked.service');
    link('/etc/systemd/system/other-name.service', `${lib}/aliased.service`);
    link('/etc/systemd/system/multi-user.target.wants/on.service', `${lib}/on.service`);
    link('/etc/systemd/system/multi-user.target.wants/made@a.service', `${lib}/made@.service`);
    put('/etc/systemd/system/not a unit.service', 'x');
    const files = createUnitFiles(root)();
    const state = (name: string) => files.get(name)?.state;
    expect(['on', 'off', 'made@', 'mine', 'alone', 'also', 'empty', 'made-up', 'masked', 'linked', 'other-name', 'aliased'].map((name) => [name, state(`${name}.service`)])).toEqual([
      ['on', 'enabled'], ['off', 'disabled'], ['made@', 'enabled'], ['mine', 'disabled'], ['alone', 'static'], ['also', 'indirect'], ['empty', 'masked'], ['made-up', 'generated'], ['masked', 'masked'], ['linked', 'linked'], ['other-name', 'alias'], ['aliased', 'enabled'],
    ]);
    expect(files.get('mine.service')?.path).toBe(`${root}/etc/systemd/system/mine.service`);
    expect(files.has('not a unit.service')).toBe(false);
  });

  test('those that are gone are forgotten: transient ones come and go by the thousand', () => {
    root = mkdtempSync(join(tmpdir(), 'mantou-units-'));
    const texts = new Map();
    const read = createUnitFiles(root, texts);
    for (let i = 0; i < 5; i++) {
      put(`/run/systemd/transient/run-${i}.service`, '[Unit]\nDescription=X\n');
      expect(read().get(`run-${i}.service`)?.title).toBe('X');
      rmSync(join(root, `/run/systemd/transient/run-${i}.service`));
    }
    read();
    expect(texts.size).toBe(0);
  });

  test('names of templates', () => {
    expect([templateOf('getty@tty1.service'), templateOf('getty@.service'), templateOf('ssh.service')]).toEqual(['getty@.service', null, null]);
    expect([startOf('enabled-runtime'), startOf('static'), startOf('masked'), startOf('bad')]).toEqual(['auto', 'dependent', 'off', 'unknown']);
  });
});
