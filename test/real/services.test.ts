import { afterAll, beforeAll, expect } from 'bun:test';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { startSystemdHost, type SystemdHost } from '../support/systemd-host.ts';
import { until } from '../support/until.ts';

/** Services of a real Debian with systemd, by the API of the compiled executable that is installed there. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let host: SystemdHost;
let token = '';
let viewer = '';

const said = async (...argv: string[]) => (await host.run(...argv)).out.trim();
const shown = (unit: string, property: string) => said('systemctl', 'show', '-P', property, unit);
/** Also to /run, which docker cp does not reach. */
async function put(path: string, text: string) {
  const ran = await host.run('sh', '-c', 'printf %s "$1" | base64 -d > "$2"', 'sh', Buffer.from(text).toString('base64'), path);
  expect([ran.code, ran.err]).toEqual([0, '']);
}

interface Answer {
  status: number;
  body: any;
}

async function api(path: string, { method = 'GET', body, as = token }: { method?: string; body?: object; as?: string } = {}): Promise<Answer> {
  const answer = await fetch(`https://${host.ip}:8686/api/v1${path}`, {
    method, headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' }, tls: { rejectUnauthorized: false }, ...(body ? { body: JSON.stringify(body) } : {}),
  } as RequestInit);
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null };
}
const post = (path: string, body: object) => api(path, { method: 'POST', body });
const change = (name: string, verb: string, confirm?: string) => post(`/services/${encodeURIComponent(name)}/change`, { verb, ...(confirm === undefined ? {} : { confirm }) });

if (it.ok) {
  beforeAll(async () => {
    host = await startSystemdHost('ufw');
    await host.put(await executable(), '/root/mantou');
    const installed = await host.run('/root/mantou', 'service', 'install');
    expect(installed.err).toBe('');
    for (const [name, role] of [['lin', 'admin'], ['vera', 'viewer']] as const) {
      const added = await host.run('sh', '-c', `echo 'steamed bun 2026' | mantou user add ${name} --role ${role} --password-stdin`);
      expect([added.code, added.err]).toEqual([0, '']);
    }
    token = await said('mantou', 'token', 'add', '--user', 'lin', '--name', 'tests');
    viewer = await said('mantou', 'token', 'add', '--user', 'vera', '--name', 'tests');
    await put('/run/systemd/system/failer.service', '[Unit]\nDescription=Fails\n[Service]\nExecStart=/bin/sh -c "echo the oven is cold; sleep 0.3; exit 3"\n');
    await put('/run/systemd/system/refuser.service', '[Service]\nType=oneshot\nExecStart=/bin/sh -c "echo no flour; exit 4"\n');
    await put('/run/systemd/system/bun@.service', '[Unit]\nDescription=Bun %i\n[Service]\nExecStart=/bin/sleep 1000\n');
    await put('/run/systemd/system/a\\x2db.service', '[Service]\nExecStart=/bin/sleep 1001\n');
    await put('/run/systemd/system/needs-a.service', '[Unit]\nRequires=a\\x2db.service\nAfter=a\\x2db.service\n[Service]\nExecStart=/bin/sleep 1002\n');
    await host.run('systemctl', 'daemon-reload');
  });
  afterAll(async () => {
    const errors = host ? (await host.run('cat', '/var/lib/mantou/logs/error.log')).out : '';
    await host?.stop();
    expect(errors).toBe('');
  });
}

