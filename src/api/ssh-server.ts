import { z } from 'zod';
import { actorLang } from '../core/app.ts';
import { changeSshServer, shownCommands, SshServerChange } from '../core/ssh-server/apply.ts';
import { SshServerInput } from '../core/ssh-server/input.ts';
import { planSshServer } from '../core/ssh-server/plan.ts';
import { needSshServer } from '../core/ssh-server/ssh-server.ts';
import { patient } from '../http/patient.ts';
import { createFormat } from '../i18n/format.ts';
import { messages } from '../i18n/languages.ts';
import { warningText } from '../views/ssh-server/review.tsx';
import { Armed } from './armed.ts';
import { endpoint } from './endpoint.ts';
import { means } from './schemas.ts';

const Settings = SshServerInput.extend({ listenAddresses: means(SshServerInput.shape.listenAddresses, 'sshServerAddresses'), allowGroups: means(SshServerInput.shape.allowGroups, 'sshServerGroups') }).meta({ id: 'SshServerSettings' });
const Place = z.object({ file: z.string(), line: z.number().int() });

const Server = z
  .object({
    settings: z.object({ ...SshServerInput.shape, ports: z.array(z.number()), listenAddresses: z.array(z.string()), maxAuthTries: z.number(), allowGroups: z.array(z.string()).optional() }),
    hash: means(z.string(), 'sshServerHash'),
    sources: means(z.record(z.string(), z.array(Place)), 'sshServerSources'),
    matches: z.array(Place.extend({ text: z.string() })),
    lists: z.array(z.object({ keyword: z.string(), values: z.array(z.string()) })),
    version: z.string(),
    service: z.object({ kind: z.enum(['service', 'socket', 'other']), unit: z.string(), active: z.boolean() }).nullable(),
    hostKeys: z.array(z.object({ type: z.string(), bits: z.number().int(), fingerprint: z.string() })),
    people: z.array(z.object({ name: z.string(), admin: z.boolean(), keys: z.number().int(), password: z.boolean() })),
  })
  .meta({ id: 'SshServer' });

const Plan = z
  .object({
    changed: z.array(z.string()),
    files: means(z.array(z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() })), 'sshServerFiles'),
    commands: z.array(z.string()),
    warnings: means(z.array(z.object({ level: z.enum(['warn', 'danger']), detail: z.string() })), 'sshServerWarnings'),
    fault: means(z.string().nullable(), 'sshServerFault'),
  })
  .meta({ id: 'SshServerPlan' });

const change = { settings: Settings, hash: means(SshServerChange.shape.hash, 'sshServerHash'), sure: means(SshServerChange.shape.sure, 'sshServerSure') };
const example = { ports: [2222], listenAddresses: [], permitRootLogin: 'no', passwordAuthentication: false, pubkeyAuthentication: true, kbdInteractiveAuthentication: false, allowTcpForwarding: 'yes', x11Forwarding: false, maxAuthTries: 6 };

export const sshServer = [
  endpoint({
    id: 'ssh_server.get', method: 'get', path: '/system/ssh', permission: 'ssh_server.read', status: 200, response: Server, refusals: ['unsupported', 'unavailable'],
    async run(app, actor) {
      const { found, settings: all, fields, hash, sources, matches, lists } = await needSshServer(app, actor);
      // What cannot be set here may hold what is not accepted: as it is answered it can be sent back.
      const settings = { ...all, allowGroups: fields.includes('allowGroups') ? all.allowGroups : undefined };
      return { settings, hash, sources, matches, lists, version: found.version, service: found.service, hostKeys: found.hostKeys, people: found.people };
    },
  }),
  endpoint({
    id: 'ssh_server.review', method: 'post', path: '/system/ssh/review', permission: 'ssh_server.write', status: 200,
    body: z.strictObject({ settings: Settings }), response: Plan, refusals: ['unsupported', 'unavailable'], example: { body: { settings: example } },
    async run(app, actor, { body }, c) {
      patient(c);
      const plan = await planSshServer(app, await needSshServer(app, actor), body.settings);
      const { changed, files, fault } = plan;
      return { changed, files, fault, commands: shownCommands(plan), warnings: plan.warnings.map((one) => ({ level: one.level, detail: warningText({ t: messages(actorLang(actor)), fmt: createFormat(actorLang(actor)) }, one) })) };
    },
  }),
  endpoint({
    id: 'ssh_server.change', method: 'put', path: '/system/ssh', permission: 'ssh_server.write', status: 200,
    body: z.strictObject(change), response: Armed, refusals: ['conflict', 'unsupported', 'unavailable'], example: { body: { settings: example, hash: '' } },
    run(app, actor, { body }, c) {
      patient(c);
      return changeSshServer(app, actor, body);
    },
  }),
];
