import { z } from 'zod';
import { changeRdp, RDP_SESSION_STATES, rdpCommands, RdpInput, readRdp } from '../core/rdp/rdp.ts';
import { endpoint } from './endpoint.ts';
import { means } from './schemas.ts';

const Session = z.object({ id: z.number().int(), name: z.string(), user: z.string(), domain: z.string(), client: z.string(), state: z.enum(RDP_SESSION_STATES) }).meta({ id: 'RdpSession' });
const State = z
  .object({
    on: z.boolean(), port: z.number().int(), nla: means(z.boolean(), 'rdpNla'),
    policy: means(z.object({ on: z.boolean().nullable(), nla: z.boolean().nullable() }), 'rdpPolicy'), service: means(z.number().int().nullable(), 'rdpService'),
    sessions: means(z.array(Session).nullable(), 'rdpSessions'),
  })
  .meta({ id: 'Rdp' });

const Body = RdpInput.extend({ nla: means(RdpInput.shape.nla, 'rdpNla') });
const refusals = ['unsupported', 'unavailable'] as const;

export const rdp = [
  endpoint({
    id: 'rdp.get', method: 'get', path: '/rdp', permission: 'rdp.read', status: 200, response: State, refusals,
    async run(app, actor) {
      const { state, sessions } = await readRdp(app, actor);
      return { ...state, sessions };
    },
  }),
  endpoint({
    id: 'rdp.plan', method: 'post', path: '/rdp/plan', permission: 'rdp.write', status: 200, body: Body, refusals,
    response: z.object({ commands: z.array(z.string()) }).meta({ id: 'RdpPlan' }),
    run: async (app, actor, { body }) => ({ commands: rdpCommands(app, (await readRdp(app, actor)).state, body) }),
  }),
  endpoint({
    id: 'rdp.change', method: 'put', path: '/rdp', permission: 'rdp.write', status: 200, body: Body, refusals: [...refusals, 'conflict'],
    response: z.object({ armed: means(z.string().nullable(), 'rdpArmed') }).meta({ id: 'RdpChanged' }),
    example: { body: { on: true, port: 3390, nla: true } },
    run: async (app, actor, { body }) => ({ armed: (await changeRdp(app, actor, body))?.id ?? null }),
  }),
];
