import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Program } from '../programs.ts';
import { planProgram, planRemoval, programService, programUnit, programUnitPath } from '../linux/services/programs.ts';
import { NO_SERVICE_SETUP } from '../no-services.ts';
import type { ProcessRow } from '../processes.ts';
import { SYSTEMD_VERBS, type ServiceDetail, type ServiceLine, type ServiceRow, type ServicesDriver, type ServiceVerb, type StartType, type TimerRow } from '../services.ts';

const MiB = 2 ** 20;

/** Each with its title, how it starts, its program in the made-up list of processes (null: none), what it needs. */
const SERVICES: readonly (readonly [name: string, title: string, start: string, program: string | null, requires: readonly string[]])[] = [
  ['ssh', 'OpenBSD Secure Shell server', 'enabled', 'sshd', []], ['cron', 'Regular background program processing daemon', 'enabled', 'cron', []],
  ['nginx', 'A high performance web server and a reverse proxy server', 'enabled', 'nginx', []], ['postgresql@15-main', 'PostgreSQL Cluster 15-main', 'enabled-runtime', 'postgres', []],
  ['redis-server', 'Advanced key-value store', 'enabled', 'redis-server', []], ['docker', 'Docker Application Container Engine', 'enabled', 'dockerd', ['containerd']],
  ['containerd', 'containerd container runtime', 'enabled', 'containerd', []], ['php8.2-fpm', 'The PHP 8.2 FastCGI Process Manager', 'enabled', 'php-fpm8.2', []],
  ['search', 'Search index of the shop', 'enabled', 'java', ['postgresql@15-main']], ['prometheus', 'Monitoring system and time series database', 'enabled', 'prometheus', []],
  ['mantou', 'Mantou server panel', 'enabled', 'mantou', []], ['dbus', 'D-Bus System Message Bus', 'static', 'dbus-daemon', []],
  ['systemd-journald', 'Journal Service', 'static', 'systemd-journal', []], ['systemd-udevd', 'Rule-based Manager for Device Events and Files', 'static', 'systemd-udevd', []],
  ['chrony', 'chrony, an NTP client/server', 'enabled', 'chronyd', []], ['backup-sync', 'Copies /srv/www to the backup disk', 'disabled', 'rsync', []],
  ['getty@tty1', 'Getty on tty1', 'enabled', 'agetty', []], ['unattended-upgrades', 'Unattended Upgrades Shutdown', 'enabled', 'unattended-upgr', []],
  ['apt-daily', 'Daily apt download activities', 'static', null, []], ['logrotate', 'Rotate log files', 'static', null, []], ['certbot', 'Renews certificates', 'static', null, []],
  ['mail-relay', 'Sends what cron and the shop mail', 'enabled', null, []], ['nfs-server', 'NFS server and services', 'disabled', null, []], ['exim4', 'Mail transport', 'masked', null, []],
  ['rsync', 'fast remote file copy program daemon', 'disabled', null, []], ['networking', 'Raise network interfaces', 'enabled', null, []], ['ufw', 'Uncomplicated firewall', 'enabled', null, []],
];

const STARTS: Record<string, StartType> = { enabled: 'auto', 'enabled-runtime': 'auto', disabled: 'manual', static: 'dependent', masked: 'off' };
/** Did what they are for when the machine started. */
const EXITED = ['networking', 'ufw'];
const FAILED = ['mail-relay'];

const TIMERS: readonly (readonly [name: string, title: string, when: string, every: number, service: string])[] = [
  ['apt-daily', 'Daily apt download activities', '*-*-* 06,18:00:00', 12, 'apt-daily'], ['logrotate', 'Daily rotation of log files', 'daily', 24, 'logrotate'],
  ['certbot', 'Run certbot twice daily', '*-*-* 00,12:00:00', 12, 'certbot'], ['fstrim', 'Discard unused filesystem blocks once a week', 'weekly', 168, 'fstrim'],
];

const HOUR = 3_600_000;

export interface FakeServices extends ServicesDriver {
  /** What was asked for, as `systemctl stop nginx.service`. */
  readonly ran: string[];
}

interface Fake {
  row: ServiceRow;
  program: string | null;
  requires: readonly string[];
  restarts: number;
}

const line = (verb: ServiceVerb, name: string) => `systemctl ${verb === 'reset' ? 'reset-failed' : verb} ${name}`;

