import { afterEach, describe, expect, test } from 'bun:test';
import { listAudit } from '../../../test/support/audit.ts';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { SYSTEM } from '../../core/app.ts';
import { changePackages } from '../../core/packages/packages.ts';
import { AppError } from '../../lib/errors.ts';
import type { ServiceRow } from '../../platform/services.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const read = async (path: string, role: 'viewer' | 'operator' | 'admin' = 'viewer') => (await panel.as(role, crypto.randomUUID()).request(path)).text();
const names = (html: string) => [...html.matchAll(/<tr id="s-([^"]+)"/g)].map((found) => found[1]!.replace('.service', ''));
const ran = () => (panel.app.host.services as unknown as { ran: string[] }).ran;

describe('refusals', () => {
  test('S6 nobody sees them without signing in, and who may look changes nothing', async () => {
    start();
    panel.as('admin');
    expect((await panel.request('/services')).headers.get('location')).toBe('/signin?next=%2Fservices');
    for (const role of ['viewer', 'operator'] as const) {
      const browser = panel.as(role);
      for (const path of ['/services/nginx.service/change', '/services/nginx.service/override', '/services/timers/certbot.timer', '/services/programs']) expect([path, (await browser.request(path, { form: { verb: 'stop', on: 'off' } })).status]).toEqual([path, 403]);
    }
    expect(ran()).toEqual([]);
  });

  test('S2 S14 names that are none, verbs that are none, orders that are none', async () => {
    start();
    const admin = panel.as('admin');
    for (const name of ['nope.service', '-x.service', '%0A', 'a%2Fb', '..%5C..', 'x'.repeat(400)]) expect([name, (await admin.request(`/services/${name}`)).status]).toEqual([name, 404]);
    for (const verb of ['kill', '', '--now']) expect((await admin.request('/services/nginx.service/change', { form: { verb } })).status).toBe(422);
    for (const query of ['sort=--state', 'state=all', 'start=x', 'cursor=abc']) expect((await admin.request(`/services?${query}`)).status).toBe(422);
    expect((await admin.request('/services/nope.service/change', { form: { verb: 'stop' } })).status).toBe(404);
    expect((await admin.request('/services/timers/nope.timer', { form: { on: 'on' } })).status).toBe(404);
    expect(ran()).toEqual([]);
  });

  test('what does not fit is a conflict that the form shows', async () => {
    start();
    const answer = await panel.as('admin').request('/services/nginx.service/change', { form: { verb: 'start' } });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('Start does not fit nginx.service as it is now.')]);
  });
});

test('failed ones stand first; state, start and text narrow it', async () => {
  start();
  const all = names(await read('/services'));
  expect(all[0]).toBe('mail-relay');
  expect(all.indexOf('nginx')).toBeLessThan(all.indexOf('nfs-server'));
  expect(names(await read('/services?state=failed'))).toEqual(['mail-relay']);
  expect(names(await read('/services?start=off'))).toEqual(['exim4']);
  expect(names(await read('/services?q=POSTGRES'))).toEqual(['postgresql@15-main']);
  expect(await read('/services?q=nothing-like-it')).toContain('Nothing matches “nothing-like-it”');
  for (const column of ['name', 'memory', 'since', 'start', 'title', 'state']) expect([column, names(await read(`/services?sort=${column}`))]).toEqual([column, names(await read(`/services?sort=-${column}`)).toReversed()]);
});

test('ten thousand services have pages, and hostile names are text', async () => {
  start();
  panel.app.host.services.list = async () => Array.from({ length: 10_000 }, (_, i): ServiceRow => ({
    name: i ? `s${i}.service` : '"><script>x</script>.service', title: '<b>馒头</b>', state: 'stopped', word: '', start: 'manual', startWord: '', pid: null, startedAt: null, since: null, memory: null, template: false,
  }));
  const html = await read('/services?sort=name');
  expect(html).not.toContain('<script>x');
  expect(html).not.toContain('<b>馒头');
  expect(html).toContain('rel="next"');
  expect(names(html).length).toBe(500);
});

describe('a change', () => {
  test('shows its command, what it takes along, and asks for the name of what cuts people off', async () => {
    start();
    const admin = panel.as('admin');
    const ask = async (path: string) => (await admin.request(path)).text();
    expect(await ask('/services/nginx.service/change?verb=restart')).toContain('systemctl restart nginx.service');
    expect(await ask('/services/postgresql%4015-main.service/change?verb=stop')).toContain('search.service');
    for (const [name, words] of [['ssh.service', 'People reach this machine by it'], ['mantou.service', 'This is the panel itself'], ['dbus.service', 'may be in trouble']] as const) {
      const html = await ask(`/services/${name}/change?verb=stop`);
      expect(html).toContain(words);
      expect(html).toContain(`Type ${name} to confirm.`);
      expect((await admin.request(`/services/${name}/change`, { form: { verb: 'stop', confirm: name.replace('.service', '') } })).status).toBe(422);
    }
    expect(ran()).toEqual([]);
    const done = await admin.request('/services/ssh.service/change', { form: { verb: 'stop', confirm: 'ssh.service' } });
    expect([done.status, done.headers.get('location'), ran()]).toEqual([303, '/services/ssh.service', ['systemctl stop ssh.service']]);
  });

  test('one that does not come up shows its last lines', async () => {
    start();
    const answer = await panel.as('admin').request('/services/mail-relay.service/change', { form: { verb: 'start' } });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('is not to be found')]);
  });
});

