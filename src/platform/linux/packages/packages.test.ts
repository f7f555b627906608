import { expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import { en } from '../../../i18n/en.ts';
import type { Exec, ExecResult } from '../../exec.ts';
import { createAptPackages as aptPackages } from './apt.ts';
import { automaticOn, isSecurity, parseInst, PACKAGE_NAME, updatesOf, withAutomatic } from './apt-parse.ts';
import { showStep } from '../steps.ts';
import { createLasting, type LastingStep } from './lasting.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/linux/system', name), 'utf8');

test('apt: what is newer, security first, what is held, what comes with it, how large it is', () => {
  const { updates, fresh } = updatesOf(fixture('apt-all.txt'), fixture('apt-now.txt'), fixture('apt-uris.txt'), ['bun-held']);
  expect(updates.map(({ name, from, to, security, stays, size }) => [name, from, to, security, stays, size])).toEqual([
    ['bun-kernel', '1.0', '1.1', true, null, 816], ['bun-auto', '1.0', '2.0', false, null, 736], ['bun-dep', '1.0', '2.0', false, null, 744], ['bun-held', '1.0', '2.0', false, 'held', 736], ['bun-plain', '1.0', '2.0', false, null, 816],
  ]);
  expect(fresh).toEqual(['bun-new']);
  expect(updatesOf('', '', '', [])).toEqual({ updates: [], fresh: [] });
});

test('apt: lines of other releases, as apt-get(8) and the source of apt write them', () => {
  const [plain, fresh, both] = parseInst('Inst libc6 [2.36-9+deb12u7] (2.36-9+deb12u8 Debian:12.8/stable, Debian-Security:12/stable-security [amd64]) [libc-bin:amd64 ]\nInst linux-image-6.1.0-27-amd64 (6.1.115-1 Debian-Security:12/stable-security [amd64])\nInst python3:any [3.11.2-1+b1] (3.11.2-2 Ubuntu:24.04/noble-updates [amd64]) []\nConf x (1 y [all])\n');
  expect(plain).toEqual({ name: 'libc6', from: '2.36-9+deb12u7', to: '2.36-9+deb12u8', origin: 'Debian:12.8/stable, Debian-Security:12/stable-security', arch: 'amd64' });
  expect([fresh!.from, both!.origin]).toEqual([null, 'Ubuntu:24.04/noble-updates']);
  expect(['Debian-Security:12/stable-security', 'Ubuntu:24.04/noble-security', 'UbuntuESMApps:22.04/jammy-apps-security', 'Debian:12.8/stable, Debian-Security:12/stable-security', 'Debian:12.8/stable', 'Ubuntu:24.04/noble-updates', 'security-lab:1/main'].map(isSecurity)).toEqual([true, true, true, true, false, false, false]);
});

test('S2 names of packages are never options or paths', () => {
  expect(['bun', 'libstdc++6', 'libc6:i386', 'python3.11', '7zip'].every((name) => PACKAGE_NAME.test(name))).toBe(true);
  expect(['-y', '--x', 'a b', './a.deb', '/a.deb', 'a/stable', 'a=1', 'a;b', '', 'A', 'a\nb', 'a-', 'a:i386-', 'bun+'].filter((name) => PACKAGE_NAME.test(name))).toEqual(['bun+']);
});

test('updates by themselves: on and off, other lines stay', () => {
  expect(automaticOn('APT::Periodic "";\nAPT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n')).toBe(true);
  expect(automaticOn('APT::Periodic::Enable "0";\nAPT::Periodic::Unattended-Upgrade "1";\n')).toBe(false);
  for (const dump of ['', 'APT::Periodic::Unattended-Upgrade "0";\n', 'APT::Periodic::Unattended-Upgrade "";\n']) expect(automaticOn(dump)).toBe(false);
  expect(withAutomatic(null, true)).toBe('APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n');
  expect(withAutomatic('// mine\nAPT::Periodic::Unattended-Upgrade "1";\nAPT::Periodic::AutocleanInterval "7";', false)).toBe('// mine\nAPT::Periodic::Unattended-Upgrade "0";\nAPT::Periodic::AutocleanInterval "7";');
});

