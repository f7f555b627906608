import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { ENCODINGS, type TextEncoding, decode } from '../../core/files/text/encodings.ts';
import { compile } from '../../core/files/search/pattern.ts';
import { findBytes, findLine, hexBytes, wantedBytes, type Found, type FindOptions } from '../../core/files/windows/find.ts';
import { readWindow, type Window } from '../../core/files/windows/window.ts';
import { withSource, type Source } from '../../core/files/windows/source.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';

const PathField = z.string().max(400_000);
const Place = z.coerce.number().int().min(0).max(2 ** 52);
const Encoding = z.enum(ENCODINGS).default('utf-8');
const WindowQuery = z.object({ path: PathField, at: Place, toward: z.enum(['forward', 'back', 'near']), encoding: Encoding });
const FindQuery = z.object({
  path: PathField, q: z.string().max(1000), from: Place, back: z.literal('on').optional(), regex: z.literal('on').optional(),
  case: z.literal('on').optional(), as: z.enum(['text', 'hex']).default('text'), encoding: Encoding,
});

/** After this a search in a file tells how far it came; the person may go on. */
const BUDGET_MS = 60_000;

/** Parts of one large file: lines from some byte on, and the next place of something. JSON for public/js/files/view/. */
export function windows(app: App) {
  const r = new Hono<Env>();

  r.get('/files/view/window', allow('files.read'), async (c) => {
    const { path, at, toward, encoding } = readQuery(c, WindowQuery);
    return c.json(await withSource(app, actorOf(c), path, (source) => readWindow(source, at, toward, encoding)));
  });

  r.get('/files/view/find', allow('files.read'), async (c) => {
    const query = readQuery(c, FindQuery);
    const { signal } = c.req.raw;
    // A quiet connection is closed after 10 s otherwise.
    c.env.server.timeout(c.req.raw, 120);
    const options = { from: query.from, back: query.back === 'on', signal, budget: BUDGET_MS };
    try {
      return c.json(await withSource(app, actorOf(c), query.path, (source) => find(source, query, options)));
    } catch (error) {
      // What was typed does not fit: the page says so beside the field.
      if (!(error instanceof AppError) || error.field !== 'text') throw error;
      return c.json({ error: error.say(uiOf(c).t) }, 422);
    }
  });

  return r;
}

type Marked = { window: Window; row: number; from: number; to: number };

async function find(source: Source, query: z.output<typeof FindQuery>, options: FindOptions): Promise<Found & { mark?: Marked }> {
  if (query.as === 'hex') return findBytes(source, hexBytes(query.q), options);
  const { encoding } = query;
  const pattern = compile({ text: query.q, regex: query.regex === 'on', exact: query.case === 'on' });
  const found = pattern.bytes ? await findBytes(source, wantedBytes(query.q, encoding), options) : await findLine(source, pattern, encoding, options);
  if ('stopped' in found) return found;
  return { ...found, mark: await marked(source, found, encoding) };
}

/** The lines around it, and where in which of them it is, in UTF-16 units. */
async function marked(source: Source, { at, to }: { at: number; to: number }, encoding: TextEncoding): Promise<Marked> {
  const window = await readWindow(source, at, 'near', encoding);
  const row = Math.max(0, window.lines.findLastIndex((line) => line.at <= at));
  const start = window.lines[row]?.at ?? at;
  const units = async (end: number) => decode(await source.read(start, Math.max(0, Math.min(end - start, 64 << 10))), encoding).text.length;
  return { window, row, from: await units(at), to: await units(to) };
}
