import { lstat, statfs } from 'node:fs/promises';
import type { ConflictPolicy } from '../../../db/schema/files.ts';
import { AppError } from '../../../lib/errors.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { App } from '../../app.ts';
import { getSetting } from '../../settings/settings.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { createPart, renameNew, syncFolder, type Part } from '../beside.ts';
import { errnoOf } from '../faults.ts';
import { exists, freeName } from '../operations/names.ts';
import { suggestedName } from './name.ts';
import { request, type Answered, type Lookup } from './request.ts';

export interface Wanted {
  url: URL;
  name: string;
  conflict: ConflictPolicy;
  lookup: Lookup;
}

/** What is known of the file on the other side, to go on with the same one. */
interface Remote {
  url: URL;
  /** null: it has not said. */
  size: number | null;
  /** A strong tag, else the date; null: pieces of it cannot be put together. */
  validator: string | null;
}

/** Attempts that brought nothing, one after the other; and all of them, however far each came. */
const VAIN_MOST = 4;
const TRIES_MOST = 30;
/** A server that says nothing for so long has gone. */
const QUIET_MS = 60_000;
/** Room that the disk keeps beside the file. */
const SPARE = 64 << 20;

const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Brings the file into a hidden part beside its target and names it when it is whole; on every fault the part goes. */
export async function receive(app: App, folder: PinnedFolder, wanted: Wanted, task: TaskContext): Promise<void> {
  task.step('connect');
  const first = await ask(app, wanted, task, null, 0);
  let name = wanted.name || suggestedName(app.host.files.kind, first.url, first.response.headers.get('content-disposition'));
  const remote = remoteOf(first);
  const drop = () => first.response.body?.cancel();
  if (await exists(folder, name)) {
    if (wanted.conflict === 'skip') return await drop(), task.log(`${name} is there already and was kept`);
    if (wanted.conflict === 'ask') throw (await drop(), new AppError('conflict', (t) => t.files.errors.exists, { detail: name }));
    if (wanted.conflict === 'keep-both') name = await freeName(folder, name);
  }
  const most = await mostBytes(app, folder, remote.size);
  const part = await createPart(app, folder, name);
  try {
    task.step('receive');
    const size = await receiveAll(app, wanted, task, part, first, remote, most);
    task.step('save');
    const saved = await save(folder, part, name, wanted.conflict);
    task.log(saved === null ? `${name} is there already and was kept` : `saved as ${saved}, ${mib(size)}`);
  } finally {
    await part.discard();
  }
}

/** The least of what the setting and the disk allow. @throws AppError when it is known to be too much */
async function mostBytes(app: App, folder: PinnedFolder, size: number | null): Promise<number> {
  const gib = getSetting(app, 'uploadGiB');
  const cap = gib === 0 ? Infinity : gib * 2 ** 30;
  const { bavail, bsize } = await statfs(folder.at(''));
  const free = Math.max(0, bavail * bsize - SPARE);
  if (size !== null && size > cap) throw tooBig(size, cap);
  if (size !== null && size > free) throw new AppError('unavailable', (t) => t.fetches.noRoom({ size: mib(size), free: mib(free) }));
  return Math.min(cap, free);
}

const tooBig = (size: number, most: number) => new AppError('invalid', (t) => t.fetches.tooBig({ size: mib(size), most: mib(most) }));