it('the list says the same as systemctl, also how each starts, without asking it for that', async () => {
  const listed: any[] = [];
  for (let path: string | null = '/services?limit=200'; path; ) {
    const { body } = await api(path);
    listed.push(...body.items);
    path = body.next && `/services?limit=200&cursor=${body.next}`;
  }
  const ours = new Map(listed.map((row) => [row.name, row]));
  const files = (await said('systemctl', 'list-unit-files', '--type=service', '--plain', '--no-legend')).split('\n').map((line) => line.split(/\s+/) as [string, string]);
  for (const [name, state] of files.filter(([, each]) => each !== 'alias')) expect([name, ours.get(name)?.startWord]).toEqual([name, state]);
  const units = (await said('systemctl', 'list-units', '--type=service', '--plain', '--no-legend')).split('\n').map((line) => line.split(/\s+/) as [string, string, string, string]);
  for (const [name, , , sub] of units.filter(([, load]) => load === 'loaded')) expect([name, ours.get(name)?.word]).toEqual([name, sub]);
  const nginx = ours.get('nginx.service');
  expect(nginx).toMatchObject({ title: 'A high performance web server and a reverse proxy server', state: 'running', start: 'auto', pid: Number(await shown('nginx', 'MainPID')), template: false });
  expect(nginx.memory).toBeGreaterThan(100_000);
  expect(Math.abs(nginx.since - Date.now())).toBeLessThan(600_000);
  expect(ours.get('bun@.service')).toMatchObject({ template: true, state: 'stopped' });
});

it('refusals: one that does not exist, names that are options or paths, somebody who may only look', async () => {
  expect((await api('/services/nope.service')).status).toBe(404);
  expect((await change('nope.service', 'stop')).status).toBe(404);
  for (const name of ['-x.service', '--now.service', '..%2Fetc.service', 'a%0Ab.service', 'nginx.service%20ssh.service', '*.service']) expect([name, [404, 422].includes((await api(`/services/${name}`)).status)]).toEqual([name, true]);
  expect((await api('/services/nginx.service/change', { method: 'POST', body: { verb: 'stop' }, as: viewer })).status).toBe(403);
  expect((await api('/services/nginx.service/files', { as: viewer })).status).toBe(403);
  expect((await api('/services/nginx.service', { as: viewer })).status).toBe(200);
  expect(await shown('nginx', 'ActiveState')).toBe('active');
});

it('stops, starts, restarts, reloads, and what is not as it must be is a conflict', async () => {
  expect((await change('nginx.service', 'stop')).body).toMatchObject({ state: 'stopped' });
  expect(await shown('nginx', 'ActiveState')).toBe('inactive');
  expect((await change('nginx.service', 'stop')).status).toBe(409);
  expect((await change('nginx.service', 'start')).body).toMatchObject({ state: 'running' });
  const before = await shown('nginx', 'MainPID');
  expect((await change('nginx.service', 'restart')).status).toBe(200);
  const after = await shown('nginx', 'MainPID');
  expect(after).not.toBe(before);
  expect((await change('nginx.service', 'reload')).status).toBe(200);
  expect(await shown('nginx', 'MainPID')).toBe(after);
});

it('enables, disables, masks and unmasks', async () => {
  expect((await change('nginx.service', 'disable')).body).toMatchObject({ start: 'manual', startWord: 'disabled' });
  expect(await said('systemctl', 'is-enabled', 'nginx')).toBe('disabled');
  expect((await change('nginx.service', 'enable')).body).toMatchObject({ start: 'auto' });
  expect((await change('nginx.service', 'mask')).body).toMatchObject({ start: 'off' });
  expect((await change('nginx.service', 'start')).status).toBe(409);
  expect((await change('nginx.service', 'unmask')).body).toMatchObject({ start: 'auto' });
  expect(await said('systemctl', 'is-enabled', 'nginx')).toBe('enabled');
});

it('what people reach the machine by, and the panel itself, end only by their name', async () => {
  for (const name of ['ssh.service', 'systemd-journald.service', 'dbus.service', 'mantou.service']) {
    const refused = await change(name, 'stop', 'something else');
    expect([name, refused.status, refused.body.field]).toEqual([name, 422, 'confirm']);
    expect(await shown(name, 'ActiveState')).toBe('active');
  }
  expect((await change('ssh.service', 'stop', 'ssh.service')).status).toBe(200);
  expect(await shown('ssh', 'ActiveState')).toBe('inactive');
  expect((await change('ssh.service', 'start')).status).toBe(200);
});

