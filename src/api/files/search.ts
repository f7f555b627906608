import { z } from 'zod';
import type { Actor, App } from '../../core/app.ts';
import { openFolder } from '../../core/files/entry.ts';
import { compile, PATTERN_MOST } from '../../core/files/search/pattern.ts';
import {
  EXCLUDED, RESULTS_DEFAULT, RESULTS_MOST, search, SECONDS_DEFAULT, SECONDS_MOST, type Ended, type Hit, type SearchInput,
} from '../../core/files/search/search.ts';
import { FIRST_LINE, NDJSON, ndjsonBody, ndjsonLines } from '../../http/ndjson.ts';
import { AppError } from '../../lib/errors.ts';
import { endpoint } from '../endpoint.ts';
import { means } from '../schemas.ts';

const flag = z.enum(['true', 'false']).default('false');

const Query = z.strictObject({
  path: means(z.string().max(300_000), 'filePath'),
  name: means(z.string().max(PATTERN_MOST).default(''), 'searchName'),
  text: means(z.string().max(PATTERN_MOST).default(''), 'searchText'),
  regex: means(flag, 'searchRegex'),
  case: means(flag, 'searchCase'),
  hidden: means(flag, 'fileHidden'),
  exclude: means(z.string().max(1000).default(EXCLUDED), 'searchExclude'),
  mounts: means(flag, 'searchMounts'),
  limit: means(z.coerce.number().int().min(1).max(RESULTS_MOST).default(RESULTS_DEFAULT), 'limit'),
  seconds: means(z.coerce.number().int().min(1).max(SECONDS_MOST).default(SECONDS_DEFAULT), 'searchSeconds'),
});

const onOff = (value: 'true' | 'false') => (value === 'true' ? 'on' : 'off');

export const fileSearch = [
  endpoint({
    id: 'files.search', method: 'get', path: '/files/search', permission: 'files.read', status: 200,
    query: Query, gives: NDJSON, refusals: ['not_found', 'invalid'],
    example: { query: 'path=/etc&text=PermitRootLogin' },
    async run(app, actor, { query }, c) {
      const { name, text } = query;
      if (name === '' && text === '') throw new AppError('invalid', (t) => t.search.needed, { field: 'text' });
      const input: SearchInput = { ...query, regex: onOff(query.regex), case: onOff(query.case), hidden: onOff(query.hidden), mounts: onOff(query.mounts) };
      // What is refused is refused before the first line, with a status of its own.
      for (const each of [text, input.regex === 'on' && text === '' ? name : '']) if (each) compile({ text: each, regex: input.regex === 'on', exact: true });
      await (await openFolder(app, actor, query.path)).close();
      return ndjsonBody(c, stream(app, actor, input, c.req.raw.signal));
    },
  }),
];

const type = (hit: Hit) => ({ ...hit, type: hit.type === 'folder' ? ('dir' as const) : hit.type });

/** A line of JSON for each hit, and one at the end that says how it ended. Whoever stops reading ends the search. */
function stream(app: App, actor: Actor, input: SearchInput, signal: AbortSignal): ReadableStream<Uint8Array> {
  const over = new AbortController();
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      const send = (line: object) => over.signal.aborted || controller.enqueue(encoder.encode(ndjsonLines([line])));
      signal.addEventListener('abort', () => over.abort(), { once: true });
      controller.enqueue(FIRST_LINE);
      search(app, actor, input, over.signal, { hit: (hit) => void send(type(hit)) })
        .then((ended: Ended) => {
          send(ended);
          if (!over.signal.aborted) controller.close();
        })
        .catch((error: unknown) => {
          if (!over.signal.aborted) controller.error(error);
        });
    },
    cancel: () => over.abort(),
  });
}
