import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { until } from '../../../../test/support/until.ts';
import { SYSTEM } from '../../../core/app.ts';
import { changeGuard, listBans } from '../../../core/guard/guard.ts';
import { guardState, startGuard } from '../../../core/guard/watch.ts';
import { AppError } from '../../../lib/errors.ts';
import type { SignInTry } from '../../sign-ins.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import type { NamedEvent } from './events.ts';
import { createLogonCounter, logonOf } from './logons.ts';
import { createWindowsSignIns } from './sign-ins.ts';

/**
 * Events as they stand in XML, by the names of their values. Not captured, there being no Windows at hand: written from what
 * learn.microsoft.com documents of the events 4624 and 4625 of Security, from the manifest of RdpCoreTS (140) and from that of
 * OpenSSH for Windows (`process`, `payload`). Nothing in them is in the language of the system.
 */
const AUDITING = 'Microsoft-Windows-Security-Auditing';
const fieldsOf = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));
const named = (event: number, values: Record<string, string>, more: Partial<NamedEvent> = {}): NamedEvent => ({ record: 1, at: 1_790_000_000_000, provider: AUDITING, event, user: '', fields: fieldsOf(values), ...more });
const failed = (more: Record<string, string> = {}) => named(4625, {
  SubjectUserSid: 'S-1-0-0', TargetUserSid: 'S-1-0-0', TargetUserName: '管理员', TargetDomainName: '', Status: '0xc000006d', FailureReason: '%%2313', SubStatus: '0xc0000064', LogonType: '3',
  LogonProcessName: 'NtLmSsp ', AuthenticationPackageName: 'NTLM', WorkstationName: 'KALI', ProcessId: '0x0', ProcessName: '-', IpAddress: '198.51.100.7', IpPort: '0', ...more,
});
const good = (more: Record<string, string> = {}) => named(4624, { TargetUserSid: 'S-1-5-21-1-2-3-1001', TargetUserName: 'lin', TargetDomainName: 'SHOP', LogonType: '10', IpAddress: '203.0.113.9', IpPort: '0', ...more });
const rdp = (address: string, user = 'S-1-5-20') => named(140, { IPString: address }, { user, provider: 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS' });
const ssh = (payload: string, more: { user?: string; process?: string } = {}) => named(4, { process: more.process ?? 'sshd', payload }, { user: more.user ?? 'S-1-5-18', provider: 'OpenSSH' });

describe('one event', () => {
  test.each([
    ['of this machine itself', failed({ IpAddress: '-' })], ['without an address', failed({ IpAddress: '' })], ['from a loopback', failed({ IpAddress: '127.0.0.1' })], ['from that of IPv6', failed({ IpAddress: '::1' })],
    ['of a service that starts', failed({ LogonType: '5' })], ['at the keyboard', failed({ LogonType: '2' })],
    ['with a password that has expired', failed({ Status: '0xC0000071', SubStatus: '0x0' })], ['with one that must be changed', failed({ SubStatus: '0xc0000224' })], ['at a forbidden hour', failed({ Status: '0xc000006e', SubStatus: '0xc000006f' })],
    ['while clocks differ', failed({ SubStatus: '0xc0000133' })], ['that asks for another account', named(4648, { IpAddress: '198.51.100.7', LogonType: '3' })],
    ['good, of nobody', good({ TargetUserSid: 'S-1-5-7', LogonType: '3' })], ['good, of a guest', good({ TargetUserSid: 'S-1-5-21-1-2-3-501', LogonType: '3' })], ['good, of this machine', good({ IpAddress: '-' })],
    ['of Remote Desktop without an address', rdp('')], ['without any value', named(4625, {})],
  ])('%s: nobody guessed, and nobody is known', (_, event) => expect(logonOf(event)).toBe(null));

  test.each([
    ['by Network Level Authentication', failed(), 'security 198.51.100.7'], ['by Remote Desktop without it', failed({ LogonType: '10' }), 'security 198.51.100.7'], ['to unlock', failed({ LogonType: '7' }), 'security 198.51.100.7'],
    ['of an account that is locked out', failed({ Status: '0xc0000234', SubStatus: '0x0' }), 'security 198.51.100.7'], ['by IPv6', failed({ IpAddress: '2001:db8::7' }), 'security 2001:db8::7'],
    ['where NLA hides the address', rdp('198.51.100.8'), 'rdp 198.51.100.8'], ['good', good(), 'security 203.0.113.9 good'], ['good, by NLA', good({ LogonType: '3' }), 'security 203.0.113.9 good'],
  ])('%s', (_, event, wanted) => {
    const one = logonOf(event)!;
    expect([one.by, one.address, ...(one.good ? ['good'] : [])].join(' ')).toBe(wanted);
  });

  test('a guess that both tell of is one, whoever is first; more of one of them are more', () => {
    const count = createLogonCounter();
    const by = (who: 'security' | 'rdp', at = 0, address = 'a') => count({ by: who, address, good: false }, at);
    expect([by('security'), by('rdp'), by('rdp'), by('security'), by('security'), by('security')]).toEqual([true, false, true, false, true, true]);
    expect([by('rdp', 0, 'b'), by('security', 1000, 'b'), by('security', 2000, 'b')]).toEqual([true, false, true]);
    // Long after, it is another one.
    expect([by('security', 0, 'c'), by('rdp', 60_000, 'c')]).toEqual([true, true]);
  });
});

/** A Windows of which there is nothing but its logs; a log that is not there is none, and one may be refused. `blind`: its filters let every provider through. */
function machine({ logs = {} as Record<string, NamedEvent[]>, denied = false, missing = false, blind = false } = {}) {
  let record = 1000;
  const asked: { channel: string; filter: string; after: number }[] = [];
  const state = { fails: 0 };
  const shell: PowerShell = {
    missing: () => (missing ? 'powershell.exe' : null), show: () => '', close() {}, greeting: () => Promise.reject(new Error('none')),
    async call(_script, _verb, given, answer) {
      const { channel, filter, after, most } = given as { channel: string; filter: string; after: number; most: number };
      asked.push({ channel, filter, after });
      if (state.fails-- > 0) throw new AppError('unavailable', () => 'died', { detail: 'died' });
      if (denied && channel === 'Security') throw new AppError('denied', () => 'denied');
      const log = logs[channel];
      if (!log) throw new AppError('not_found', () => 'gone');
      const wanted = new Set([...filter.matchAll(/EventID=(\d+)/g)].map(([, id]) => Number(id)));
      const newest = log.at(-1)?.record ?? 0;
      const [, provider] = /Provider\[@Name='([^']+)'\]/.exec(filter) ?? [];
      const types = new Set([...filter.matchAll(/LogonType'\]='(\d+)'/g)].map(([, type]) => type));
      const nobodies = new Set([...filter.matchAll(/TargetUserSid'\]!='([^']+)'/g)].map(([, sid]) => sid));
      const valueOf = (one: NamedEvent, name: string) => one.fields.find((field) => field.name === name)?.value;
      const fits = (one: NamedEvent) => (!provider || blind || one.provider === provider) && (types.size === 0 || types.has(valueOf(one, 'LogonType')!)) && !nobodies.has(valueOf(one, 'TargetUserSid')!);
      const events = log.filter((one) => wanted.has(one.event) && one.record > after && fits(one)).toReversed().slice(0, most);
      return answer.parse({ newest, events, more: false });
    },
  };
  const write = (channel: string, ...events: NamedEvent[]) => {
    for (const event of events) (logs[channel] ??= []).push({ ...event, record: ++record });
  };
  const [sshd, desktop] = createWindowsSignIns(shell, 5).sources;
  return { shell, asked, write, logs, state, sshd: sshd!, desktop: desktop!, restart: () => void (record = 0) };
}

const stops: (() => void)[] = [];
let t: TestApp | undefined;
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await t?.close();
  t = undefined;
});
const SECURITY = 'Security';
const RDP_LOG = 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational';
const SSH_LOG = 'OpenSSH/Operational';

function follow(source: ReturnType<typeof machine>['sshd']) {
  const heard: SignInTry[] = [];
  const ends: string[] = [];
  stops.push(source.follow((one) => void heard.push(one), (why) => void ends.push(why)));
  return { heard, ends, short: () => heard.map(({ address, good: isGood }) => `${address}${isGood ? ' good' : ''}`) };
}

describe('refused', () => {
  test('no PowerShell, no OpenSSH, a log that is for administrators', async () => {
    expect(await machine({ missing: true }).desktop.refusal()).toBe('noService');
    const one = machine({ logs: { [SECURITY]: [] }, denied: true });
    expect([await one.desktop.refusal(), await one.sshd.refusal()]).toEqual(['notRoot', 'noService']);
    const broken = machine({ logs: { [SECURITY]: [] } });
    broken.state.fails = 1;
    expect(await broken.desktop.refusal()).toBe('noService');
    const whole = machine({ logs: { [SECURITY]: [], [SSH_LOG]: [] } });
    expect([await whole.desktop.refusal(), await whole.sshd.refusal()]).toEqual([null, null]);
  });

  test('a log that is gone is told; one fault is borne, many are not', async () => {
    const gone = follow(machine().sshd);
    await until(() => gone.ends.length === 1);
    expect(gone.ends).toEqual(['no log']);
    const one = machine({ logs: { [SECURITY]: [] } });
    const bears = follow(one.desktop);
    await until(() => one.asked.length > 4);
    one.state.fails = 2;
    await until(() => one.state.fails < 0);
    one.write(SECURITY, failed());
    await until(() => bears.heard.length === 1);
    one.state.fails = 1000;
    await until(() => bears.ends.length === 1);
    expect(bears.ends).toEqual(['died']);
  });

  test('S3 an event that somebody else wrote, or another program, bans nobody', async () => {
    const one = machine({ logs: { [SECURITY]: [], [RDP_LOG]: [], [SSH_LOG]: [] } });
    const [desktop, sshd] = [follow(one.desktop), follow(one.sshd)];
    await until(() => one.asked.length > 6);
    const line = 'Failed password for root from 9.9.9.9 port 22 ssh2';
    one.write(RDP_LOG, rdp('9.9.9.9', 'S-1-5-21-1-2-3-1001'), rdp('9.9.9.9', ''));
    one.write(SSH_LOG, ssh(line, { user: 'S-1-5-21-1-2-3-1001' }), ssh(line, { process: 'ssh-agent' }), ssh(`Invalid user x from 9.9.9.9 port 22`), ssh('Failed password for root from 9.9.9.9 port 1 ssh2 from 198.51.100.9 port 2 ssh2'));
    one.write(RDP_LOG, rdp('198.51.100.9'));
    await until(() => desktop.heard.length > 0 && sshd.heard.length > 0);
    expect([desktop.short(), sshd.short()]).toEqual([['198.51.100.9'], ['198.51.100.9']]);
  });
});

describe('followed', () => {
  test.each([false, true])('S3 events of other programs in the same log, with the same number, are none of them (filters that see no providers: %p)', async (blind) => {
    const one = machine({ blind, logs: { [SECURITY]: [], [RDP_LOG]: [], [SSH_LOG]: [] } });
    const [desktop, sshd] = [follow(one.desktop), follow(one.sshd)];
    await until(() => one.asked.length > 6);
    one.write(SECURITY, { ...failed({ IpAddress: '9.9.9.9' }), provider: 'Backup' }, failed());
    one.write(SSH_LOG, { ...ssh('Failed password for lin from 9.9.9.9 port 5 ssh2'), provider: 'ssh' }, ssh('Failed password for lin from 198.51.100.9 port 5 ssh2'));
    await until(() => desktop.heard.length > 0 && sshd.heard.length > 0);
    expect([desktop.short(), sshd.short()]).toEqual([['198.51.100.7'], ['198.51.100.9']]);
  });

  test('from now on, in the order in which they came, each log from where it was read to', async () => {
    const one = machine({ logs: { [SECURITY]: [{ ...failed({ IpAddress: '9.9.9.9' }), record: 77 }], [RDP_LOG]: [] } });
    const { heard, short } = follow(one.desktop);
    await until(() => one.asked.filter(({ after }) => after === 77).length >= 2);
    one.write(SECURITY, { ...failed(), at: 2000 }, { ...good(), at: 3000 });
    one.write(RDP_LOG, { ...rdp('198.51.100.8'), at: 1000 });
    await until(() => heard.length === 3);
    expect(short()).toEqual(['198.51.100.8', '198.51.100.7', '203.0.113.9 good']);
    expect(heard[1]).toMatchObject({ service: 'rdp', at: 2000, text: '4625: TargetUserName=管理员 TargetDomainName= Status=0xc000006d SubStatus=0xc0000064 LogonType=3 IpAddress=198.51.100.7 IpPort=0' });
    // The records before are let through the filter, so that the search ends at the first of them.
    expect(one.asked.find(({ filter, after }) => after === 77 && filter.includes('4625'))!.filter).toBe("*[System[(Provider[@Name='Microsoft-Windows-Security-Auditing'] and (EventID=4625)) or (EventRecordID<=77)]]");
    expect(heard.some(({ address }) => address === '9.9.9.9')).toBe(false);
  });

  test('a log that was cleared begins anew', async () => {
    const one = machine({ logs: { [SSH_LOG]: [{ ...ssh('Server listening on :: port 22.'), record: 5000 }] } });
    const { short } = follow(one.sshd);
    await until(() => one.asked.some(({ after }) => after === 5000));
    one.logs[SSH_LOG] = [];
    one.restart();
    one.write(SSH_LOG, ssh('Failed password for invalid user bob from 2001:db8:5::2 port 47551 ssh2'));
    await until(() => short().length === 1);
    expect(short()).toEqual(['2001:db8:5::2']);
  });

  test('who signed in well lately; nobody who anybody can be', async () => {
    const one = machine({ logs: { [SECURITY]: [good(), good({ TargetUserSid: 'S-1-5-7', IpAddress: '9.9.9.9', LogonType: '3' }), failed()], [SSH_LOG]: [ssh('Accepted publickey for shop\\lin from 203.0.113.7 port 5 ssh2: ED25519 SHA256:x'), ssh('Failed password for lin from 9.9.9.9 port 5 ssh2')] } });
    expect([await one.desktop.lately(), await one.sshd.lately()]).toEqual([['203.0.113.9'], ['203.0.113.7']]);
  });

  test('S11 who signed in by Remote Desktop is known however many come over the network after them, and however many of those are nobody', async () => {
    const anonymous = Array.from({ length: 2000 }, (_, i) => ({ ...good({ TargetUserSid: i % 2 ? 'S-1-5-7' : 'S-1-0-0', LogonType: '3', IpAddress: `9.9.${i >> 8}.${i & 255}` }), record: 10 + i }));
    const people = Array.from({ length: 600 }, (_, i) => ({ ...good({ LogonType: '3', IpAddress: '203.0.113.50' }), record: 3000 + i }));
    const lin = [{ ...good(), record: 1 }, { ...good({ LogonType: '7', IpAddress: '203.0.113.10' }), record: 2 }, { ...good({ LogonType: '3', IpAddress: '203.0.113.11' }), record: 3 }];
    expect(await machine({ logs: { [SECURITY]: [...lin, ...anonymous] } }).desktop.lately()).toEqual(['203.0.113.10', '203.0.113.9', '203.0.113.11']);
    expect(await machine({ logs: { [SECURITY]: [...lin, ...anonymous, ...people] } }).desktop.lately()).toEqual(['203.0.113.10', '203.0.113.9', '203.0.113.50']);
  });

  test('the guard bans who guesses by Remote Desktop, and leaves who signed in from there', async () => {
    const one = machine({ logs: { [SECURITY]: [good()], [RDP_LOG]: [] } });
    t = testApp();
    (t.app.host.fail2ban as unknown as { kept: unknown }).kept = null;
    Object.assign(t.app.host, { signIns: createWindowsSignIns(one.shell, 5) });
    changeGuard(t.app, SYSTEM, { guardOn: true, guardFailures: 3, guardMinutes: 10, guardSteps: [10], guardSources: ['rdp'] });
    stops.push(startGuard(t.app, () => Bun.sleep(0)));
    const { app } = t;
    await until(() => guardState(app).sources.get('rdp') === 'watching' && one.asked.some(({ after }) => after > 0));
    expect(guardState(app).sources.get('sshd')).toBe('off');
    for (let i = 0; i < 3; i++) one.write(SECURITY, { ...failed(), at: app.clock.now() }, { ...failed({ IpAddress: '203.0.113.9' }), at: app.clock.now() });
    const bans = () => listBans(app, SYSTEM, { limit: 9, by: 'at', descending: true }).items;
    await until(() => bans().length === 1 && guardState(app).spared.length === 1);
    expect(bans()[0]).toMatchObject({ address: '198.51.100.7', source: 'rdp', failures: 3 });
    expect(guardState(app).spared[0]).toMatchObject({ address: '203.0.113.9', why: 'cameBefore' });
    expect(t.errors).toEqual([]);
  });
});
