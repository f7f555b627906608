import { z } from 'zod';
import { CONFLICT_POLICIES } from '../../../db/schema/files.ts';
import { AppError } from '../../../lib/errors.ts';
import { say } from '../../../lib/issue.ts';
import { sha256 } from '../../../lib/random.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { told } from '../faults.ts';
import { openFolder } from '../entry.ts';
import { normalName } from '../paths.ts';
import { receive } from './receive.ts';
import { lookupAll, shownUrl, type Lookup } from './request.ts';

export const FetchInput = z.strictObject({
  folder: z.string().min(1).max(300_000),
  url: z
    .string()
    .trim()
    .max(8192, say('fetches.urlRule', (t) => t.fetches.urlRule))
    .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), say('fetches.urlRule', (t) => t.fetches.urlRule)),
  /** Empty: as the other server calls it. */
  name: z.string().max(1024).default(''),
  conflict: z.enum(CONFLICT_POLICIES).default('ask'),
});

export type Fetching = z.output<typeof FetchInput>;

/**
 * Fetches a file by its URL into a folder, as a task; returns its id. The URL's password and query stay out of the
 * task, its log and the audit log: both may be secrets.
 * @throws AppError denied, invalid, not_found, conflict (the same one is under way)
 */
export async function startFetch(app: App, actor: Actor, input: Fetching, lookup: Lookup = lookupAll): Promise<string> {
  need(actor, 'files.write');
  if (input.name) normalName(app.host.files.kind, input.name);
  const folder = await openFolder(app, actor, input.folder, 'write');
  const path = folder.real;
  await folder.close();
  const url = new URL(input.url);
  const shown = shownUrl(url);
  const id = app.tasks.start(actor, {
    kind: 'files.fetch', key: `files.fetch:${sha256(`${path}\n${url.href}`)}`, params: { url: shown, folder: path }, steps: ['connect', 'receive', 'save'],
    run: (task) => run(app, actor, { ...input, folder: path }, url, lookup, task),
  });
  record(app, actor, { action: 'files.fetch', target: path, params: { url: shown, task: id } });
  return id;
}

/** The folder is held from the first byte to the last: whatever is renamed meanwhile, the file comes to where it was meant. */
async function run(app: App, actor: Actor, input: Fetching, url: URL, lookup: Lookup, task: TaskContext) {
  const folder = await openFolder(app, actor, input.folder, 'write');
  try {
    await told(folder.real, () => receive(app, folder, { url, name: input.name, conflict: input.conflict, lookup }, task));
  } catch (error) {
    // Bun's own words for a broken connection would be told as a bug of the panel.
    if (error instanceof AppError || task.signal.aborted || !(error instanceof Error) || !/^(E[A-Z]+|ERR_|Connection|HPE_|Unable)/.test(String((error as NodeJS.ErrnoException).code ?? ''))) throw error;
    throw new AppError('unavailable', (t) => t.fetches.unreachable({ host: url.host, reason: String((error as NodeJS.ErrnoException).code) }), { cause: error });
  } finally {
    await folder.close();
    app.bus.emit('files.changed', { folder: folder.real });
  }
}
