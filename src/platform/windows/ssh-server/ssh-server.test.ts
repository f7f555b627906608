import { afterEach, describe, expect, test } from 'bun:test';
import { readdirSync, rmSync } from 'node:fs';
import { CONFIG, createWindowsSsh, fileNode, folderNode, PROGRAM_DATA, SHIPPED, SSH, type WindowsSsh } from '../../../../test/support/windows-ssh.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import type { HostAccount } from '../../accounts.ts';
import { NO_REGISTRY } from '../../portable/registry.ts';
import { REG } from '../../registry.ts';
import { ownKeywords, readLines, windowsLayout, withOwn } from '../../ssh-server/config.ts';
import { portsOf, type SshSettings } from '../../ssh-server/settings.ts';
import type { SshServerFound } from '../../ssh-server.ts';
import { keysFileOf } from './keys-file.ts';
import { findSshd } from './place.ts';

const layout = windowsLayout(PROGRAM_DATA);
const made: ReturnType<typeof createWindowsSsh>[] = [];
function machine(given: WindowsSsh = {}) {
  const one = createWindowsSsh(given);
  made.push(one);
  return { ...one, server: one.drivers.sshServer };
}
afterEach(() => {
  for (const { scratch } of made.splice(0)) {
    // Copies that sshd looked at are gone.
    expect(readdirSync(scratch)).toEqual([]);
    rmSync(scratch, { recursive: true });
  }
});
const refused = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof AppError)) throw new Error(`not refused as expected: ${error}`);
  return { code: error.code, text: error.say(en), detail: error.detail ?? '' };
};
const settings: SshSettings = {
  ports: [22], listenAddresses: [], permitRootLogin: 'no', passwordAuthentication: true, pubkeyAuthentication: true, kbdInteractiveAuthentication: false, allowTcpForwarding: 'yes', x11Forwarding: false, maxAuthTries: 6, allowGroups: [],
};

describe('refused', () => {
  test('not installed, never started, without the rights of an administrator, and a folder that others write to', async () => {
    expect(await machine({ installed: false }).server.read()).toBe('notInstalled');
    expect(await machine({ config: null }).server.read()).toBe('notStarted');
    expect(await machine({ elevated: false }).server.read()).toBe('notElevated');
    expect(await refused(machine({ rights: 'O:BUD:(A;OICI;FA;;;BU)' }).server.read())).toMatchObject({ code: 'unavailable', text: expect.stringContaining(`${SSH} (BU)`) });
    expect((await refused(machine({ installed: false }).server.check(new Map()))).code).toBe('unsupported');
  });

  test('S3 where others write to the folder nothing in it is read, neither for the page nor for keys', async () => {
    const { server, keys, looked } = machine({ rights: 'O:BUD:(A;OICI;FA;;;BU)', config: 'Include //attacker/share/x.conf\r\n' });
    expect((await refused(server.read())).code).toBe('unavailable');
    const account = { name: 'lin', admin: null, home: 'C:\\Users\\lin', sid: 'S-1-5-21-1-2-3-1001' } as HostAccount;
    expect((await keys.read(account)).refusal?.(en)).toContain(`${SSH} (BU)`);
    expect(looked).toEqual([]);
  });

  test('S3 an Include that is not followed: of another machine, by a pattern for folders, too long, too many', async () => {
    for (const path of ['//attacker/share/x.conf', '\\\\attacker\\share\\x.conf', '/x.conf', 'C:/ProgramData/*/x.conf']) {
      const { server, looked } = machine({ config: `Include ${path}\r\n${SHIPPED}` });
      expect(await refused(server.read())).toMatchObject({ code: 'unavailable', text: expect.stringContaining(`includes ${path.replaceAll('/', '\\')},`) });
      expect(looked).toEqual([CONFIG]);
    }
    const { server, put } = machine({ config: `Include more/*.conf\r\n${SHIPPED}` });
    for (let i = 0; i < 63; i++) put(`${SSH}\\more\\${i}.conf`, fileNode('# nothing\r\n'));
    expect(((await server.read()) as SshServerFound).texts.size).toBe(64);
    put(`${SSH}\\more\\63.conf`, fileNode('# nothing\r\n'));
    expect((await refused(server.read())).text).toContain('up to 64 files');
    put(CONFIG, fileNode(`${SHIPPED}#${'x'.repeat(1 << 20)}`));
    expect((await refused(server.read())).text).toContain(`includes ${CONFIG},`);
  });

  test('programs of OpenSSH in a folder that others write to are not run', async () => {
    const { server, put } = machine({ image: 'C:\\Tools\\OpenSSH\\sshd.exe' });
    expect((await server.read()) as SshServerFound).toMatchObject({ version: 'OpenSSH_for_Windows_8.1p1' });
    put('C:\\Tools\\OpenSSH', folderNode('O:BAD:(A;OICI;FA;;;BU)'));
    for (const work of [server.read(), server.check(new Map([[CONFIG, SHIPPED]]))]) expect(await refused(work)).toMatchObject({ code: 'unavailable', text: expect.stringContaining('C:\\Tools\\OpenSSH (BU)') });
  });

  test('a service that is none of OpenSSH for Windows', async () => {
    const find = (text: string, type: number = REG.expand) => findSshd({ ...NO_REGISTRY, read: async () => ({ keys: [], values: [{ name: 'ImagePath', type, bytes: Uint8Array.from(Buffer.from(`${text}\0`, 'utf16le')) }], writtenAt: null }) }, { SystemRoot: 'C:\\Windows' });
    for (const image of ['', 'C:\\cygwin64\\bin\\cygrunsrv.exe', 'sshd.exe', '\\\\host\\share\\sshd.exe', '%Nowhere%\\sshd.exe']) expect([image, await find(image)]).toEqual([image, null]);
    expect(await find('C:\\Windows\\System32\\OpenSSH\\sshd.exe', REG.binary)).toBeNull();
    for (const image of ['%SystemRoot%\\System32\\OpenSSH\\sshd.exe', '%SYSTEMROOT%\\System32\\OpenSSH\\sshd.exe']) expect((await find(image))?.sshd).toBe('C:\\Windows\\System32\\OpenSSH\\sshd.exe');
    const installed = await find('"C:\\Program Files\\OpenSSH\\sshd.exe"');
    expect([installed?.sshd, installed?.tool('ssh')]).toEqual(['C:\\Program Files\\OpenSSH\\sshd.exe', 'C:\\Program Files\\OpenSSH\\ssh.exe']);
    expect((await find('C:\\Program Files\\OpenSSH\\sshd.exe'))?.sshd).toBe('C:\\Program Files\\OpenSSH\\sshd.exe');
  });

  test('what sshd does not take is told with the file and line that people know, also in a block and in a file that is included', async () => {
    const { server, put } = machine();
    const check = async (text: string) => {
      const asked = await server.check(new Map([[CONFIG, text]]));
      return 'fault' in asked ? asked.fault : null;
    };
    expect(await check('Port 22\r\nPasswordAuthentication perhaps\r\n')).toBe(`${CONFIG} line 2: unsupported option "perhaps".`);
    expect(await check(`${SHIPPED}       ForceFoo x\r\n`)).toBe(`${CONFIG}: line 15: Bad configuration option: forcefoo`);
    put(`${SSH}\\more.conf`, fileNode('Nonsense 1\r\n'));
    put(CONFIG, fileNode(`Include __PROGRAMDATA__/ssh/*.conf\r\n${SHIPPED}`));
    const found = (await server.read()) as SshServerFound;
    expect([found.effective, found.fault]).toEqual([null, `${SSH}\\more.conf: line 1: Bad configuration option: nonsense`]);
  });

  test('a service that does not start again: what it says, whichever language', async () => {
    for (const chinese of [false, true]) {
      const { server } = machine({ refuse: ['start'], chinese });
      const { apply } = await server.commands({ kind: 'service', unit: 'sshd', active: true }, settings, { ...settings, ports: [2222] });
      expect(await refused(server.apply([], apply))).toMatchObject({ code: 'unavailable', detail: chinese ? '服务没有响应控制功能。' : 'The service is not responding to the control function.' });
    }
  });
});

