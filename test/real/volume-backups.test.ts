import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/app.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import { downloadVolume, startBackup } from '../../src/core/volumes/backups/backup.ts';
import { backupsFolder, begin, type Quiet } from '../../src/core/volumes/backups/begun.ts';
import { fillCarrier, makeCarrier } from '../../src/core/volumes/backups/carrier.ts';
import { startClone } from '../../src/core/volumes/backups/clone.ts';
import { backupPath, listBackups } from '../../src/core/volumes/backups/kept.ts';
import { unpackBackup } from '../../src/core/volumes/backups/read.ts';
import { startRestore } from '../../src/core/volumes/backups/restore.ts';
import { undo } from '../../src/core/volumes/backups/settle.ts';
import { createVolume, listVolumes, NewVolume } from '../../src/core/volumes/volumes.ts';
import { en } from '../../src/i18n/en.ts';
import { AppError } from '../../src/lib/errors.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { busyboxImage, engine, testContainers } from '../support/docker.ts';
import { live } from '../support/live.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('linux', 'root', 'docker', 'busybox');
const containers = testContainers('vback');
const OWN = `mantou-vback-${process.pid}`;
const docker = engine();
let panel: TestApp;
/** Volumes that this panel made. */
const made: string[] = [];

if (it.ok) {
  beforeAll(async () => {
    panel = testApp({ docker: { ...docker, ask(call) {
      if (call.path === '/volumes/create') made.push((call.body as { Name: string }).Name);
      return docker.ask(call);
    } } });
    await busyboxImage();
  });
  afterAll(async () => {
    await panel.close();
    await containers.removeAll();
    for (const { name } of await mine()) await docker.ask({ method: 'DELETE', path: `/volumes/${name}`, query: { force: true } }).catch(() => {});
    expect(panel.errors).toEqual([]);
  });
}

