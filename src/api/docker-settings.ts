import { z } from 'zod';
import { actorLang } from '../core/app.ts';
import { configureDaemon, DaemonChange } from '../core/docker/daemon/apply.ts';
import { DaemonText, needDaemon, planDaemon } from '../core/docker/daemon/daemon.ts';
import { DAEMON_STATES, listDaemonVersions } from '../core/docker/daemon/kept.ts';
import { messages } from '../i18n/languages.ts';
import { patient } from '../http/patient.ts';
import { faultText } from '../views/docker/daemon.tsx';
import { endpoint } from './endpoint.ts';
import { means, Time } from './schemas.ts';

const Settings = z
  .object({
    path: means(z.string(), 'daemonPath'),
    text: means(z.string().nullable(), 'daemonText'),
    hash: means(z.string(), 'daemonHash'),
    flags: means(z.array(z.string()), 'daemonFlags'),
    restart: means(z.string().nullable(), 'daemonRestart'),
  })
  .meta({ id: 'EngineSettings' });

const Plan = z
  .object({
    faults: means(z.array(z.object({ line: z.number().int().nullable(), key: z.string().nullable(), detail: z.string() })), 'daemonFaults'),
    unknown: means(z.array(z.string()), 'daemonUnknown'),
    changed: means(z.array(z.object({ key: z.string(), gone: z.boolean() })), 'daemonChanged'),
    how: means(z.enum(['nothing', 'reload', 'restart', 'by-hand']), 'daemonHow'),
    containers: means(z.array(z.object({ id: z.string(), name: z.string(), starts: z.boolean() })), 'daemonContainers'),
  })
  .meta({ id: 'EngineSettingsPlan' });

const Text = means(DaemonText, 'daemonText');

/** The engine's configuration. */
export const dockerSettings = [
  endpoint({
    id: 'docker.settings', method: 'get', path: '/docker/settings', permission: 'containers.admin', status: 200, response: Settings, refusals: ['unsupported', 'unavailable'],
    async run(app, actor) {
      const { dockerd, text, hash } = await needDaemon(app, actor);
      return { path: dockerd.path, text, hash, flags: [...dockerd.flags], restart: dockerd.service?.command ?? null };
    },
  }),
  endpoint({
    id: 'docker.validate', method: 'post', path: '/docker/settings/validate', permission: 'containers.admin', status: 200,
    body: z.strictObject({ text: Text }), response: Plan, refusals: ['unsupported', 'unavailable'],
    example: { body: { text: '{"registry-mirrors": ["https://mirror.example"]}' } },
    async run(app, actor, { body }, c) {
      patient(c);
      const { faults, unknown, changed, how, ran } = await planDaemon(app, actor, await needDaemon(app, actor), body.text);
      return { faults: faults.map((fault) => ({ line: fault.line, key: fault.key, detail: faultText({ t: messages(actorLang(actor)) }, fault) })), unknown, changed, how, containers: ran.map(({ id, name, starts }) => ({ id, name, starts })) };
    },
  }),
  endpoint({
    id: 'docker.configure', method: 'put', path: '/docker/settings', permission: 'containers.admin', status: 202,
    body: z.strictObject({ text: Text, hash: means(DaemonChange.shape.hash, 'daemonHash'), startAgain: means(DaemonChange.shape.startAgain, 'daemonStartAgain') }),
    response: z.object({ task: means(z.uuid().nullable(), 'daemonTask') }), refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { text: '{"registry-mirrors": ["https://mirror.example"]}', hash: '' } },
    async run(app, actor, { body }, c) {
      patient(c);
      return { task: await configureDaemon(app, actor, body) };
    },
  }),
  endpoint({
    id: 'docker.versions', method: 'get', path: '/docker/settings/versions', permission: 'containers.admin', status: 200,
    response: z.object({ items: z.array(z.object({ id: z.string(), at: Time, by: z.string(), state: means(z.enum(DAEMON_STATES), 'daemonState'), text: means(z.string().nullable(), 'daemonText') })) }).meta({ id: 'EngineSettingsVersions' }),
    run: async (app) => ({ items: await listDaemonVersions(app) }),
  }),
];