it('one that does not come up says what it said last: refused at once, or ended a moment later', async () => {
  const refused = await change('refuser.service', 'start');
  expect([refused.status, refused.body.output]).toEqual([503, expect.stringContaining('no flour')]);
  const ended = await change('failer.service', 'start');
  expect([ended.status, ended.body.output]).toEqual([503, expect.stringContaining('the oven is cold')]);
  const { body } = await api('/services?limit=3');
  expect(body.items.slice(0, 2).map((row: any) => [row.name, row.state])).toEqual([['failer.service', 'failed'], ['refuser.service', 'failed']]);
  const one = (await api('/services/failer.service')).body;
  expect(one.last).toMatchObject({ result: 'exit-code', code: 3, signal: null });
  expect((await change('failer.service', 'reset')).body).toMatchObject({ state: 'stopped' });
});

it('instances of templates, and names that are escaped', async () => {
  expect((await change('bun@sweet.service', 'start')).body).toMatchObject({ name: 'bun@sweet.service', state: 'running', title: 'Bun sweet' });
  const escaped = 'a\\x2db.service';
  expect((await change(escaped, 'start')).body).toMatchObject({ name: escaped, state: 'running' });
  expect((await api(`/services/${encodeURIComponent(escaped)}`)).body.service).toMatchObject({ state: 'running' });
  expect((await change('needs-a.service', 'start')).status).toBe(200);
  expect((await api(`/services/${encodeURIComponent(escaped)}`)).body.dependencies.requiredBy).toContain('needs-a.service');
  expect((await api('/services/needs-a.service')).body.dependencies.requires).toContain(escaped);
  expect((await change(escaped, 'stop')).status).toBe(200);
  expect(await shown('needs-a', 'ActiveState')).toBe('inactive');
  expect((await api('/services/bun@.service')).body).toMatchObject({ service: { template: true }, files: [{ path: '/run/systemd/system/bun@.service' }] });
});

it('own settings: faults at their lines, nothing written; then written, in effect, changed meanwhile, taken away', async () => {
  const path = '/services/nginx.service/override';
  const first = (await api(path)).body;
  expect(first).toEqual({ path: '/etc/systemd/system/nginx.service.d/override.conf', text: null, hash: '' });
  const wrong = '[Service]\nNice=5\nRestart=sometimes\nno equals\n';
  const checked = (await post(`${path}/check`, { text: wrong })).body;
  expect(checked.faults.map((fault: any) => fault.line)).toEqual([3, 4]);
  expect(checked.faults[0].text).toContain('sometimes');
  expect((await api(path, { method: 'PUT', body: { text: wrong, hash: '' } })).status).toBe(422);
  const twice = (await post(`${path}/check`, { text: '[Service]\nExecStart=/usr/sbin/nginx\nType=simple\n' })).body;
  expect(twice.faults).toEqual([{ line: null, text: expect.stringContaining('more than one ExecStart=') }]);
  expect((await host.run('ls', '/etc/systemd/system/nginx.service.d')).code).toBe(2);
  for (const text of ['[Service]\nNice=5\u0000', '[Service]\nNice=5\r']) expect((await api(path, { method: 'PUT', body: { text, hash: '' } })).status).toBe(422);

  const good = '[Service]\nNice=7\nRestart=always\n';
  expect((await api(path, { method: 'PUT', body: { text: good, hash: '' } })).status).toBe(204);
  expect(await said('cat', first.path)).toBe(good.trim());
  expect(await said('stat', '-c', '%a %u', first.path)).toBe('644 0');
  expect([await shown('nginx', 'Nice'), await shown('nginx', 'NeedDaemonReload')]).toEqual(['7', 'no']);
  expect((await api('/services/nginx.service')).body.files.map((file: any) => file.kind)).toEqual(['unit', 'drop-in']);
  expect((await api('/services/nginx.service/files')).body.items.at(-1)).toEqual({ path: first.path, kind: 'drop-in', text: good });
  // It was another text by then.
  expect((await api(path, { method: 'PUT', body: { text: '[Service]\nNice=1\n', hash: '' } })).status).toBe(409);
  // One that is there already is not counted twice when another is tried.
  expect((await post(`${path}/check`, { text: '[Service]\nNice=3\n' })).body.faults).toEqual([]);
  const { hash } = (await api(path)).body;
  expect((await api(path, { method: 'PUT', body: { text: '', hash } })).status).toBe(204);
  expect((await host.run('ls', '/etc/systemd/system/nginx.service.d')).code).toBe(2);
  expect(await shown('nginx', 'Nice')).toBe('0');
});

