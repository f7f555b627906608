import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Exec, ExecResult } from '../../exec.ts';
import { appliesUpdates, withApplied } from './dnf-automatic.ts';
import { dnfUpdates, heldNames, parseAdvisories, parseAdvisories5, parseCheckUpdate, parseInstalled, parseLockFile, parseLocks } from './dnf-parse.ts';
import { createDnfPackages } from './dnf.ts';
import { createLasting } from './lasting.ts';

let root = '';
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'mantou-dnf-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Answers by the last words of the command line. */
function stand(answers: Record<string, Partial<ExecResult>>): Exec & { ran: string[] } {
  const ran: string[] = [];
  return {
    ran,
    which: (tool) => (['dnf', 'rpm', 'systemctl'].includes(tool) ? `/usr/bin/${tool}` : undefined),
    async run(argv) {
      const line = argv.join(' ');
      ran.push(line);
      const found = Object.entries(answers).find(([end]) => line.endsWith(end))?.[1] ?? {};
      return { code: 0, stdout: '', stderr: '', truncated: false, ...found };
    },
  };
}
const driver = (exec: Exec, locks = '') => {
  const path = join(root, 'versionlock.toml');
  rmSync(path, { force: true });
  if (locks) writeFileSync(path, locks);
  return createDnfPackages(exec, createLasting(exec, join(root, 'packages'), { able: () => false }), path);
};
const told = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)} ${error.detail ?? ''}` : String(error));

const check = '\nkernel-core.x86_64                    6.8.9-300.fc40                 updates\nopenssl-libs.x86_64                   1:3.2.1-3.fc40                 updates\nvim-minimal.x86_64                    2:9.1.393-1.fc40               updates\nObsoleting Packages\nold.noarch                            1.0-1                          updates\n    older.noarch                      0.9-1                          @System\n';
const installed = 'kernel-core.x86_64\t6.8.5-301.fc40\nopenssl-libs.x86_64\t1:3.2.1-2.fc40\nvim-minimal.x86_64\t2:9.1.200-1.fc40\nbash.x86_64\t0:5.2.15-5.fc41\n';

/** As its manual and its sources write them (dnf 4.18, Fedora 40), not captured; a real dnf 4.14 is asked in test/real/system-dnf.test.ts. */
describe('dnf 4', () => {
  const advisories = 'FEDORA-2024-8f3c2a Important/Sec. openssl-libs-1:3.2.1-3.fc40.x86_64\nFEDORA-2024-1a2b3c Moderate/Sec.  kernel-core-6.8.9-300.fc40.x86_64\n';

  test('check-update, advisories, installed versions and locks, as documented', async () => {
    expect(parseCheckUpdate(check).map(({ name, arch, to, origin }) => [name, arch, to, origin])).toEqual([['kernel-core', 'x86_64', '6.8.9-300.fc40', 'updates'], ['openssl-libs', 'x86_64', '1:3.2.1-3.fc40', 'updates'], ['vim-minimal', 'x86_64', '2:9.1.393-1.fc40', 'updates']]);
    const locks = parseLocks('vim-minimal-2:9.1.200-1.fc40.*\n');
    expect([parseAdvisories(advisories).size, parseInstalled(installed).get('openssl-libs.x86_64'), parseInstalled(installed).get('bash.x86_64'), [...locks]]).toEqual([2, '1:3.2.1-2.fc40', '5.2.15-5.fc41', [['vim-minimal', []]]]);
    const now = check.replace(/^vim.*\n/m, '');
    expect(dnfUpdates({ now, all: check, safe: parseAdvisories(advisories), installed, locks }).map(({ name, from, security, stays }) => [name, from, security, stays])).toEqual([['kernel-core', '6.8.5-301.fc40', true, null], ['openssl-libs', '1:3.2.1-2.fc40', true, null], ['vim-minimal', '2:9.1.200-1.fc40', false, 'held']]);
  });

  test('whoever may look makes nobody fetch anything; what does not work is told', async () => {
    const exec = stand({ '--version': { stdout: '4.18.0\n  Installed: dnf-0:4.18.0-2.fc40.noarch at Tue\n' }, 'check-update': { code: 100, stdout: check }, security: { stdout: advisories } });
    const list = await driver(exec).list();
    expect([list.updates.map(({ security }) => security), list.unread]).toEqual([[true, true, false], []]);
    await driver(exec).changelog('openssl-libs');
    const asked = exec.ran.filter((line) => line.startsWith('/usr/bin/dnf ') && !line.endsWith('--version'));
    expect([asked.length, asked.filter((line) => !line.startsWith('/usr/bin/dnf -q -C '))]).toEqual([5, []]);
    expect(await driver(stand({ 'check-update': { code: 1, stderr: "Error: Failed to download metadata for repo 'fedora'" } })).list().catch(told)).toContain('Failed to download metadata');
    const deaf = await driver(stand({ 'check-update': { code: 100, stdout: check }, security: { code: 1, stderr: 'Error: no updateinfo\n' } })).list();
    expect([deaf.updates.length, deaf.unread]).toMatchObject([3, [{ tool: 'dnf', what: 'security', detail: 'Error: no updateinfo' }]]);
  });

  test('names are never options', async () => {
    const dnf = driver(stand({}));
    expect((await dnf.plan({ kind: 'upgrade', which: 'security', names: ['kernel-core'] })).commands).toEqual(['dnf -y upgrade --security']);
    expect(await dnf.plan({ kind: 'upgrade', which: 'chosen', names: ['--x'] }).catch(told)).toStartWith('invalid');
    expect((await dnf.plan({ kind: 'install', names: ['moby-engine', 'docker-compose'], service: 'docker' })).commands).toEqual(['dnf -y install moby-engine docker-compose', 'systemctl enable docker', 'systemctl start docker']);
    expect(await dnf.plan({ kind: 'install', names: ['ufw', '--x'] }).catch(told)).toStartWith('invalid');
    expect(await dnf.plan({ kind: 'hold', name: '--x', to: true }).catch(told)).toStartWith('invalid');
    const gone = driver(stand({ '-q -- gone': { code: 1, stdout: 'package gone is not installed\n' }, '-q -- bash': { stdout: 'bash-5.2.15-5.fc40.x86_64\n' } }));
    expect(await gone.plan({ kind: 'hold', name: 'gone', to: true }).catch(told)).toBe('invalid: gone is not installed. ');
    expect([(await gone.plan({ kind: 'hold', name: 'bash', to: true })).commands, (await gone.plan({ kind: 'hold', name: 'gone', to: false })).commands]).toEqual([['dnf -y versionlock add bash'], ['dnf -y versionlock delete gone']]);
    expect([await dnf.changelog('--x'), await dnf.changelog('a b')]).toEqual([null, null]);
  });
});

/** Written by dnf5-advisory(8), dnf5-versionlock(8) and the sources of dnf5 5.2 to 5.3, not captured: no such machine is at hand. */
describe('dnf 5', () => {
  const VERSION = { '--version': { stdout: 'dnf5 version 5.2.6.2\ndnf5 plugin API version 2.0\nlibdnf5 version 5.2.6.2\n' } };
  const advisories = `[\n  {\n    "name":"FEDORA-2024-8f3c2a",\n    "type":"security",\n    "severity":"Important",\n    "nevra":"openssl-libs-1:3.2.1-3.fc40.x86_64",\n    "buildtime":"2024-05-06 01:12:31"\n  },\n  {\n    "name":"FEDORA-2024-77aa",\n    "type":"bugfix",\n    "severity":"None",\n    "nevra":"vim-minimal-2:9.1.393-1.fc40.x86_64",\n    "buildtime":1714957951\n  }\n]\n`;
  const locks = `version = "1.0"\n\n# keep package bash on version 0:5.2.15-5.fc41\n[[packages]]\nname = "bash"\ncomment = "Added by 'versionlock add' command on 2024-05-06"\n[[packages.conditions]]\nkey = "evr"\ncomparator = "="\nvalue = "0:5.2.15-5.fc41"\n\n[[packages]]\nname = "iftop"\n[[packages.conditions]]\nkey = "evr"\ncomparator = "!="\nvalue = "0:1.0-0.31.pre4.fc39"\n\n[[packages]]\nname = "*nvidia*"\n[[packages.conditions]]\nkey = "evr"\ncomparator = "<"\nvalue = "3:571"\n`;
  const all = `Available upgrades\n${check.replace(/Obsoleting[^]*/, '').trim()}\nbash.x86_64   5.2.21-1.fc41 updates\nbash.x86_64   5.2.26-3.fc41 updates\nxorg-x11-drv-nvidia.x86_64 3:575.1-1.fc41 rpmfusion\niftop.x86_64  1.0-0.32.fc41  updates\n`;
  const NOW = { 'check-update': { code: 100, stdout: check.replace('Packages', 'packages') } };
  const SECURITY = 'advisory list --security --updates --json';

  test('its own words are used; what is held is known by the file, also by a pattern', async () => {
    const exec = stand({ ...VERSION, ...NOW, [SECURITY]: { stdout: advisories }, 'list --upgrades': { stdout: all }, 'is-enabled dnf5-automatic.timer': { stdout: 'enabled\n' }, ['%{RELEASE}\\n']: { stdout: installed } });
    const list = await driver(exec, locks).list();
    expect(list.updates.map(({ name, to, security, stays }) => [name, to, security, stays])).toEqual([
      ['openssl-libs', '1:3.2.1-3.fc40', true, null], ['bash', '5.2.26-3.fc41', false, 'held'], ['kernel-core', '6.8.9-300.fc40', false, null], ['vim-minimal', '2:9.1.393-1.fc40', false, null], ['xorg-x11-drv-nvidia', '3:575.1-1.fc41', false, 'held'],
    ]);
    expect([list.held, list.unread]).toEqual([['bash'], []]);
    expect(exec.ran.filter((line) => line.includes('updateinfo') || line.includes('disableplugin'))).toEqual([]);
    await driver(exec).changelog('bash');
    expect(exec.ran.filter((line) => line.includes('info'))).toEqual(['/usr/bin/dnf -q -C advisory info --updates --contains-pkgs=bash']);
  });

  test('one that lists what is pinned is marked all the same', () => {
    const pins = parseLockFile(locks)!;
    const row = (to: string) => dnfUpdates({ now: `bash.x86_64 ${to} updates\n`, all: '', safe: null, installed, locks: pins })[0];
    expect([row('5.2.26-3.fc41')?.stays, row('5.2.15-5.fc41')?.stays]).toEqual(['held', null]);
  });

  test('what it does not tell is said, and does not read as nothing', async () => {
    for (const answer of [{ code: 2, stderr: 'Unknown argument "--json" for command "list".\n' }, { stdout: '' }, { stdout: '{}' }, { stdout: 'Name Type Severity Package Issued\n' }]) {
      const list = await driver(stand({ ...VERSION, ...NOW, [SECURITY]: answer })).list();
      expect([list.updates.length, list.unread.map(({ what, detail }) => [what, detail])]).toEqual([3, [['security', answer.stderr?.trim() ?? null]]]);
    }
    for (const broken of ['version = "2.0"\n', 'version = \n', 'version = "1.0"\npackages = 5\n']) {
      const list = await driver(stand({ ...VERSION, ...NOW, [SECURITY]: { stdout: '[]' } }), broken).list();
      expect(list.unread.map(({ what, why }) => [what, why(en)])).toEqual([['holds', expect.stringContaining('versionlock.toml cannot be read')]]);
    }
    expect([parseAdvisories5('[]')?.size, heldNames(parseLockFile('version = "1.0"\n')!)]).toEqual([0, []]);
  });

  test('updates by themselves: its own package, file and timer', async () => {
    const { commands, files } = await driver(stand(VERSION)).plan({ kind: 'automatic', to: true });
    expect([commands, files.map(({ path }) => path)]).toEqual([['dnf -y install dnf5-plugin-automatic', 'systemctl enable --now dnf5-automatic.timer'], ['/etc/dnf/automatic.conf']]);
    expect((await driver(stand(VERSION)).plan({ kind: 'automatic', to: false })).commands).toEqual(['systemctl disable --now dnf5-automatic.timer']);
  });
});

test('a timer that only fetches installs nothing; what is written makes it install, and other lines stay', () => {
  const shipped = '[commands]\n# Whether updates should be applied\napply_updates = no\nupgrade_type = default\n\n[emitters]\nemit_via = stdio\n';
  expect([appliesUpdates(null), appliesUpdates(null, shipped), appliesUpdates('[commands]\napply_updates=True\n', shipped), appliesUpdates('[emitters]\napply_updates = yes\n')]).toEqual([false, false, true, false]);
  expect(withApplied(shipped)).toBe(shipped.replace('apply_updates = no', 'apply_updates = yes').replace('= default', '= security'));
  for (const before of [null, '', '[base]\ndebuglevel = 1', '[commands]\n', shipped]) {
    const after = withApplied(before);
    expect([appliesUpdates(after), after.match(/^upgrade_type = security$/gm)?.length, withApplied(after)]).toEqual([true, 1, after]);
    for (const line of (before ?? '').split('\n').filter((each) => !/^(apply|upgrade)_/.test(each))) expect(after).toContain(line);
  }
});
