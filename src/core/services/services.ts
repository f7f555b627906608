import { z } from 'zod';
import { pageOfRows, type Page, type PageQuery } from '../../lib/page.ts';
import { AppError } from '../../lib/errors.ts';
import { hideSecrets } from '../../platform/command-line.ts';
import { SERVICE_STATES, START_TYPES, type ServiceDetail, type ServiceFile, type ServiceLine, type ServiceRow } from '../../platform/services.ts';
import { can, need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { hideInText, hideInUnit } from './unit-secrets.ts';

/** What a service is called: by systemd "getty@tty1.service", by Windows anything without slashes. Never an option (S2). */
export const ServiceName = z.string().min(1).max(255).regex(/^(?!-)[^\x00-\x1f\x7f/]+$/);

const text = (value: string) => value.toLowerCase();

/** What a list of services may be sorted by. Failed ones stand first. */
const FIELDS = {
  state: (row: ServiceRow) => SERVICE_STATES.indexOf(row.state),
  name: (row: ServiceRow) => text(row.name),
  title: (row: ServiceRow) => text(row.title),
  start: (row: ServiceRow) => START_TYPES.indexOf(row.start),
  memory: (row: ServiceRow) => row.memory ?? -1,
  since: (row: ServiceRow) => row.since ?? 0,
};

export type ServiceField = keyof typeof FIELDS;
export const SERVICE_FIELDS = Object.keys(FIELDS) as [ServiceField, ...ServiceField[]];

/** What somebody wants to see of them. */
export const STATE_GROUPS = ['failed', 'running', 'stopped'] as const;
export type StateGroup = (typeof STATE_GROUPS)[number];

export const groupOf = ({ state }: Pick<ServiceRow, 'state'>): StateGroup => (state === 'failed' ? 'failed' : state === 'stopped' || state === 'unknown' ? 'stopped' : 'running');

export const SERVICE_FILTER = {
  q: z.string().max(200).optional(),
  state: z.enum(STATE_GROUPS).optional(),
  start: z.enum(START_TYPES).optional(),
};
type Filter = z.output<z.ZodObject<typeof SERVICE_FILTER>>;

export interface ServiceList extends Page<ServiceRow> {
  /** Of all that there are, whatever is filtered. */
  counts: Record<StateGroup | 'all', number>;
}

/** @throws AppError denied, unavailable */
export async function listServices(app: App, actor: Actor, query: PageQuery<ServiceField> & Filter): Promise<ServiceList> {
  need(actor, 'services.read');
  const rows = await app.host.services.list();
  const counts = { all: rows.length, failed: 0, running: 0, stopped: 0 };
  for (const row of rows) counts[groupOf(row)]++;
  const q = text(query.q?.trim() ?? '');
  const wanted = rows.filter((row) =>
    (!query.state || groupOf(row) === query.state) && (!query.start || row.start === query.start) && (!q || text(row.name).includes(q) || text(row.title).includes(q)));
  return { ...pageOfRows(wanted, FIELDS, (row) => row.name, query), counts };
}

export interface OneService extends ServiceDetail {
  /** With their texts, for who may see them. */
  texts: ServiceFile[] | null;
  log: ServiceLine[] | null;
}

export const LINES = 20;

/** @throws AppError denied, not_found, unavailable */
export async function readService(app: App, actor: Actor, name: string): Promise<OneService> {
  const found = await findService(app, actor, name);
  const inspects = can(actor, 'services.inspect');
  const [texts, log] = inspects ? await Promise.all([readFiles(app, actor, found.row.name), app.host.services.log(found.row.name, LINES)]) : [null, null];
  // What runs after a failure may hold a secret among its words, and whoever changes it must see it whole.
  return { ...found, command: found.command && hideInText(hideSecrets(found.command)), settings: can(actor, 'services.write') ? found.settings : null, texts, log };
}

/** The texts that make it; secrets in them are shown to administrators. @throws AppError denied */
export async function readFiles(app: App, actor: Actor, name: string): Promise<ServiceFile[]> {
  need(actor, 'services.inspect');
  const files = await app.host.services.files(name);
  return can(actor, 'services.write') ? files : files.map((file) => ({ ...file, text: file.text === null ? null : hideInUnit(file.text) }));
}

/** @throws AppError denied, not_found, unavailable */
export async function readLog(app: App, actor: Actor, name: string, lines: number): Promise<ServiceLine[] | null> {
  need(actor, 'services.inspect');
  const { row } = await findService(app, actor, name);
  return app.host.services.log(row.name, lines);
}

export async function findService(app: App, actor: Actor, name: string): Promise<ServiceDetail> {
  need(actor, 'services.read');
  const known = ServiceName.safeParse(name).success;
  const found = known ? await app.host.services.one(name) : null;
  if (!found) throw new AppError('not_found', (t) => t.services.gone({ name: name.slice(0, 255) }));
  return found;
}