/** Answers by the last words of the command line. */
function stand(answers: Record<string, Partial<ExecResult>>, tools = ['apt-get', 'apt-mark', 'apt-config', 'dpkg']): Exec & { ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    which: (tool) => (tools.includes(tool) ? `/usr/bin/${tool}` : undefined),
    async run(argv) {
      const line = argv.join(' ');
      ran.push(line);
      const found = Object.entries(answers).find(([end]) => line.endsWith(end))?.[1] ?? {};
      return { code: 0, stdout: '', stderr: '', truncated: false, ...found };
    },
  };
}
/** Without systemd. */
const children = (exec: Exec) => createLasting(exec, '/nowhere', { able: () => false });
const createAptPackages = (exec: Exec, installed?: string) => aptPackages(exec, children(exec), installed);
const told = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)} ${error.detail ?? ''}` : String(error));

test('a tool that fails is told in its own words; one that is gone by its name', async () => {
  const broken = createAptPackages(stand({ 'dist-upgrade': { code: 100, stderr: 'E: The package lists or status file could not be parsed or opened.\n' } }));
  expect(await broken.list().catch(told)).toContain('unavailable: apt-get ended with code 100. E: The package lists');
  expect(await createAptPackages(stand({}, ['dpkg'])).list().catch(told)).toContain('This machine has no apt-mark');
  const run = { signal: new AbortController().signal, onOutput() {} };
  expect(await createAptPackages(stand({ upgrade: { code: 100, stderr: 'E: dpkg was interrupted' } })).run({ kind: 'upgrade', which: 'all', names: [] }, run).catch(told)).toContain('dpkg was interrupted');
});

test('what is shown is what runs, and one that was brought by another stays so', async () => {
  const exec = stand({ showauto: { stdout: 'bun-auto\nother\n' } });
  const apt = createAptPackages(exec);
  const { commands } = await apt.plan({ kind: 'upgrade', which: 'chosen', names: ['bun-auto', 'bun-plain'] });
  expect(commands[0]).toStartWith('DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -o DPkg::Lock::Timeout=300');
  expect(commands[0]).toEndWith('-y --only-upgrade install bun-auto bun-plain');
  expect(commands.slice(1)).toEqual(['apt-mark auto bun-auto']);
  await apt.run({ kind: 'upgrade', which: 'chosen', names: ['bun-auto'] }, { signal: new AbortController().signal, onOutput() {} });
  expect(exec.ran.at(-1)).toBe('/usr/bin/apt-mark auto bun-auto');
  expect(await apt.plan({ kind: 'upgrade', which: 'chosen', names: ['-o=x'] }).catch(told)).toStartWith('invalid');
  expect(await apt.plan({ kind: 'hold', name: '--help', to: true }).catch(told)).toStartWith('invalid');
});

test('what a page needs: the lists first, of several names the first that there is, and its service; names are never options', async () => {
  const given: (readonly LastingStep[])[] = [];
  const apt = aptPackages(stand({}), { run: async (steps) => void given.push(steps), left: () => null });
  const plain = (await apt.plan({ kind: 'install', names: ['ufw'] })).commands;
  expect([plain.length, plain[0], plain[1]]).toEqual([2, 'DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -o DPkg::Lock::Timeout=300 update', expect.stringMatching(/ -y --no-install-recommends install ufw$/)]);
  const docker = { kind: 'install', names: ['docker.io', 'docker-compose-v2 | docker-compose'], service: 'docker' } as const;
  const { commands } = await apt.plan(docker);
  expect(commands.slice(1)).toEqual([expect.stringMatching(/ -y --no-install-recommends satisfy docker\.io 'docker-compose-v2 \| docker-compose'$/), 'systemctl enable docker', 'systemctl start docker']);
  await apt.run(docker, { signal: new AbortController().signal, onOutput() {} });
  expect(given[0]!.map((one) => 'argv' in one && showStep(one))).toEqual(commands);
  for (const name of ['--reinstall', 'ufw | -o=x', 'a b', '']) expect(await apt.plan({ kind: 'install', names: [name] }).catch(told)).toStartWith('invalid');
});

test('turning automatic updates on: the file is the last step of what outlives the panel', async () => {
  const given: (readonly LastingStep[])[] = [];
  const apt = aptPackages(stand({}), { run: async (steps) => void given.push(steps), left: () => null });
  const { commands, files } = await apt.plan({ kind: 'automatic', to: true });
  await apt.run({ kind: 'automatic', to: true }, { signal: new AbortController().signal, onOutput() {} });
  expect(given[0]!.map((step) => ('path' in step ? step : showStep(step)))).toEqual([commands[0]!, { path: files[0]!.path, text: files[0]!.after! }]);
});

test('S1 only what is installed is held: any other name would be a pattern', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-dpkg-'));
  try {
    for (const file of ['bash.list', 'libstdc++6:amd64.list', 'libc6:i386.list', 'python3.11.list', 'gone.md5sums']) writeFileSync(join(folder, file), '');
    const apt = createAptPackages(stand({}), folder);
    const hold = (name: string, to = true) => apt.plan({ kind: 'hold', name, to }).then(({ commands }) => commands[0], told);
    for (const name of ['bash', 'bash:amd64', 'libstdc++6', 'libstdc++6:amd64', 'libc6', 'libc6:i386', 'python3.11']) {
      expect([await hold(name), await hold(name, false)]).toEqual([`apt-mark hold ${name}`, `apt-mark unhold ${name}`]);
    }
    for (const name of ['lib.+', 'b.', 'bas', 'libstdc', 'libc6:amd64.', 'libstdc++6:i386', 'python3.11:i386', 'python3.1', 'gone']) {
      expect([name, await hold(name), await hold(name, false)]).toEqual([name, expect.stringMatching(/^invalid/), expect.stringMatching(/^invalid/)]);
      expect((await apt.run({ kind: 'hold', name, to: true }, { signal: new AbortController().signal, onOutput() {} }).catch(told))).toStartWith('invalid');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(await createAptPackages(stand({}), folder).plan({ kind: 'hold', name: 'bash', to: true }).catch(told)).toContain('bash is not installed.');
});
