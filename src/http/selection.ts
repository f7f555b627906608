import type { Context } from 'hono';
import { getListing, listedNames } from '../core/files/listing/listing.ts';
import { getSelection, keepSelection, type Selection } from '../core/files/listing/selections.ts';
import { normalPath } from '../core/files/paths.ts';
import { AppError } from '../lib/errors.ts';
import { actorOf } from './actor.ts';
import type { Env } from './env.ts';
import { readBody } from './form.ts';

export type { Selection };

/** With more names than this a form carries the id of the selection instead of them. */
const FIELDS_MOST = 200;

/**
 * The selection of a query (GET) or a form: `folder` with repeated `name`; or, where everything was selected, `listing`
 * with `all=on` and repeated `except`; or `selection`, the id of one that was kept. May be empty: who needs something
 * selected says so.
 * @throws AppError invalid for names that are none; conflict when the listing or selection is not kept any more
 */
export async function readSelection(c: Context<Env>): Promise<Selection> {
  const fields = await readRepeated(c);
  const id = fields('selection')[0];
  if (id) return getSelection(c.get('app'), actorOf(c), id) ?? expired('selection');
  const read = fields('all')[0] === 'on' ? everything(c, fields('listing')[0] ?? '', new Set(fields('except'))) : named(c, fields);
  return read.names.length > FIELDS_MOST ? keepSelection(c.get('app'), actorOf(c), read) : read;
}

type Fields = (name: string) => string[];

async function readRepeated(c: Context<Env>): Promise<Fields> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return (name) => c.req.queries(name) ?? [];
  const body = await readBody(c, { all: true });
  return (name) => [body[name] ?? []].flat().filter((value): value is string => typeof value === 'string');
}

function named(c: Context<Env>, fields: Fields): Selection {
  const { kind } = c.get('app').host.files;
  const folder = normalPath(kind, fields('folder')[0] ?? '');
  const names = [...new Set(fields('name'))];
  for (const name of names) if (!isName(name, kind)) throw new AppError('invalid', (t) => t.files.errors.badPath, { field: 'name' });
  return { folder, names };
}

function everything(c: Context<Env>, id: string, except: ReadonlySet<string>): Selection {
  const listing = getListing(c.get('app'), actorOf(c), id) ?? expired('listing');
  return { folder: listing.path, names: listedNames(listing).filter((name) => !except.has(name)) };
}

function expired(field: string): never {
  throw new AppError('conflict', (t) => t.listing.expired, { field });
}

/** One name of something that is there; looser than for new ones, so that whatever is listed can be deleted. */
const isName = (name: string, kind: 'posix' | 'windows') =>
  name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && !(kind === 'windows' && /[\\:]/.test(name));
