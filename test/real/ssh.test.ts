import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createLog } from '../../src/lib/log.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { handoverPlace } from '../../src/platform/ssh/handover.ts';
import { testApp, type Browser, type TestApp } from '../support/app.ts';
import { needs } from '../support/needs.ts';
import { makeAccount, makeKey, startSshd, type Sshd } from '../support/sshd.ts';
import { until } from '../support/until.ts';

/** Saved hosts against sshd of Debian: what is kept gets people in, and gets nowhere else. */
const test = needs('linux', 'root', 'sshd');
const PASSWORD = 'canary-Steamer 7413';
const PASSPHRASE = 'canary-Bamboo 9265';
const account = `mantou-ssh-${process.pid}`;

let t: TestApp;
let admin: Browser;
let folder: string;
let target: Sshd;
let jump: Sshd;
let user: { remove(): void };
let plain: ReturnType<typeof makeKey>;
let locked: ReturnType<typeof makeKey>;
const log: string[] = [];
const opened: string[] = [];

if (test.ok) {
  beforeAll(async () => {
    t = testApp({ app: { log: createLog(systemClock.now, (_level, line) => void log.push(line)) } });
    admin = t.as('admin');
    folder = mkdtempSync(join(tmpdir(), 'mantou-sshd-'));
    Bun.spawnSync(['chmod', '755', folder]);
    plain = makeKey(join(folder, 'plain'));
    locked = makeKey(join(folder, 'locked'), PASSPHRASE);
    user = makeAccount(account, PASSWORD);
    const keys = [plain.publicKey, locked.publicKey];
    [target, jump] = await Promise.all([startSshd(folder, keys), startSshd(folder, keys)]);
  });
  afterAll(async () => {
    for (const id of opened) await t.app.terminals.ask('kill', { id }).catch(() => null);
    await Promise.all([target.stop(), jump.stop()]);
    user.remove();
    await t.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

const form = (path: string, fields: Record<string, string>) => admin.request(path, { form: fields, headers: { 'accept-language': 'en' } });
const asScript = (path: string, fields: Record<string, string> = {}) => admin.request(path, { form: fields, headers: { accept: 'application/json', 'accept-language': 'en' } });

/** Saves a host and returns its id. */
async function save(name: string, fields: Record<string, string>): Promise<string> {
  const answer = await form('/terminal/hosts', { name, address: '127.0.0.1', port: String(target.port), user: account, authentication: 'ask', ...fields });
  expect([answer.status, answer.headers.get('location')], await answer.clone().text()).toEqual([303, '/terminal']);
  return (t.app.db.$client.query('SELECT id FROM ssh_hosts WHERE name = ?').get(name) as { id: string }).id;
}

const keyPage = async (id: string) => (await admin.request(`/terminal/hosts/${id}/key`, { headers: { 'accept-language': 'en' } })).text();

/** Looks at the key of a host, as a person would, and pins it. */
async function pin(id: string, sshd: Sshd): Promise<void> {
  expect((await form(`/terminal/hosts/${id}/look`, {})).status).toBe(303);
  expect(await keyPage(id)).toContain(sshd.hostKey.fingerprint);
  expect((await form(`/terminal/hosts/${id}/key`, { seen: sshd.hostKey.fingerprint })).status).toBe(303);
}

async function connect(id: string): Promise<string> {
  const made = (await (await asScript(`/terminal/hosts/${id}/connect`)).json()) as { id?: string };
  expect(made).toHaveProperty('id');
  opened.push(made.id!);
  return made.id!;
}

const screen = async (id: string) => Buffer.from((await t.app.terminals.ask('output', { id, from: 0, most: 1 << 20 }))!.base64, 'base64').toString();
const type = (id: string, text: string) => t.app.terminals.ask('input', { id, base64: Buffer.from(text).toString('base64') });
const shows = (id: string, what: RegExp) => until(async () => what.test(await screen(id)));

/** Runs `id -un` there. What is echoed does not look like what is answered. */
async function isIn(id: string) {
  await shows(id, /[$#] $/);
  await type(id, 'echo in:$(id -un):$(id -u)\r');
  await shows(id, new RegExp(`in:${account}:\\d+`));
}

test('signs in with a pasted key, and with a key that has a passphrase', async () => {
  const id = await save('key', { authentication: 'key', privateKey: plain.privateKey });
  await pin(id, target);
  await isIn(await connect(id));
  const other = await save('locked key', { authentication: 'key', privateKey: locked.privateKey.replace(/\n/g, '\r\n'), passphrase: PASSPHRASE });
  await pin(other, target);
  await isIn(await connect(other));
});

test('signs in with a key file of this machine, and asks for its passphrase when none is kept', async () => {
  const id = await save('file', { authentication: 'file', keyPath: locked.path });
  await pin(id, target);
  const asked = await connect(id);
  await shows(asked, /Enter passphrase/);
  await type(asked, `${PASSPHRASE}\r`);
  await isIn(asked);
  expect(await screen(asked)).not.toContain(PASSPHRASE);
});

test('signs in with a kept password; one that is wrong can be typed', async () => {
  const id = await save('password', { authentication: 'password', password: PASSWORD });
  await pin(id, target);
  await isIn(await connect(id));
  const wrong = await save('wrong password', { authentication: 'password', password: 'not the one' });
  await pin(wrong, target);
  const asked = await connect(wrong);
  await shows(asked, /Permission denied[\s\S]*password: $/);
  await type(asked, `${PASSWORD}X\x7f\r`);
  await isIn(asked);
  expect(await screen(asked)).not.toContain(PASSWORD);
  const left = await connect(wrong);
  await shows(left, /password: $/);
  await type(left, '\x03');
  await until(async () => (await t.app.terminals.ask('list', {}))!.find((each) => each.id === left)?.exit);
});

test('goes through a jump host with secrets of its own, and tells whose key is whose', async () => {
  const through = await save('bastion', { port: String(jump.port), user: 'root', authentication: 'key', privateKey: locked.privateKey, passphrase: PASSPHRASE });
  const id = await save('behind', { authentication: 'password', password: PASSWORD, jump: through });
  // The first question is about the machine that comes first.
  expect(await (await asScript(`/terminal/hosts/${id}/connect`)).json()).toEqual({ to: `/terminal/hosts/${through}/key?for=${id}` });
  expect(await keyPage(through)).toContain(jump.hostKey.fingerprint);
  const next = await form(`/terminal/hosts/${through}/key`, { seen: jump.hostKey.fingerprint, for: id });
  expect([next.status, next.headers.get('location')]).toEqual([303, `/terminal/hosts/${id}/key?for=${id}`]);
  expect(await keyPage(id)).toContain(target.hostKey.fingerprint);
  const last = await form(`/terminal/hosts/${id}/key`, { seen: target.hostKey.fingerprint, for: id });
  const terminal = /^\/terminal\?id=(.+)$/.exec(last.headers.get('location')!)![1]!;
  opened.push(terminal);
  await isIn(terminal);
  expect(jump.log()).toContain('Accepted publickey for root');
  // It is needed on the way.
  const kept = await form(`/terminal/hosts/${through}/remove`, {});
  expect([kept.status, await kept.text()]).toEqual([422, expect.stringContaining('is the jump host of behind')]);
});

test('another host key is refused, shown beside the pinned one, and pinned only by typing the name', async () => {
  const id = await save('reinstalled', { authentication: 'key', privateKey: plain.privateKey });
  await pin(id, target);
  const before = target.hostKey.fingerprint;
  await target.reinstall();
  const count = (await t.app.terminals.ask('list', {}))!.length;
  expect(await (await asScript(`/terminal/hosts/${id}/connect`)).json()).toEqual({ to: `/terminal/hosts/${id}/key?for=${id}` });
  expect((await t.app.terminals.ask('list', {}))!.length).toBe(count);
  const page = await keyPage(id);
  for (const text of [before, target.hostKey.fingerprint, 'No connection was made']) expect(page).toContain(text);
  const fields = { seen: target.hostKey.fingerprint, for: id };
  for (const confirm of ['', 'reinstalle']) expect((await form(`/terminal/hosts/${id}/key`, { ...fields, confirm })).status).toBe(422);
  // Another key than the one that was looked at is not pinned.
  expect((await form(`/terminal/hosts/${id}/key`, { ...fields, seen: before, confirm: 'reinstalled' })).status).toBe(422);
  const done = await form(`/terminal/hosts/${id}/key`, { ...fields, confirm: 'reinstalled' });
  expect(done.headers.get('location')).toMatch(/^\/terminal\?id=/);
  const terminal = done.headers.get('location')!.split('=')[1]!;
  opened.push(terminal);
  await isIn(terminal);
});

test('ssh itself refuses another key, where the panel could not look before', async () => {
  const through = await save('asking bastion', { port: String(jump.port), authentication: 'ask' });
  await pin(through, jump);
  const id = await save('behind asking', { authentication: 'key', privateKey: plain.privateKey, jump: through });
  const look = await form(`/terminal/hosts/${id}/look`, {});
  expect([look.status, await look.text()]).toEqual([409, expect.stringContaining('Enter the key instead')]);
  expect((await form(`/terminal/hosts/${id}/key`, { hostKey: jump.hostKey.publicKey })).status).toBe(303);
  const wrong = await connect(id);
  await shows(wrong, /password: $/);
  await type(wrong, `${PASSWORD}\r`);
  await shows(wrong, /Host key verification failed/);
  expect((await form(`/terminal/hosts/${id}/key`, { hostKey: target.hostKey.publicKey, confirm: 'behind asking' })).status).toBe(303);
  const right = await connect(id);
  await shows(right, /password: $/);
  await type(right, `${PASSWORD}\r`);
  await isIn(right);
});

test('a start command runs in place of the shell, and the terminal ends with it', async () => {
  const id = await save('command', { authentication: 'key', privateKey: plain.privateKey, command: "printf 'ran:%s:' \"$(id -un)\"; echo it's" });
  await pin(id, target);
  const broken = await connect(id);
  // Its quotes are the business of the shell over there.
  await shows(broken, /unterminated|Unterminated|unexpected EOF/i);
  await form(`/terminal/hosts/${id}`, { name: 'command', address: '127.0.0.1', port: String(target.port), user: account, authentication: 'key', command: `printf 'ran:%s:' "$(id -un)" 100%%` });
  const terminal = await connect(id);
  await shows(terminal, new RegExp(`ran:${account}:`));
  await until(async () => (await t.app.terminals.ask('list', {}))!.find((each) => each.id === terminal)?.exit?.code === 0);
});

test('a host that does not answer is said so, and no terminal is opened', async () => {
  const id = await save('nobody', { port: '1' });
  const answer = await asScript(`/terminal/hosts/${id}/connect`);
  expect([answer.status, await answer.json()]).toEqual([503, { error: expect.stringMatching(/nobody does not answer: .*Connection refused/), field: undefined } as never]);
});

test('S1 S2 hostile values neither become options nor run anything here', async () => {
  const canary = join(folder, 'canary');
  const touch = `touch ${canary}`;
  const hostile = [`-oProxyCommand=${touch}`, `x\nProxyCommand ${touch}`, `x;${touch}`, `$(${touch})`, `\`${touch}\``, `x -oProxyCommand=${touch}`, `"\nLocalCommand ${touch}`, '%h;id', '${HOME}', 'x\0y', "x'y", 'x|y'];
  const base = { name: 'hostile', address: '127.0.0.1', port: String(target.port), user: account, authentication: 'key', privateKey: plain.privateKey };
  for (const text of hostile) {
    for (const field of ['address', 'user', 'port']) {
      const answer = await form('/terminal/hosts', { ...base, [field]: text });
      expect([field, text, answer.status]).toEqual([field, text, 422]);
    }
    for (const [authentication, field] of [['file', 'keyPath'], ['agent', 'agentSocket']] as const) {
      expect([text, (await form('/terminal/hosts', { ...base, authentication, [field]: text })).status]).toEqual([text, 422]);
    }
  }
  for (const command of [`-oProxyCommand=${touch}`, `x\n${touch}`]) expect((await form('/terminal/hosts', { ...base, command })).status).toBe(422);
  // What may stand in a name, stands in no argument.
  const id = await save(`$(${touch});"'\``, { ...base, name: `$(${touch});"'\``, group: '`id`' });
  await pin(id, target);
  await isIn(await connect(id));
  // A row that no form has made.
  for (const [column, text] of [['address', `127.0.0.1\n  ProxyCommand ${touch}`], ['address', `$(${touch})`], ['user', `x\nProxyCommand ${touch}`], ['user', `-oProxyCommand=${touch}`]] as const) {
    const row = await save(`row ${column} ${text.length}`, { authentication: 'key', privateKey: plain.privateKey });
    t.app.db.$client.query(`UPDATE ssh_hosts SET ${column === 'user' ? 'user' : 'address'} = ? WHERE id = ?`).run(text, row);
    expect((await asScript(`/terminal/hosts/${row}/connect`)).status).toBe(500);
    t.app.db.$client.query('DELETE FROM ssh_hosts WHERE id = ?').run(row);
  }
  expect(existsSync(canary)).toBe(false);
});

test('S13 nothing kept is in a process, a file, a page, the log or the audit log, at any moment', async () => {
  const canaries = [PASSWORD, PASSPHRASE, ...[plain, locked].map(({ privateKey }) => privateKey.split('\n')[2]!)];
  const found = (text: string) => canaries.filter((canary) => text.includes(canary));
  const through = (t.app.db.$client.query("SELECT id FROM ssh_hosts WHERE name = 'bastion'").get() as { id: string }).id;
  const id = (t.app.db.$client.query("SELECT id FROM ssh_hosts WHERE name = 'behind'").get() as { id: string }).id;
  expect((await form(`/terminal/hosts/${id}/look`, {})).status).toBe(303);
  await form(`/terminal/hosts/${id}/key`, { seen: target.hostKey.fingerprint, confirm: 'behind' });
  // All processes, again and again while ssh signs in twice and asks for both secrets.
  const seen = new Set<string>();
  const leaked: string[] = [];
  let over = false;
  const watch = (async () => {
    while (!over) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
        for (const file of ['environ', 'cmdline']) {
          const text = read(`/proc/${pid}/${file}`);
          if (text.includes('mantou-hop-1')) seen.add('hop');
          if (text.includes('MANTOU_ASKPASS')) seen.add('askpass');
          leaked.push(...found(text).map((canary) => `${canary} in ${file}`));
        }
      }
      await Bun.sleep(5);
    }
  })();
  await isIn(await connect(id));
  over = true;
  await watch;
  expect([...seen].sort()).toEqual(['askpass', 'hop']);
  expect(leaked).toEqual([]);
  // Files of the panel, and those in memory by their names: what is held has none.
  t.app.db.$client.run('PRAGMA wal_checkpoint(FULL)');
  // Those of other panels, which run beside this one, come and go.
  const place = handoverPlace(t.app.config.dataDir);
  const own = readdirSync(dirname(place)).filter((name) => name.startsWith(basename(place))).map((name) => join(dirname(place), name));
  const walk = (path: string): string[] => (lstatSync(path).isDirectory() ? readdirSync(path).flatMap((name) => walk(join(path, name))) : lstatSync(path).isFile() ? [path] : []);
  const files = [t.app.config.dataDir, ...own].flatMap(walk);
  expect(files.some((path) => path.endsWith('known_hosts'))).toBe(true);
  for (const path of files) expect([path, found(read(path))]).toEqual([path, []]);
  for (const path of ['/terminal', `/terminal/hosts/${id}`, `/terminal/hosts/${through}`, `/terminal/hosts/${through}/key`]) {
    const html = await (await admin.request(path)).text();
    expect([path, found(html), /v1\.[\w-]{40}/.test(html)]).toEqual([path, [], false]);
  }
  expect(found(JSON.stringify(t.app.db.$client.query('SELECT * FROM audit').all()))).toEqual([]);
  expect(found(log.join('\n'))).toEqual([]);
});

test('each act is in the audit log', () => {
  const rows = t.app.db.$client.query("SELECT action, target, result, params FROM audit WHERE action LIKE 'ssh_hosts.%'").all() as { action: string; target: string; result: string; params: string }[];
  expect(new Set(rows.map(({ action }) => action))).toEqual(new Set(['ssh_hosts.add', 'ssh_hosts.change', 'ssh_hosts.pin', 'ssh_hosts.connect']));
  const refused = rows.filter(({ action, target, result }) => action === 'ssh_hosts.connect' && target === 'reinstalled' && result === 'refused');
  expect(refused).toHaveLength(1);
  expect(rows.find(({ action, target, params }) => action === 'ssh_hosts.pin' && target === 'reinstalled' && params.includes('before'))).toBeDefined();
});

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