async function ask(app: App, { url, lookup }: Wanted, task: TaskContext, remote: Remote | null, at: number): Promise<Answered> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity', accept: '*/*', 'user-agent': `Mantou/${app.version}` };
  if (remote?.validator && at > 0) Object.assign(headers, { range: `bytes=${at}-`, 'if-range': remote.validator });
  const answered = await request({ url, headers, private: getSetting(app, 'fetchPrivate'), lookup, signal: task.signal, log: task.log });
  const { status } = answered.response;
  if (status === 200 || (status === 206 && at > 0)) return answered;
  await answered.response.body?.cancel();
  throw new AppError('unavailable', (t) => t.fetches.status({ status }));
}

function remoteOf({ response: { headers }, url }: Answered): Remote {
  const length = headers.get('content-length');
  const etag = headers.get('etag');
  const strong = etag?.startsWith('"') ? etag : null;
  const resumable = headers.get('accept-ranges') !== 'none';
  return { url, size: length !== null && /^\d+$/.test(length) ? Number(length) : null, validator: resumable ? (strong ?? headers.get('last-modified')) : null };
}

/** @returns how many bytes it has in the end */
async function receiveAll(app: App, wanted: Wanted, task: TaskContext, part: Part, first: Answered, known: Remote, most: number): Promise<number> {
  let at = 0;
  let answered: Answered | null = first;
  let remote = known;
  let vain = 0;
  for (let n = 1; ; n++) {
    const from = at;
    try {
      answered ??= await ask(app, wanted, task, remote, at);
      if (n > 1 && !continues(answered, at, remote)) {
        task.log('the server sends it from the beginning: starting over');
        remote = remoteOf(answered);
        at = 0;
        await part.handle.truncate(0);
      }
      at = await pour(answered.response, part, at, { most, total: remote.size, task });
      // A body that ends without a fault and whose length nobody said is whole.
      if (remote.size === null || at === remote.size) return at;
      if (at > remote.size) throw new AppError('unavailable', (t) => t.fetches.broken);
    } catch (error) {
      if (task.signal.aborted || error instanceof Stop) throw error instanceof Stop ? error.cause : error;
      at = (await part.handle.stat()).size;
      if (!remote.validator && at > 0) throw new AppError('unavailable', (t) => t.fetches.broken, { cause: error });
      if (error instanceof AppError && at === from && n > 1 && error.code !== 'unavailable') throw error;
      if (n >= TRIES_MOST || vain >= VAIN_MOST) throw new AppError('unavailable', (t) => t.fetches.broken, { cause: error });
    }
    vain = at > from ? 0 : vain + 1;
    answered = null;
    task.log(`the connection broke at ${mib(at)}; attempt ${n + 1} goes on from there`);
    await pause(250 * 2 ** vain, task.signal);
  }
}

/** Does this answer go on with the same file at this very byte? */
function continues({ response }: Answered, at: number, remote: Remote): boolean {
  if (at === 0) return response.status === 200;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  return response.status === 206 && Number(range?.[1]) === at && (remote.size === null || range?.[2] === '*' || Number(range?.[2]) === remote.size);
}

/** What no further attempt would mend: the limit is reached, or the disk cannot be written. */
class Stop extends Error {}

interface Pouring {
  most: number;
  total: number | null;
  task: TaskContext;
}

/** Writes a body to the part from `at` on. @returns where it ended. @throws Stop, or what the connection says */
async function pour(response: Response, part: Part, at: number, { most, total, task }: Pouring): Promise<number> {
  if (!response.body) return at;
  const reader = response.body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isQuiet = false;
  // A promise to race against would hold every piece that ever won the race, until the last has come.
  const wait = () => {
    isQuiet = true;
    void reader.cancel().catch(() => {});
  };
  timer = setTimeout(wait, QUIET_MS);
  timer.unref?.();
  try {
    for (;;) {
      const next = await reader.read();
      if (isQuiet) throw new Error(`nothing came for ${QUIET_MS / 1000} s`);
      if (next.done) return at;
      timer?.refresh();
      if (at + next.value.length > most) throw new Stop('full', { cause: tooBig(total ?? at + next.value.length, most) });
      await part.handle.write(next.value, 0, next.value.length, at).catch((cause: unknown) => Promise.reject(new Stop('disk', { cause })));
      at += next.value.length;
      task.progress(total ? at / total : null);
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => {});
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    setTimeout(resolve, ms);
  });

/** Its name, or null when something had the name by then and was kept. */
async function save(folder: PinnedFolder, part: Part, name: string, conflict: ConflictPolicy): Promise<string | null> {
  const there = conflict === 'replace' ? await lstat(folder.at(name)).catch(() => null) : null;
  const old = there?.isFile() ? there : null;
  // As with every program: what a new file has, or what the one that it replaces had.
  if (old) await part.handle.chown(old.uid, old.gid).catch(() => {});
  await part.handle.chmod(old ? old.mode & 0o777 : 0o666 & ~process.umask());
  if (conflict === 'replace') return part.commit('replace').then(() => name);
  try {
    await part.commit('new');
    return name;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    if (conflict === 'skip') return null;
    if (conflict !== 'keep-both') throw error;
  }
  // Somebody took the name while the file came.
  const free = await freeName(folder, name);
  await renameNew(folder, part.name, folder, free);
  await syncFolder(folder);
  return free;
}