it('own settings of a template, of an instance, and of one with an escaped name', async () => {
  for (const name of ['bun@.service', 'bun@sweet.service', 'a\\x2db.service']) {
    const path = `/services/${encodeURIComponent(name)}/override`;
    expect([name, (await post(`${path}/check`, { text: '[Service]\nNice=none\n' })).body.faults.map((fault: any) => fault.line)]).toEqual([name, [2]]);
    expect([name, (await api(path, { method: 'PUT', body: { text: '[Service]\nNice=4\n', hash: '' } })).status]).toEqual([name, 204]);
  }
  expect([await shown('bun@salty.service', 'Nice'), await shown('bun@sweet.service', 'Nice'), await shown('a\\x2db.service', 'Nice')]).toEqual(['4', '4', '4']);
});

it('a unit whose own file is wrong says so, and can be mended by own settings', async () => {
  await put('/run/systemd/system/broken.service', '[Service]\nTyp=simple\n');
  await host.run('systemctl', 'daemon-reload');
  expect((await api('/services/broken.service')).body.fault).toContain('bad unit file setting');
  expect((await change('broken.service', 'start')).status).toBe(409);
  const path = '/services/broken.service/override';
  expect((await api(path, { method: 'PUT', body: { text: '[Service]\nExecStart=/bin/sleep 1003\n', hash: '' } })).status).toBe(204);
  expect((await change('broken.service', 'start')).body).toMatchObject({ state: 'running' });
});

it('timers: what comes next as systemd says it, off and on again', async () => {
  const timers = (await api('/services/timers')).body.items as any[];
  const clean = timers.find(({ name }) => name === 'systemd-tmpfiles-clean.timer');
  const [told] = JSON.parse(await said('systemctl', 'list-timers', '--output=json', 'systemd-tmpfiles-clean.timer')) as { next: number }[];
  expect(Math.abs(clean.next - told!.next / 1000)).toBeLessThan(2000);
  expect(clean).toMatchObject({ service: 'systemd-tmpfiles-clean.service', active: true });
  const daily = timers.find(({ name }) => name === 'apt-daily.timer');
  expect(daily.when).toEqual(['*-*-* 06,18:00:00']);
  expect((await post('/services/timers/apt-daily.timer', { on: false })).body).toMatchObject({ active: false, next: null, startWord: 'disabled' });
  expect(await said('systemctl', 'is-active', 'apt-daily.timer')).toBe('inactive');
  expect((await post('/services/timers/apt-daily.timer', { on: true })).body).toMatchObject({ active: true, startWord: 'enabled' });
  expect((await post('/services/timers/nope.timer', { on: true })).status).toBe(404);
});