/** Services that do not exist, and do what they are told. */
export function createFakeServices(clock: Clock, bootedAt: number, processes: () => Promise<ProcessRow[]>): FakeServices {
  const ran: string[] = [];
  const overrides = new Map<string, string>();
  const programs = new Map<string, Program>();
  const timersOff = new Set(['fstrim.timer']);
  const timersRan = new Map<string, number>();
  const all = new Map<string, Fake>();
  for (const [short, title, startWord, program, requires] of SERVICES) {
    const name = `${short}.service`;
    const state = program ? 'running' : FAILED.includes(short) ? 'failed' : EXITED.includes(short) ? 'exited' : 'stopped';
    const word = { running: 'running', failed: 'failed', exited: 'exited', stopped: 'dead' }[state];
    const row: ServiceRow = { name, title, state, word, start: STARTS[startWord] ?? 'unknown', startWord, pid: null, startedAt: null, since: state === 'stopped' ? null : bootedAt + 2000, memory: null, template: false };
    all.set(name, { row, program, requires: requires.map((each) => `${each}.service`), restarts: 0 });
  }

  async function rows(): Promise<ServiceRow[]> {
    const running = await processes();
    return [...all.values()].map(({ row, program }) => {
      const mine = row.state === 'running' && program ? running.filter(({ service, name }) => service === row.name || name === program) : [];
      if (row.state !== 'running') return row;
      const first = mine[0];
      const started = row.since !== null && row.since > bootedAt + 2000;
      return { ...row, pid: started ? 9000 + [...all.keys()].indexOf(row.name) : (first?.pid ?? null), startedAt: started ? row.since : (first?.startedAt ?? null), memory: mine.reduce((sum, each) => sum + each.memory, 0) || 8 * MiB };
    });
  }

  function verbs({ row }: Fake): ServiceVerb[] {
    const up = row.state === 'running' || row.state === 'exited';
    const masked = row.startWord === 'masked';
    return [
      ...(up ? ['stop', 'restart', 'reload'] as const : masked ? [] : ['start'] as const),
      ...(row.startWord === 'disabled' ? ['enable'] as const : row.startWord.startsWith('enabled') ? ['disable'] as const : []),
      masked ? 'unmask' : 'mask', ...(row.state === 'failed' ? ['reset'] as const : []),
    ];
  }

  const set = (one: Fake, state: ServiceRow['state'], word: string) => (one.row = { ...one.row, state, word, since: clock.now() });
  const starts = (one: Fake, startWord: string) => (one.row = { ...one.row, startWord, start: STARTS[startWord] ?? 'unknown' });

  function change(one: Fake, verb: ServiceVerb) {
    const { name } = one.row;
    const fails = FAILED.some((each) => name === `${each}.service`);
    switch (verb) {
      case 'start': case 'restart': {
        set(one, fails ? 'failed' : 'running', fails ? 'failed' : 'running');
        if (fails) throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'systemctl', code: 1 }), { detail: `Job for ${name} failed because the control process exited with error code.` });
        return;
      }
      case 'stop': {
        set(one, 'stopped', 'dead');
        // With it goes what cannot be without it.
        for (const other of all.values()) if (other.requires.includes(name) && other.row.state === 'running') set(other, 'stopped', 'dead');
        return;
      }
      case 'enable': case 'disable': return void starts(one, `${verb}d`);
      case 'mask': return void starts(one, 'masked');
      case 'unmask': return void starts(one, 'disabled');
      case 'reset': return void set(one, 'stopped', 'dead');
      default: return;
    }
  }

  const unitText = (name: string) => {
    const program = [...programs.values()].find((each) => programService(each.name) === name);
    const one = all.get(name)!;
    return program ? programUnit(program) : `[Unit]\nDescription=${one.row.title}\n${one.requires.map((each) => `Requires=${each}\nAfter=${each}\n`).join('')}\n[Service]\nExecStart=/usr/sbin/${one.program ?? name.replace('.service', '')}\nRestart=on-failure\n\n[Install]\nWantedBy=multi-user.target\n`;
  };
  const unitPath = (name: string) => (name.startsWith('mantou-') ? `/etc/systemd/system/${name}` : `/lib/systemd/system/${name}`);
  const overridePath = (name: string) => `/etc/systemd/system/${name}.d/override.conf`;

  function detail(row: ServiceRow, one: Fake): ServiceDetail {
    const failed = row.state === 'failed';
    return {
      row, description: null, documentation: [], command: /^ExecStart=(.*)$/m.exec(unitText(row.name))?.[1] ?? null, account: null,
      dependencies: {
        requires: [...one.requires, 'sysinit.target', 'system.slice'], wants: ['network-online.target'], after: [...one.requires, 'network-online.target', 'basic.target'],
        requiredBy: [...all.values()].filter(({ requires }) => requires.includes(row.name)).map((other) => other.row.name), wantedBy: row.start === 'auto' ? ['multi-user.target'] : [], triggeredBy: TIMERS.filter(([, , , , service]) => `${service}.service` === row.name).map(([name]) => `${name}.timer`),
      },
      last: failed ? { result: 'exit-code', code: 78, signal: null, at: row.since } : null, restarts: one.restarts, recovery: [{ when: 'on-failure', action: 'restart', delay: 1000 }], settings: null, tasks: row.state === 'running' ? 3 : null,
      stale: false, fault: null, verbs: verbs(one),
      files: [{ path: unitPath(row.name), kind: 'unit' }, ...(overrides.has(row.name) ? [{ path: overridePath(row.name), kind: 'drop-in' as const }] : [])],
    };
  }

  function log(one: Fake): ServiceLine[] {
    const at = one.row.since ?? bootedAt;
    const said = (seconds: number, priority: number, from: string, text: string): ServiceLine => ({ at: at + seconds * 1000, priority, from, text });
    const { name, title, state } = one.row;
    if (state === 'failed') return [said(-1, 6, 'systemd', `Starting ${name} - ${title}...`), said(0, 3, name.replace('.service', ''), 'fatal: relay host “smtp.example.org” is not to be found'), said(0, 4, 'systemd', `${name}: Failed with result 'exit-code'.`)];
    return [said(0, 6, 'systemd', `${state === 'stopped' ? 'Stopped' : 'Started'} ${name} - ${title}.`), ...(state === 'running' ? [said(1, 6, one.program ?? name, 'ready')] : [])];
  }

  const find = (name: string) => {
    const one = all.get(name);
    if (!one) throw new AppError('not_found', (t) => t.services.gone({ name }));
    return one;
  };

  return {
    ran,
    about: async () => ({ system: 'systemd', away: null, verbs: SYSTEMD_VERBS, units: true, programs: { accounts: 'any' } }),
    own: () => 'mantou.service',
    list: rows,
    async one(name) {
      const row = (await rows()).find((each) => each.name === name);
      return row ? detail(row, all.get(name)!) : null;
    },
    files: async (name) => [{ path: unitPath(name), kind: 'unit', text: unitText(find(name).row.name) }, ...(overrides.has(name) ? [{ path: overridePath(name), kind: 'drop-in' as const, text: overrides.get(name)! }] : [])],
    log: async (name) => (all.has(name) ? log(all.get(name)!) : null),
    commands: (name, verb) => [line(verb, name)],
    async change(name, verb) {
      const one = find(name);
      ran.push(line(verb, name));
      change(one, verb);
    },
    ...NO_SERVICE_SETUP,
    override: async (name) => ({ path: overridePath(find(name).row.name), text: overrides.get(name) ?? null }),
    checkOverride: async (_name, text) => text.split('\n').flatMap((each, i) => (/^\s*($|[#;]|\[\w+\]\s*$|[\w-]+\s*=)/.test(each) ? [] : [{ line: i + 1, text: "Missing '=', ignoring line." }])),
    overrideCommands: (name, text) => [`${text === null ? 'rm' : 'tee'} ${overridePath(name)}`, 'systemctl daemon-reload'],
    async writeOverride(name, text) {
      find(name);
      if (text === null) overrides.delete(name);
      else overrides.set(name, text);
      ran.push('systemctl daemon-reload');
    },
    timers: async () => TIMERS.map(([short, title, when, every, service]): TimerRow => {
      const name = `${short}.timer`;
      const active = !timersOff.has(name);
      const last = Math.floor(clock.now() / (every * HOUR)) * every * HOUR;
      return { name, title, active, start: active ? 'auto' : 'manual', startWord: active ? 'enabled' : 'disabled', next: active ? last + every * HOUR : null, last: timersRan.get(name) ?? (active ? last : null), service: `${service}.service`, when: [when] };
    }),
    timerCommands: (name, on) => [`systemctl ${on ? 'enable' : 'disable'} --now ${name}`],
    async changeTimer(name, on) {
      ran.push(`systemctl ${on ? 'enable' : 'disable'} --now ${name}`);
      if (on) timersOff.delete(name);
      else timersOff.add(name);
    },
    programs: async () => [...programs.values()].map(({ name, title, argv, user }) => ({ name, title, argv, user, service: programService(name) })),
    program: async (name) => programs.get(name) ?? null,
    programService,
    programTaken: async (name) => all.has(programService(name)),
    programPlan: planProgram,
    checkProgram: async () => [],
    async writeProgram(program) {
      const name = programService(program.name);
      programs.set(program.name, program);
      ran.push(`systemctl restart ${name}`);
      const startWord = program.boot ? 'enabled' : 'disabled';
      all.set(name, { program: null, requires: [], restarts: 0, row: { name, title: program.title || program.name, state: 'running', word: 'running', start: STARTS[startWord]!, startWord, pid: null, startedAt: null, since: clock.now(), memory: null, template: false } });
    },
    programRemoval: planRemoval,
    async removeProgram(name) {
      programs.delete(name);
      all.delete(programService(name));
      ran.push(`rm ${programUnitPath(name)}`);
    },
  };
}
