import { z } from 'zod';
import { listPrograms, ProgramInput, ProgramName, readProgram, removeProgram, saveProgram, type ProgramState } from '../core/services/programs.ts';
import type { Actor, App } from '../core/app.ts';
import { PROGRAM_RESTARTS } from '../core/services/kinds.ts';
import { endpoint } from './endpoint.ts';
import { means } from './schemas.ts';

const { argv, environment, delay, memory, cpu, tasks, boot } = ProgramInput.shape;

const Summary = z
  .object({
    name: z.string(), title: z.string(), service: means(z.string(), 'programService'), argv: means(z.array(z.string()), 'programArgv'), user: z.string(),
    state: means(z.string(), 'serviceState'), word: means(z.string(), 'serviceWord'), pid: z.number().int().nullable(), memory: means(z.number().nullable(), 'bytes'),
  })
  .meta({ id: 'ProgramSummary' });

const Program = z
  .object({
    name: z.string(), title: z.string(), argv: means(z.array(z.string()), 'programArgv'), user: z.string(), folder: z.string(),
    environment: z.array(z.object({ name: z.string(), value: z.string(), hidden: z.boolean() })), restart: z.enum(PROGRAM_RESTARTS),
    delay: means(z.number(), 'programDelay'), memory: means(z.number().nullable(), 'programMemory'), cpu: means(z.number().nullable(), 'programCpu'), tasks: means(z.number().nullable(), 'programTasks'), boot: means(z.boolean(), 'programBoot'),
    hash: means(z.string(), 'programHash'),
  })
  .meta({ id: 'Program' });

const Body = ProgramInput.extend({
  argv: means(argv, 'programArgv'), environment: means(environment, 'programEnvironment'), delay: means(delay, 'programDelay'),
  memory: means(memory, 'programMemory'), cpu: means(cpu, 'programCpu'), tasks: means(tasks, 'programTasks'), boot: means(boot, 'programBoot'),
});
const Change = Body.omit({ name: true }).extend({ hash: means(z.string().regex(/^[0-9a-f]{64}$/).optional(), 'programHash') });
const Params = z.strictObject({ program: ProgramName });

const shown = ({ program, variables, hash }: ProgramState) => ({ ...program, environment: variables, hash });
const read = async (app: App, actor: Actor, name: string) => shown(await readProgram(app, actor, name));

/** Own commands that the system keeps running. */
export const programs = [
  endpoint({
    id: 'services.programs', method: 'get', path: '/services/programs', permission: 'services.inspect', status: 200,
    response: z.object({ items: z.array(Summary) }), refusals: ['unavailable'],
    run: async (app, actor) => ({ items: await listPrograms(app, actor) }),
  }),
  endpoint({
    id: 'services.addProgram', method: 'post', path: '/services/programs', permission: 'services.write', status: 201,
    body: Body, response: Program, refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { name: 'worker', argv: ['/usr/bin/node', '/srv/shop/worker.js'], user: 'www-data' } },
    async run(app, actor, { body }) {
      await saveProgram(app, actor, body, null);
      return read(app, actor, body.name);
    },
  }),
  endpoint({
    id: 'services.program', method: 'get', path: '/services/programs/{program}', permission: 'services.write', status: 200,
    params: Params, response: Program,
    run: (app, actor, { params }) => read(app, actor, params.program),
  }),
  endpoint({
    id: 'services.changeProgram', method: 'put', path: '/services/programs/{program}', permission: 'services.write', status: 200,
    params: Params, body: Change, response: Program, refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { argv: ['/usr/bin/node', '/srv/shop/worker.js'], memory: 512 } },
    async run(app, actor, { params, body: { hash, ...input } }) {
      await saveProgram(app, actor, { ...input, name: params.program }, params.program, hash);
      return read(app, actor, params.program);
    },
  }),
  endpoint({
    id: 'services.removeProgram', method: 'post', path: '/services/programs/{program}/remove', permission: 'services.write', status: 204,
    params: Params, body: z.strictObject({ confirm: means(z.string().max(100), 'programConfirm') }), refusals: ['unavailable'],
    example: { body: { confirm: 'worker' } },
    run: (app, actor, { params, body }) => removeProgram(app, actor, params.program, body.confirm),
  }),
];