it('S3 S13 a kept program gets its words and variables as they were given, secrets are root’s alone', async () => {
  const argv = ['/usr/bin/env', 'a b', '"q"', "it's", '$HOME', '%n', '100%', 'back\\slash', '', 'ü 馒头', ';', 'tab\there'.replace('\t', ' '), '\\', '$$', '{x}', '~', '*'];
  const environment = [{ name: 'SHOP_TOKEN', value: 'p@ss "w" $X `y` \\z %h' }, { name: 'PLAIN', value: ' spaces  kept ' }];
  const echo = ['/bin/sh', '-c', 'for w in "$@"; do printf "<%s>" "$w"; done; echo; exec sleep 1004', ...argv];
  const made = await post('/services/programs', { name: 'words', title: '100% buns', argv: echo, environment, folder: '/tmp', user: 'nobody', memory: 64, cpu: 50, tasks: 20, delay: 1 });
  expect([made.status, made.body.environment]).toEqual([201, [{ name: 'SHOP_TOKEN', value: '•••', hidden: true }, { name: 'PLAIN', value: ' spaces  kept ', hidden: false }]]);
  const pid = await shown('mantou-words', 'MainPID');
  await until(async () => (await said('journalctl', '-u', 'mantou-words', '-o', 'cat', '--no-pager')).includes(argv.slice(1).map((word) => `<${word}>`).join('')));
  const variables = (await host.run('cat', `/proc/${pid}/environ`)).out.split('\0');
  expect(variables).toContain('SHOP_TOKEN=p@ss "w" $X `y` \\z %h');
  expect(variables).toContain('PLAIN= spaces  kept ');
  expect(await said('stat', '-c', '%a %u', '/etc/mantou/programs/words.env')).toBe('600 0');
  expect(await said('cat', '/etc/systemd/system/mantou-words.service')).not.toContain('p@ss');
  expect([await shown('mantou-words', 'MemoryMax'), await shown('mantou-words', 'TasksMax'), await shown('mantou-words', 'User'), await shown('mantou-words', 'Description')]).toEqual([String(64 << 20), '20', 'nobody', '100% buns']);
  expect((await api('/services/programs/words')).body).toMatchObject({ argv: echo, user: 'nobody', folder: '/tmp', memory: 64, cpu: 50, tasks: 20, boot: true, restart: 'always', title: '100% buns' });
  const refused = { name: 'words2', argv: ['/bin/sleep', '1'] };
  for (const bad of [{ argv: ['/bin/sleep', '1\nExecStartPre=/bin/evil'] }, { title: 'a\nb' }, { user: 'root\nGroup=0' }, { folder: '/a\nb' }, { name: '../x' }, { name: '-x' }, { environment: [{ name: 'A', value: 'b\nC=d' }] }, { environment: [{ name: 'A B', value: '' }] }]) {
    expect([JSON.stringify(bad), (await post('/services/programs', { ...refused, ...bad })).status]).toEqual([JSON.stringify(bad), 422]);
  }
});

it('a kept program comes back after kill -9, is changed with its secrets, and goes', async () => {
  const before = await shown('mantou-words', 'MainPID');
  await host.run('kill', '-9', before);
  await until(async () => !['0', before].includes(await shown('mantou-words', 'MainPID')));
  expect((await api('/services/mantou-words.service')).body.restarts).toBeGreaterThan(0);
  const changed = await api('/services/programs/words', { method: 'PUT', body: { argv: ['sleep', '1005'], environment: [{ name: 'SHOP_TOKEN', value: '•••' }], boot: true } });
  expect([changed.status, changed.body.argv]).toEqual([200, ['/usr/bin/sleep', '1005']]);
  const pid = await shown('mantou-words', 'MainPID');
  expect((await host.run('cat', `/proc/${pid}/environ`)).out.split('\0')).toContain('SHOP_TOKEN=p@ss "w" $X `y` \\z %h');
  expect((await post('/services/programs', { name: 'words', argv: ['sleep', '1'] })).status).toBe(409);
  expect((await post('/services/programs/words/remove', { confirm: 'other' })).status).toBe(422);
  expect((await post('/services/programs/words/remove', { confirm: 'words' })).status).toBe(204);
  expect((await host.run('ls', '/etc/systemd/system/mantou-words.service', '/etc/mantou/programs/words.env')).out).toBe('');
  expect(await shown('mantou-words', 'LoadState')).toBe('not-found');
});

it('a kept program that does not stay up is written and says why; one that systemd would not take is not', async () => {
  const made = await post('/services/programs', { name: 'dies', argv: ['/bin/sh', '-c', 'echo no yeast; exit 9'], restart: 'no' });
  expect([made.status, made.body.output]).toEqual([503, expect.stringContaining('no yeast')]);
  expect((await api('/services/programs')).body.items).toMatchObject([{ name: 'dies', service: 'mantou-dies.service', state: 'failed' }]);
  const never = await post('/services/programs', { name: 'never', argv: ['/no/such/program'] });
  expect([never.status, never.body.detail]).toEqual([422, expect.stringContaining('/no/such/program')]);
  expect((await host.run('ls', '/etc/systemd/system/mantou-never.service')).code).toBe(2);
  // A unit of that name which somebody else wrote stays theirs.
  await put('/etc/systemd/system/mantou-theirs.service', '[Service]\nExecStart=/bin/sleep 1006\n');
  await host.run('systemctl', 'daemon-reload');
  expect((await post('/services/programs', { name: 'theirs', argv: ['sleep', '1'] })).status).toBe(409);
  expect((await api('/services/programs/theirs')).status).toBe(404);
});

