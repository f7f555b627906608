import { z } from 'zod';
import { listProcesses, PROCESS_FIELDS } from '../core/processes/processes.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means, Time } from './schemas.ts';

const Process = z
  .object({
    pid: z.number().int(),
    parent: z.number().int(),
    name: z.string(),
    command: z.string(),
    user: z.string(),
    state: z.string(),
    threads: z.number().int(),
    cpu: means(z.number(), 'processCpu'),
    memory: means(z.number(), 'processMemory'),
    startedAt: Time,
  })
  .meta({ id: 'Process' });

export const processes = [
  endpoint({
    id: 'processes.list', method: 'get', path: '/processes', permission: 'processes.read', status: 200,
    query: z.strictObject({ ...listFields(PROCESS_FIELDS, '-cpu'), q: means(z.string().max(200).optional(), 'processFilter') }),
    response: collection(Process),
    example: { query: 'sort=-memory&limit=5' },
    async run(app, _actor, { query }) {
      return answer(await listProcesses(app, { ...pageQuery(query), q: query.q }), query.sort);
    },
  }),
];