const mine = async () => (await listVolumes(panel.app, SYSTEM)).filter(({ name }) => name.startsWith(OWN));
const words = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)}` : String(error));
const make = (name: string, more: object = {}) => createVolume(panel.app, SYSTEM, NewVolume.parse({ name: `${OWN}-${name}`, ...more }));

async function ended(id: string) {
  await panel.app.tasks.settled(id);
  return { ...getTask(panel.app, SYSTEM, id), log: existsSync(panel.app.tasks.logPath(id)) ? readFileSync(panel.app.tasks.logPath(id), 'utf8') : '' };
}
async function done(id: Promise<string>) {
  const task = await ended(await id);
  expect([task.state, task.error]).toEqual(['done', null]);
  return task;
}
const backUp = async (name: string, quiet: Quiet = 'none') => {
  await done(startBackup(panel.app, SYSTEM, `${OWN}-${name}`, { quiet }));
  return (await listBackups(panel.app, SYSTEM, `${OWN}-${name}`))[0]!;
};

/** Runs a script in a container that has the volume at /v, to its end. @returns what it said */
async function inside(name: string, script: string): Promise<string> {
  const { id } = await containers.run(['sh', '-c', script], { HostConfig: { Binds: [`${OWN}-${name}:/v`], NetworkMode: 'none' } });
  const { StatusCode } = (await docker.ask({ method: 'POST', path: `/containers/${id}/wait`, timeout: 300_000 })) as { StatusCode: number };
  const said = Buffer.concat(await Array.fromAsync(await docker.stream({ path: `/containers/${id}/logs`, query: { stdout: true, stderr: true } }))).toString('latin1').replace(/[\x00-\x02]\x00\x00\x00[^]{4}/g, '');
  await docker.ask({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } });
  expect([StatusCode, StatusCode === 0 ? '' : said]).toEqual([0, '']);
  return said;
}

/** Everything that can be said about what is in a volume of this machine. */
async function looks(name: string): Promise<string> {
  const at = ((await docker.ask({ path: `/volumes/${OWN}-${name}` })) as { Mountpoint: string }).Mountpoint;
  const find = Bun.spawn(['find', '.', '-printf', '%P %y %m %U %G %s %Ts %n %l\\n'], { cwd: at, stdout: 'pipe' });
  const sums = Bun.spawn(['find', '.', '-type', 'f', '-exec', 'sha256sum', '{}', '+'], { cwd: at, stdout: 'pipe' });
  // Sizes of folders are the file system's own business.
  const lines = (await find.stdout.text()).split('\n').map((line) => line.replace(/^(.*? d \d+ \d+ \d+) \d+/, '$1'));
  return [...lines.sort(), ...(await sums.stdout.text()).split('\n').sort()].join('\n');
}

/** Nothing of what only helped is left: containers, volumes, the image, notes, parts. */
async function nothingLeft() {
  const all = (await docker.ask({ path: '/containers/json', query: { all: true, filters: { label: ['io.mantou.carrier'] } } })) as { Names: string[]; Labels: Record<string, string> }[];
  const notes = readdirSync(backupsFolder(panel.app, '.begun'));
  expect(notes).toEqual([]);
  // Others may be at work on the same engine: only what this panel made counts.
  const volumes = ((await docker.ask({ path: '/volumes' })) as { Volumes: { Name: string }[] }).Volumes;
  return { carriers: all.map(({ Labels }) => Labels['io.mantou.carrier']), volumes: volumes.filter(({ Name }) => Name.startsWith('mantou-volume-') && made.includes(Name)).map(({ Name }) => Name) };
}

const FILL = [
  'cd /v', 'mkdir -p deep/er "a b"', 'echo hello > plain', 'echo secret > deep/er/mode; chown 33:44 deep/er/mode; chmod 4750 deep/er/mode', 'ln plain "a b/hard"', 'ln -s /etc/passwd link', 'ln -s plain near',
  'mkfifo pipe', 'mknod null c 1 3', 'touch "$(printf "new\\nline")" -- "-rf" "馒头"', 'dd if=/dev/urandom of=big bs=1048576 count=40 2>/dev/null', 'dd if=/dev/zero of=sparse bs=1 count=1 seek=5000000 2>/dev/null',
  'mkdir sticky; chmod 1777 sticky', 'touch -d "2001-02-03 04:05:06" plain deep', 'chown 999:998 /v; chmod 2751 /v; touch -d "1999-12-31 23:59:59" /v',
].join(' && ');

it('owners, modes, times, links, large files and strange names come back as they were, restored and cloned', async () => {
  await make('full', { labels: { owner: 'tests', 'com.docker.compose.project': 'none' } });
  await inside('full', FILL);
  const before = await looks('full');
  expect(before).toContain('deep/er/mode f 4750 33 44');
  const backup = await backUp('full');
  expect(backup.facts!.bytes).toBeGreaterThan(44 * 2 ** 20);
  expect(statSync(backupPath(panel.app, backup.volume, backup.id)).mode & 0o777).toBe(0o600);
  // Any other tool reads it.
  const listed = Bun.spawnSync(['tar', '--zstd', '-tvf', backupPath(panel.app, backup.volume, backup.id)]).stdout.toString();
  expect(listed).toContain('33/44');
  await done(startRestore(panel.app, SYSTEM, backup.volume, backup.id, { into: `${OWN}-again`, over: false, confirm: '' }));
  expect(await looks('again')).toBe(before);
  await done(startClone(panel.app, SYSTEM, `${OWN}-full`, { name: `${OWN}-twin`, labels: true, options: false, quiet: 'none' }));
  expect(await looks('twin')).toBe(before);
  expect((await mine()).find(({ name }) => name === `${OWN}-twin`)).toMatchObject({ labels: { owner: 'tests' }, usedBy: [] });
  expect(await nothingLeft()).toMatchObject({ volumes: [] });
});

it('in place of what is there: containers are stopped for it and run again, and nothing of the old is left', async () => {
  await make('live');
  await inside('live', 'cd /v && mkdir d && echo one > d/a && echo gone > keep && chmod 711 /v && chown 5:6 /v');
  const before = await looks('live');
  const backup = await backUp('live');
  const { id } = await containers.run(['sh', '-c', 'trap "exit 0" TERM; while true; do echo x >> /v/written; sleep 0.1; done'], { HostConfig: { Binds: [`${OWN}-live:/v`], RestartPolicy: { Name: 'always' } } });
  const other = await containers.run(['true'], { HostConfig: { Binds: [`${OWN}-live:/v`] } });
  await until(async () => (await looks('live')).includes('written'));
  const started = async () => ((await docker.ask({ path: `/containers/${id}/json` })) as { State: { StartedAt: string; Running: boolean } }).State;
  const first = await started();
  const { log } = await done(startRestore(panel.app, SYSTEM, backup.volume, backup.id, { into: `${OWN}-live`, over: true, confirm: `${OWN}-live` }));
  expect(log).toContain('exchanged');
  const second = await started();
  expect([second.Running, second.StartedAt === first.StartedAt]).toEqual([true, false]);
  await docker.ask({ method: 'POST', path: `/containers/${id}/kill` });
  const now = (await looks('live')).split('\n').filter((line) => !/written$|^written /.test(line)).join('\n');
  // What runs again writes again: only that and the time of the folder are others.
  expect(now.replace(/^ d 711 5 6 \d+/m, '')).toBe(before.replace(/^ d 711 5 6 \d+/m, ''));
  expect(((await docker.ask({ path: `/containers/${other.id}/json` })) as { State: { Running: boolean } }).State.Running).toBe(false);
  expect(await nothingLeft()).toMatchObject({ volumes: [] });
});

it('containers stand still while it is read, and run again also when it fails or is cancelled', async () => {
  await make('quiet');
  const { id, name } = await containers.run(['sh', '-c', 'trap "exit 0" TERM; dd if=/dev/urandom of=/v/big bs=1048576 count=60 2>/dev/null; touch /v/ready; while true; do sleep 0.1; done'], { HostConfig: { Binds: [`${OWN}-quiet:/v`] } });
  await until(async () => (await looks('quiet')).includes('ready'));
  const state = async () => ((await docker.ask({ path: `/containers/${id}/json` })) as { State: { Status: string } }).State.Status;
  for (const quiet of ['pause', 'stop'] as const) {
    const { log } = await done(startBackup(panel.app, SYSTEM, `${OWN}-quiet`, { quiet }));
    expect(log.split('\n').filter((line) => line.includes(name))).toEqual([`${quiet} ${name}`, `${quiet === 'pause' ? 'unpause' : 'start'} ${name}`]);
    expect([quiet, await state()]).toEqual([quiet, 'running']);
    const cancelled = await startBackup(panel.app, SYSTEM, `${OWN}-quiet`, { quiet });
    const folder = backupsFolder(panel.app, `${OWN}-quiet`);
    await until(async () => (await Bun.sleep(2), readdirSync(folder).some((file) => file.endsWith('.part'))));
    panel.app.tasks.cancel(cancelled);
    expect((await ended(cancelled)).state).toBe('cancelled');
    expect([quiet, await state()]).toEqual([quiet, 'running']);
  }
  expect((await listBackups(panel.app, SYSTEM, `${OWN}-quiet`)).map(({ facts }) => facts!.quiet).sort()).toEqual(['pause', 'stop']);
  expect(readdirSync(backupsFolder(panel.app, `${OWN}-quiet`)).filter((file) => file.endsWith('.part'))).toEqual([]);
  const auto = await containers.run(['sleep', '100'], { HostConfig: { Binds: [`${OWN}-quiet:/v`], AutoRemove: true } });
  const refused = await ended(await startBackup(panel.app, SYSTEM, `${OWN}-quiet`, { quiet: 'stop' }));
  expect([refused.state, refused.error?.en]).toEqual(['failed', expect.stringContaining(`${auto.name} removes itself`)]);
  expect(await state()).toBe('running');
});

it('what does not fit into a volume is told in the words of the engine; one that is not plain is not exchanged', async () => {
  await make('large');
  await inside('large', 'dd if=/dev/urandom of=/v/big bs=1048576 count=12 2>/dev/null');
  await make('small', { options: { type: 'tmpfs', device: 'tmpfs', o: 'size=4m' } });
  const backup = await backUp('large');
  const begun = begin(panel.app);
  const carrier = await makeCarrier(panel.app, begun, `${OWN}-small`, { write: true });
  const source = unpackBackup(panel.app, backup, () => {});
  expect(await fillCarrier(panel.app, carrier, source.data, new AbortController().signal).catch(words)).toMatch(/^unavailable: .*no space left on device/);
  source.close();
  await undo(panel.app, begun, () => {});
  const over = await startRestore(panel.app, SYSTEM, backup.volume, backup.id, { into: `${OWN}-small`, over: true, confirm: `${OWN}-small` }).catch(words);
  expect(over).toContain('not a plain volume');
});

it('a full disk of the panel keeps nothing, says so, and the next one works', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-full-'));
  expect(Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder]).exitCode).toBe(0);
  try {
    Bun.spawnSync(['mkdir', '-p', backupsFolder(panel.app, `${OWN}-large`)]);
    expect(Bun.spawnSync(['mount', '--bind', folder, backupsFolder(panel.app, `${OWN}-large`)]).exitCode).toBe(0);
    const task = await ended(await startBackup(panel.app, SYSTEM, `${OWN}-large`, { quiet: 'none' }));
    expect([task.state, task.error?.en]).toEqual(['failed', expect.stringContaining('disk of the panel is full')]);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    Bun.spawnSync(['umount', backupsFolder(panel.app, `${OWN}-large`)]);
    Bun.spawnSync(['umount', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
  expect(await nothingLeft()).toMatchObject({ volumes: [] });
  await backUp('large');
});

it('what is downloaded is the same tar, and one that nobody takes to its end leaves nothing', async () => {
  const served = live(panel);
  const admin = panel.as('admin', 'downloads');
  const get = (init: RequestInit = {}) => fetch(`${served.origin}/volumes/${OWN}-large/contents`, { headers: { cookie: `mantou_session=${admin.token}` }, ...init });
  const packed = await (await get()).bytes();
  const { facts } = (await listBackups(panel.app, SYSTEM, `${OWN}-large`))[0]!;
  expect(Bun.zstdDecompressSync(packed).length).toBe(facts!.bytes);
  expect((await get({ method: 'HEAD' })).status).toBe(200);
  const gone = new AbortController();
  const half = await get({ signal: gone.signal });
  await half.body!.getReader().read();
  gone.abort();
  const untaken = await downloadVolume(panel.app, SYSTEM, `${OWN}-large`, new AbortController().signal);
  await untaken.body[Symbol.asyncIterator]().return!();
  await until(() => readdirSync(backupsFolder(panel.app, '.begun')).length === 0);
  expect(await nothingLeft()).toMatchObject({ volumes: [] });
  await served.stop();
});
