import { z } from 'zod';
import { INPUT_MOST, OUTPUT_LEAST, OUTPUT_MOST, readOutput, typeInput } from '../core/terminal/remote.ts';
import {
  changeLooks, getTerminal, killTerminal, listTerminals, NewTerminal, openTerminal, resizeTerminal, setWatchable, TerminalLooks, TerminalSize, terminalTitle,
  type TerminalNow,
} from '../core/terminal/terminals.ts';
import { TERMINAL_COLOURS, TERMINAL_KINDS, TERMINAL_STATES } from '../db/schema/terminal.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { joinSocket } from '../http/terminal-socket.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, MaybeTime, means, Time } from './schemas.ts';

const Id = means(z.uuid(), 'terminalId');
const Colour = z.enum(TERMINAL_COLOURS);
const Live = z
  .object({
    cols: z.number().int(),
    rows: z.number().int(),
    command: means(z.string(), 'terminalCommand'),
    viewers: means(z.array(z.object({ name: z.string(), readOnly: z.boolean() })), 'terminalViewers'),
    start: means(z.number().int(), 'outputStart'),
    end: means(z.number().int(), 'outputEnd'),
    inputAt: means(Time, 'terminalInputAt'),
    outputAt: means(Time, 'terminalOutputAt'),
    recording: z.enum(['off', 'on', 'failed', 'full']),
  })
  .meta({ id: 'TerminalLive' });

const Terminal = z
  .object({
    id: Id,
    kind: z.enum(TERMINAL_KINDS),
    target: means(z.string(), 'terminalTarget'),
    folder: means(z.string(), 'terminalFolder'),
    name: means(z.string(), 'terminalName'),
    title: means(z.string(), 'terminalTitle'),
    colour: Colour,
    watchable: means(z.boolean(), 'terminalWatchable'),
    state: means(z.enum(TERMINAL_STATES), 'terminalState'),
    openedBy: z.string(),
    createdAt: Time,
    endedAt: MaybeTime,
    exitCode: means(z.number().int().nullable(), 'terminalExitCode'),
    exitSignal: means(z.string().nullable(), 'terminalExitSignal'),
    live: means(Live.nullable(), 'terminalLive'),
  })
  .meta({ id: 'Terminal' });

const Params = z.strictObject({ id: Id });
const { cols: Cols, rows: Rows } = TerminalSize.shape;

const show = (terminal: TerminalNow) => ({ ...terminal, title: terminalTitle({ ...terminal, name: '' }) });
const SORTS = { createdAt: (row: TerminalNow) => row.createdAt, target: (row: TerminalNow) => row.target };

export const terminals = [
  endpoint({
    id: 'terminals.list', method: 'get', path: '/terminals', permission: 'terminal.view', status: 200,
    query: z.strictObject(listFields(['createdAt', 'target'], 'createdAt')),
    response: collection(Terminal),
    async run(app, actor, { query }) {
      const page = pageOfRows(await listTerminals(app, actor), SORTS, (row) => row.id, pageQuery(query));
      return answer({ ...page, items: page.items.map(show) }, query.sort);
    },
  }),
  endpoint({
    id: 'terminals.create', method: 'post', path: '/terminals', permission: 'terminal.open', status: 201,
    body: z.strictObject({
      shell: means(NewTerminal.shape.shell, 'terminalShell'),
      folder: means(NewTerminal.shape.folder, 'terminalStart'),
      cols: NewTerminal.shape.cols,
      rows: NewTerminal.shape.rows,
    }),
    response: Terminal,
    refusals: ['not_found', 'conflict', 'unavailable', 'unsupported'],
    example: { body: { folder: '/srv', cols: 120, rows: 40 } },
    run: async (app, actor, { body }) => show(await openTerminal(app, actor, body)),
  }),
  endpoint({
    id: 'terminals.get', method: 'get', path: '/terminals/{id}', permission: 'terminal.view', status: 200,
    params: Params, response: Terminal,
    run: async (app, actor, { params }) => show(await getTerminal(app, actor, params.id)),
  }),
  endpoint({
    id: 'terminals.change', method: 'patch', path: '/terminals/{id}', permission: 'terminal.open', status: 200,
    params: Params,
    body: z.strictObject({
      name: means(TerminalLooks.shape.name.optional(), 'terminalName'),
      colour: Colour.optional(),
      watchable: means(z.boolean().optional(), 'terminalWatchable'),
    }),
    response: Terminal,
    example: { body: { name: 'build', colour: 'moss' } },
    async run(app, actor, { params: { id }, body: { watchable, ...looks } }) {
      const { name, colour } = await getTerminal(app, actor, id);
      if (looks.name !== undefined || looks.colour !== undefined) changeLooks(app, actor, id, { name: looks.name ?? name, colour: looks.colour ?? colour });
      if (watchable !== undefined) setWatchable(app, actor, id, watchable);
      return show(await getTerminal(app, actor, id));
    },
  }),
  endpoint({
    id: 'terminals.kill', method: 'delete', path: '/terminals/{id}', permission: 'terminal.open', status: 204,
    params: Params,
    run: (app, actor, { params }) => killTerminal(app, actor, params.id),
  }),
  endpoint({
    id: 'terminals.resize', method: 'post', path: '/terminals/{id}/resize', permission: 'terminal.open', status: 200,
    params: Params,
    body: z.strictObject({ cols: Cols, rows: Rows }),
    response: z.object({ cols: z.number().int(), rows: z.number().int() }).meta({ id: 'TerminalSize' }),
    example: { body: { cols: 120, rows: 40 } },
    run: (app, actor, { params, body }) => resizeTerminal(app, actor, params.id, body),
  }),
  endpoint({
    id: 'terminals.output', method: 'get', path: '/terminals/{id}/output', permission: 'terminal.view', status: 200,
    params: Params,
    query: z.strictObject({
      offset: means(z.coerce.number().int().min(0).max(2 ** 50).default(0), 'outputOffset'),
      limit: means(z.coerce.number().int().min(OUTPUT_LEAST).max(OUTPUT_MOST).default(OUTPUT_MOST), 'outputLimit'),
      plain: means(z.enum(['true', 'false']).default('false'), 'outputPlain'),
    }),
    response: z
      .object({ text: z.string(), next: means(z.number().int(), 'outputNext'), start: means(z.number().int(), 'outputStart'), end: means(z.number().int(), 'outputEnd') })
      .meta({ id: 'TerminalOutput' }),
    example: { query: 'offset=0&plain=true' },
    run: (app, actor, { params, query }) => readOutput(app, actor, params.id, { ...query, plain: query.plain === 'true' }),
  }),
  endpoint({
    id: 'terminals.input', method: 'post', path: '/terminals/{id}/input', permission: 'terminal.open', status: 204,
    params: Params,
    body: z.strictObject({ text: means(z.string().min(1).max(INPUT_MOST), 'inputText') }),
    refusals: ['conflict', 'unavailable'],
    example: { body: { text: 'uptime\r' } },
    run: (app, actor, { params, body }) => typeInput(app, actor, params.id, body.text),
  }),
  endpoint({
    id: 'terminals.socket', method: 'get', path: '/terminals/{id}/socket', permission: 'terminal.view', status: 101,
    params: Params,
    query: z.strictObject({
      from: means(z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(), 'socketFrom'),
      cols: means(Cols.optional(), 'socketCols'),
      rows: Rows.optional(),
    }),
    run: (app, actor, { params, query }, c) => joinSocket(app, c, actor, { ...params, ...query }),
  }),
];