test('what is there: settings of everybody without those of a block, people, host keys and the service', async () => {
  const { server } = machine({ config: SHIPPED.replace('#Port 22', 'Port 22\r\nPort 2022').replace('#PasswordAuthentication yes', 'PasswordAuthentication no') });
  const found = (await server.read()) as SshServerFound;
  expect([found.effective?.get('port'), found.effective?.get('passwordauthentication'), found.effective?.has('kbdinteractiveauthentication')]).toEqual([['22', '2022'], ['no'], false]);
  expect(found).toMatchObject({ version: 'OpenSSH_for_Windows_8.1p1', service: { kind: 'service', unit: 'sshd', active: true }, selinux: false, fault: '', hostKeys: [{ type: 'ED25519', bits: 256, fingerprint: expect.stringMatching(/^SHA256:/) }] });
  expect(found.people.map(({ name, admin, groups }) => [name, admin, groups])).toEqual([['Administrator', true, ['Administrators', 'administrators']], ['lin', false, ['openssh users']], ['kiosk', false, []]]);
  expect(((await machine({ running: false }).server.read()) as SshServerFound).service?.active).toBe(false);
});

describe('the one file', () => {
  const own = [['Port', '2222'], ['AllowGroups', '"openssh users"']] as const;
  const of = (text: string, keyword: string) => readLines(new Map([[CONFIG, text]]), layout).filter((line) => line.keyword === keyword && !line.match).map(({ args }) => args.join(' '));
  const write = (text: string, lines: readonly (readonly [string, string])[] = own, clear: string[] = []) => withOwn(new Map([[CONFIG, text]]), lines, clear, layout).get(CONFIG)!;

  test('lines of the panel stand at its head, before every block, with the ends of lines that it has', () => {
    const after = write(SHIPPED);
    expect(after).toBe(`# Written by the Mantou panel, which writes it anew: change these on its page of the SSH server.\r\nPort 2222\r\nAllowGroups "openssh users"\r\n# End of what the Mantou panel writes.\r\n${SHIPPED}`);
    expect([of(after, 'port'), of(after, 'allowgroups'), ownKeywords(new Map([[CONFIG, after]]), layout)]).toEqual([['2222'], ['openssh users'], ['port', 'allowgroups']]);
    expect(write('\ufeffX11Forwarding no\n').startsWith('\ufeff# Written')).toBe(true);
  });

  test('what would count instead becomes a comment, twice is as once, and nothing of its own is left when it has none', () => {
    const before = `Port 22\r\nPasswordAuthentication yes\r\n${SHIPPED}`;
    const after = write(before);
    expect([of(after, 'port'), after.includes('# Set at the head of this file: Port 22\r\n')]).toEqual([['2222'], true]);
    expect(write(after)).toBe(after);
    expect(write(write(SHIPPED), [], ['Port', 'AllowGroups'])).toBe(SHIPPED);
    // Of other keywords the first line counts, and that is the panel's.
    expect(write(before, [['PasswordAuthentication', 'no']])).toContain('\r\nPasswordAuthentication yes\r\n');
  });

  test('a head without its end is text of somebody else', () => {
    const broken = write(SHIPPED).replace(/# End of.*\r\n/, '');
    expect(ownKeywords(new Map([[CONFIG, broken]]), layout)).toEqual([]);
    expect(of(write(broken), 'port')).toEqual(['2222']);
  });

  test('included files by either slash, in any case, from the folder of the server', () => {
    const texts = new Map([[CONFIG, 'Include conf.d\\*.CONF\nPort 1'], [`${SSH}\\conf.d\\a.conf`, 'Port 2'], ['C:\\other\\b.conf', 'Port 3']]);
    expect(readLines(texts, layout).filter(({ keyword }) => keyword === 'port').map(({ args }) => args[0])).toEqual(['2', '1']);
    expect(layout.absolute('__PROGRAMDATA__/ssh/x')).toBe('C:/ProgramData/ssh/x');
  });
});

test('ports: what the panel opened it closes, new doors first, and the way back', async () => {
  const { server, ran, rules } = machine();
  const service = { kind: 'service', unit: 'sshd', active: true } as const;
  const shown = (argvs: readonly string[][]) => argvs.map(([program, ...words]) => [program!.replace(/.*\\(\w+)\.exe$/, '$1'), ...words].join(' '));
  const to = { ...settings, ports: [2222] };
  const first = await server.commands(service, settings, to);
  const open = (port: number) => `netsh advfirewall firewall add rule name=Mantou-SSH-${port} dir=in action=allow protocol=TCP localport=${port}`;
  const close = (port: number) => `netsh advfirewall firewall delete rule name=Mantou-SSH-${port}`;
  expect([shown(first.apply), shown(first.revert.map(({ run }) => run))]).toEqual([[open(2222), 'net stop sshd /y', 'net start sshd'], ['net stop sshd /y', 'net start sshd', close(2222)]]);
  // As apply does: what rests already, and a rule that is gone, are as they should be.
  expect(first.revert.map((step) => step.mayFail ?? false)).toEqual([true, false, true]);
  await server.apply([], first.apply);
  expect([...rules]).toEqual(['2222']);
  const second = await server.commands(service, to, { ...settings, ports: [2223], listenAddresses: ['10.0.0.1:2224'] });
  expect([shown(second.apply), shown(second.revert.map(({ run }) => run))]).toEqual([[open(2224), 'net stop sshd /y', 'net start sshd', close(2222)], [open(2222), 'net stop sshd /y', 'net start sshd', close(2224)]]);
  // A port that somebody else has opened stays so; a service that rests is not started.
  expect(shown((await server.commands({ ...service, active: false }, { ...settings, ports: [2200] }, settings)).apply)).toEqual([open(22)]);
  expect(ran).toEqual(shown(first.apply));
  expect([portsOf({ ports: [22], listenAddresses: ['::', '[::1]:2222'] }), portsOf({ ports: [22], listenAddresses: ['10.0.0.1:2200'] })]).toEqual([[22, 2222], [2200]]);
});

test('where keys of whom are looked for', () => {
  const of = (text: string, admin: 'group' | null) => keysFileOf(readLines(new Map([[CONFIG, text]]), layout), { admin });
  expect([of(SHIPPED, 'group'), of(SHIPPED, null), of('', 'group')]).toEqual(['shared', 'own', 'own']);
  const [, block] = SHIPPED.split(/(?=Match Group)/);
  expect([of(SHIPPED.replace(block!, ''), 'group'), of(block!.replace('administrators\r', 'BUILTIN\\Administrators\r'), 'group')]).toEqual(['own', 'shared']);
  expect(of('AuthorizedKeysFile %h\\.ssh\\authorized_keys', null)).toBe('own');
  expect(of('AuthorizedKeysFile D:/keys/%u', null)).toEqual({ other: 'AuthorizedKeysFile D:/keys/%u' });
  expect(of('Match User lin\nAuthorizedKeysFile none', null)).toEqual({ other: 'Match User lin: AuthorizedKeysFile none' });
});