it('not root: everything is read, and what is changed says which right is missing', async () => {
  const data = '/tmp/other';
  await host.run('install', '-d', '-o', 'nobody', data);
  await host.run('install', '-m', '755', '/root/mantou', '/tmp/mantou');
  const as = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', 'env', `HOME=${data}`];
  await host.run('systemd-run', '--unit=other', '--uid=nobody', '/tmp/mantou', 'serve', '--host', '0.0.0.0', '--port', '8687', '--data-dir', data);
  const url = `https://${host.ip}:8687`;
  await until(() => fetch(`${url}/healthz`, { tls: { rejectUnauthorized: false } } as RequestInit).then((answer) => answer.ok, () => false));
  expect((await host.run('sh', '-c', `echo 'steamed bun 2026' | ${as.join(' ')} /tmp/mantou user add eve --role admin --password-stdin --data-dir ${data}`)).err).toBe('');
  const bearer = await said(...as, '/tmp/mantou', 'token', 'add', '--user', 'eve', '--name', 'tests', '--data-dir', data);
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1${path}`, { method: body ? 'POST' : 'GET', headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }, tls: { rejectUnauthorized: false }, ...(body ? { body: JSON.stringify(body) } : {}) } as RequestInit);
    return { status: answer.status, body: (await answer.json()) as any };
  };
  const listed = (await ask('/services?limit=200')).body.items;
  expect(listed.find((row: any) => row.name === 'nginx.service')).toMatchObject({ state: 'running', start: 'auto', pid: Number(await shown('nginx', 'MainPID')), memory: expect.any(Number) });
  expect((await ask('/services/nginx.service/files')).body.items[0].text).toContain('ExecStart=');
  expect((await ask('/services/nginx.service/log')).body.items).toBeNull();
  const refused = await ask('/services/nginx.service/change', { verb: 'restart' });
  expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('It takes root')]);
  const program = await ask('/services/programs', { name: 'mine', argv: ['sleep', '1'] });
  expect([program.status, program.body.detail]).toEqual([403, expect.stringContaining('It takes root')]);
  expect((await host.run('cat', `${data}/logs/error.log`)).out).toBe('');
  await host.run('systemctl', 'stop', 'other');
});

it('every change stands in the audit log with its command', async () => {
  const { body } = await api('/audit?group=services&limit=200');
  const of = (action: string, target: string) => body.items.find((row: any) => row.action === action && row.target === target);
  expect(of('services.stop', 'nginx.service')).toMatchObject({ result: 'ok', commands: ['systemctl stop nginx.service'], actor: 'lin' });
  expect(of('services.start', 'refuser.service')).toMatchObject({ result: 'failed' });
  expect(of('services.override', 'nginx.service').commands).toContain('systemctl daemon-reload');
  expect(JSON.stringify(body)).not.toContain('p@ss');
});

it('the panel restarts itself as a service, and answers again', async () => {
  const before = await shown('mantou', 'MainPID');
  expect((await change('mantou.service', 'restart', 'mantou.service')).status).toBe(200);
  await until(async () => !['0', before].includes(await shown('mantou', 'MainPID')) && (await fetch(`https://${host.ip}:8686/healthz`, { tls: { rejectUnauthorized: false } } as RequestInit).then((answer) => answer.ok, () => false)));
});

it('a kept program runs again after the machine was started again, and one that does not start with it does not', async () => {
  for (const [name, boot] of [['stays', true], ['rests', false]] as const) expect((await post('/services/programs', { name, argv: ['sleep', '1007'], boot })).status).toBe(201);
  await host.reboot();
  await until(async () => (await shown('mantou-stays', 'ActiveState')) === 'active');
  expect(await shown('mantou-rests', 'ActiveState')).toBe('inactive');
});