describe('the page of one', () => {
  test('facts, links both ways, files for operators, secrets in them for administrators', async () => {
    start();
    panel.app.host.services.files = async () => [{ path: '/etc/x.service', kind: 'unit', text: '[Service]\nEnvironment="DB_PASSWORD=hunter2" A=1\nEnvironment=API_TOKEN=hunter3\nExecStart=/x --password hunter4\nSetCredential=key: \\\n  hunter5\nExecStop=/bin/sh -c \'PGPASSWORD=hunter9 x\'\n' }];
    const viewer = await read('/services/search.service');
    expect(viewer).toContain('href="/services/postgresql%4015-main.service"');
    expect(viewer).not.toContain('hunter');
    expect(viewer).not.toContain('/etc/x.service');
    const operator = await read('/services/search.service', 'operator');
    expect(operator).toContain('/etc/x.service');
    expect(operator).not.toContain('hunter');
    expect(operator).toContain('A=1');
    for (const secret of ['hunter2', 'hunter3', 'hunter4', 'hunter5']) expect(await read('/services/search.service', 'admin')).toContain(secret);
    // What it runs is shown to viewers.
    const { one } = panel.app.host.services;
    panel.app.host.services.one = async (name) => ({ ...(await one(name))!, command: '/usr/bin/env DB_PASS=hunter6 SENTRY_DSN=hunter7 /x --api-key hunter8 --port 80' });
    expect(await read('/services/search.service')).toContain('--api-key ••• --port 80');
    expect(await read('/services/search.service')).not.toContain('hunter');
    panel.app.host.services.one = one;
    expect(await read('/services/postgresql%4015-main.service')).toContain('href="/services/search.service"');
    expect(await read('/services/nginx.service')).toMatch(/href="\/processes\/\d+\/\d+"/);
  });
});

test('S22 the stream tells which changed, one look for all pages, and rests when nobody looks', async () => {
  start();
  let looks = 0;
  const { list } = panel.app.host.services;
  panel.app.host.services.list = () => (looks++, list());
  const abort = new AbortController();
  const open = async () => (await panel.as('viewer', crypto.randomUUID()).request('/services/stream', { signal: abort.signal })).body!.getReader();
  const [reader] = [await open(), await open()];
  let text = '';
  const saw = async (what: RegExp) => {
    while (!what.test(text)) text += new TextDecoder().decode((await reader!.read()).value);
  };
  await saw(/event: used\ndata: \{"used":\[\["/);
  expect(looks).toBe(1);
  await panel.as('admin').request('/services/nginx.service/change', { form: { verb: 'stop' } });
  await saw(/event: changed\ndata: \{"names":\["nginx.service"\]\}/);
  abort.abort();
  await Bun.sleep(2300);
  const rested = looks;
  await Bun.sleep(2300);
  expect(looks).toBe(rested);
});

describe('own settings', () => {
  const path = '/services/nginx.service/override';
  const edit = (what: string, text: string, hash = '') => panel.as('admin', crypto.randomUUID()).request(path, { form: { do: what, text, hash } });

  test('faults stand at their lines, changes are shown before, versions are kept and opened again', async () => {
    start();
    const wrong = await edit('review', '[Service]\nno equals\n');
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringMatching(/Line 2[\s\S]*data-line="2"/)]);
    const review = await (await edit('review', '[Service]\r\nNice=5')).text();
    expect(review).toContain('data-op="+"');
    expect(review).toContain('systemctl daemon-reload');
    expect((await panel.app.host.services.override('nginx.service')).text).toBeNull();
    const done = await edit('apply', '[Service]\nNice=5');
    expect([done.status, done.headers.get('location')]).toEqual([303, '/services/nginx.service?saved=on']);
    expect(await read('/services/nginx.service?saved=on', 'admin')).toContain('/services/nginx.service/change?verb=restart');
    const { hash } = await (await panel.as('admin', 'reader').request(path)).text().then((html) => ({ hash: /name="hash" value="(\w+)"/.exec(html)![1]! }));
    expect((await edit('apply', '[Service]\nNice=6\n')).status).toBe(409);
    await edit('apply', '[Service]\nNice=6\n', hash);
    const versions = await read(`${path}/versions`, 'admin');
    const [first] = [...versions.matchAll(/version=([\w-]+)"/g)].map((found) => found[1]!);
    const old = await read(`${path}?version=${first}`, 'admin');
    expect(old).toContain('Nice=5');
    expect(old).toContain('Nothing is written until you save.');
    expect((await panel.as('admin', 'x').request(`/services/cron.service/override?version=${first}`)).status).toBe(404);
  });

  test('S3 control characters are refused', async () => {
    start();
    for (const text of ['a\0b', 'a\x1bb']) expect((await edit('apply', text)).status).toBe(422);
    expect(ran()).toEqual([]);
  });
});

describe('kept programs', () => {
  const PLAIN = { do: 'save', name: 'worker', title: '', command: 'node worker.js', user: '', folder: '', environment: '', restart: 'always', delay: '3', memory: '', cpu: '', tasks: '', boot: 'on' };
  const send = (form: Record<string, string>, path = '/services/programs') => panel.as('admin', crypto.randomUUID()).request(path, { form: { ...PLAIN, ...form } });

  test('S3 what does not fit is said beside its field, and nothing is written', async () => {
    start();
    for (const [form, words] of [
      [{ name: 'Über' }, 'Small letters, digits and dashes'], [{ name: '-x' }, 'Small letters'], [{ command: '' }, 'A command is needed'], [{ command: "a 'b" }, 'A quote is not closed'],
      [{ command: 'a | b' }, 'No shell reads this line'], [{ user: 'a b' }, 'The name of an account'], [{ folder: 'srv' }, 'A full path'], [{ environment: 'A B=1' }, 'One NAME=value a line'],
      [{ delay: '0' }, 'A whole number from 1 to 3600'], [{ memory: '1' }, 'A whole number from 4'], [{ cpu: 'x' }, 'A whole number'], [{ title: 'a\nb' }, 'One line'], [{ command: 'a "b\nc"' }, 'One line'], [{ environment: 'A=b\x1bc' }, 'One line'],
      [{ title: 'x\\' }, 'No backslash at the end'], [{ folder: '/srv\\' }, 'A full path without a backslash'], [{ folder: '/a\u2028b' }, 'A full path'], [{ environment: 'A=b\u2029c' }, 'One line'], [{ command: 'a "b\u2028c"' }, 'One line'],
    ] as const) {
      const answer = await send(form);
      expect([JSON.stringify(form), answer.status, await answer.text()]).toEqual([JSON.stringify(form), 422, expect.stringContaining(words)]);
    }
    expect(ran()).toEqual([]);
  });

  test('S13 shown before it is written, without secrets; changed with those that were not shown; removed by its name', async () => {
    start();
    const review = await (await send({ do: 'review', environment: 'API_TOKEN=hunter2\nMODE=fast', command: 'node "my worker.js" $HOME' })).text();
    expect(review).toContain('ExecStart=/usr/bin/node &quot;my worker.js&quot; &quot;$$HOME&quot;');
    expect(review.replaceAll(/<input type="hidden"[^>]*>/g, '')).not.toContain('hunter2');
    const done = await send({ environment: 'API_TOKEN=hunter2\nMODE=fast' });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/services/mantou-worker.service']);
    expect((await send({})).status).toBe(422);
    const edit = await read('/services/programs/worker/edit', 'admin');
    expect(edit).toContain('API_TOKEN=•••\nMODE=fast');
    expect(edit).not.toContain('hunter2');
    await send({ environment: 'API_TOKEN=•••\nMODE=slow' }, '/services/programs/worker/edit');
    expect((await panel.app.host.services.program('worker'))?.environment).toEqual([{ name: 'API_TOKEN', value: 'hunter2' }, { name: 'MODE', value: 'slow' }]);
    expect(await read('/services/programs', 'operator')).toContain('mantou-worker.service');
    expect((await send({ confirm: 'no' }, '/services/programs/worker/remove')).status).toBe(422);
    expect((await send({ confirm: 'worker' }, '/services/programs/worker/remove')).status).toBe(303);
    expect(await panel.app.host.services.program('worker')).toBeNull();
    expect((await panel.as('admin', 'z').request('/services/programs/worker/edit')).status).toBe(404);
  });
});

describe('kept programs of several people', () => {
  const path = '/services/programs/worker/edit';
  const form = { do: 'save', name: 'worker', title: '', command: '/usr/bin/node worker.js', user: '', folder: '', environment: '', restart: 'always', delay: '3', memory: '', cpu: '', tasks: '', boot: 'on' };
  const send = (more: Record<string, string>, to = path) => panel.as('admin', crypto.randomUUID()).request(to, { form: { ...form, ...more } });
  const seenIn = (html: string) => /name="seen" value="(\w+)"/.exec(html)![1]!;
  const variables = async () => (await panel.app.host.services.program('worker'))?.environment;

  test('who changes what somebody else changed meanwhile is told, and nothing is lost before', async () => {
    start();
    await send({}, '/services/programs');
    const [mine, theirs] = [seenIn(await read(path, 'admin')), seenIn(await read(path, 'admin'))];
    expect(await (await send({ do: 'review', seen: theirs })).text()).toContain(`name="seen" value="${theirs}"`);
    expect((await send({ environment: 'A=1', seen: theirs })).status).toBe(303);
    const told = await send({ environment: 'B=2', seen: mine });
    const html = await told.text();
    expect([told.status, html, await variables()]).toEqual([422, expect.stringContaining('The machine has changed since this was shown.'), [{ name: 'A', value: '1' }]]);
    expect((await send({ do: 'review', environment: 'B=2', seen: mine })).status).toBe(422);
    expect((await send({ environment: 'B=2', seen: seenIn(html) })).status).toBe(303);
  });

  test('two at once: the second is told', async () => {
    start();
    await send({}, '/services/programs');
    const seen = seenIn(await read(path, 'admin'));
    const { writeProgram } = panel.app.host.services;
    panel.app.host.services.writeProgram = async (...given) => (await Bun.sleep(100), writeProgram(...given));
    const answers = await Promise.all(['A=1', 'B=2'].map((environment) => send({ environment, seen })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
  });

  test('S13 a value with a part that is not shown stays whole, or is entered whole', async () => {
    start();
    await send({ environment: 'API_TOKEN=hunter2\nURL=https://lin:hunter3@db/x' }, '/services/programs');
    const shown = 'API_TOKEN=•••\nURL=https://lin:•••@db/x';
    expect(await read(path, 'admin')).toContain(shown);
    for (const environment of [shown.replace('db/x', 'db/y'), `${shown}x`, 'API_TOKEN=x•••', 'NEW_TOKEN=•••']) {
      const answer = await send({ environment });
      expect([answer.status, await answer.text()]).toEqual([422, expect.stringMatching(/Enter the whole value of \w+: a part of it is not shown/)]);
    }
    expect((await send({ environment: shown })).status).toBe(303);
    expect(await variables()).toEqual([{ name: 'API_TOKEN', value: 'hunter2' }, { name: 'URL', value: 'https://lin:hunter3@db/x' }]);
  });

  test('what fails half-way is in the audit log, and pages look again', async () => {
    start();
    await send({}, '/services/programs');
    const fail = () => Promise.reject(new AppError('unavailable', () => 'systemctl'));
    Object.assign(panel.app.host.services, { removeProgram: fail, writeOverride: fail });
    Object.assign(panel.app.host.packages, { run: fail });
    let changed = 0;
    panel.app.bus.on('services.changed', () => void changed++);
    const admin = panel.as('admin');
    await admin.request('/services/programs/worker/remove', { form: { confirm: 'worker' } });
    await admin.request('/services/nginx.service/override', { form: { do: 'apply', text: '[Service]\nNice=5', hash: '' } });
    const { updates } = await panel.app.host.packages.list();
    await changePackages(panel.app, SYSTEM, { kind: 'hold', name: updates[0]!.name, to: true }).catch(() => {});
    expect([changed, listAudit(panel.app).filter(({ result }) => result === 'failed').map(({ action }) => action)]).toEqual([2, ['services.program_remove', 'services.override', 'packages.hold']]);
  });
});

test('timers: what comes next, off by a form that shows its command', async () => {
  start();
  expect(await read('/services/timers')).toContain('certbot');
  const admin = panel.as('admin');
  expect(await (await admin.request('/services/timers/certbot.timer?on=off')).text()).toContain('systemctl disable --now certbot.timer');
  expect((await admin.request('/services/timers/certbot.timer', { form: { on: 'off' } })).status).toBe(303);
  expect((await panel.app.host.services.timers()).find(({ name }) => name === 'certbot.timer')?.active).toBe(false);
});

test('where services are not, or only to be looked at, the page says so', async () => {
  start();
  const { services } = panel.app.host;
  services.about = async () => ({ system: null, away: 'none', verbs: [], units: false, programs: null });
  services.list = async () => [];
  expect(await read('/services')).toContain('Nothing starts services here');
  services.about = async () => ({ system: 'openrc', away: 'read-only', verbs: [], units: false, programs: null });
  services.list = async () => [{ name: 'sshd', title: '', state: 'running', word: 'started', start: 'auto', startWord: 'default', pid: null, startedAt: null, since: null, memory: null, template: false }];
  const html = await read('/services', 'admin');
  expect(html).toContain('Services are shown, not changed');
  expect(html).not.toContain('change?verb=');
  expect((await panel.as('admin').request('/services/nginx.service/change', { form: { verb: 'stop' } })).status).toBe(501);
});
