import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { RevertStep } from '../../platform/armed/plan.ts';
import { KEYWORDS, linesOf, portsOf, type SshSettings } from '../../platform/ssh-server/settings.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { applyArmed, type ArmedChange } from '../armed/armed.ts';
import { record } from '../audit/audit.ts';
import { SshServerInput } from './input.ts';
import { needPlan, planSshServer, type SshServerPlan } from './plan.ts';
import { needSshServer, type SshServer } from './ssh-server.ts';

export const SshServerChange = z.strictObject({
  settings: SshServerInput,
  /** Of what was looked at when it was decided. */
  hash: z.string().max(64),
  /** Warned that nobody could come in, and wanted all the same. */
  sure: z.boolean().default(false),
});

/** How long sshd may take until it answers at its new port. */
const ANSWER_MS = 8000;

/**
 * Changes the settings of sshd: checked by sshd itself, armed, written, read anew, and reverted at once when it does not answer.
 * @throws AppError denied, unsupported, conflict (changed meanwhile, nothing to change, a warning not taken), invalid, unavailable
 */
export async function changeSshServer(app: App, actor: Actor, { settings: input, hash, sure }: z.output<typeof SshServerChange>): Promise<ArmedChange> {
  need(actor, 'ssh_server.write');
  const server = await needSshServer(app, actor);
  if (server.hash !== hash) throw new AppError('conflict', (t) => t.sshServer.changedMeanwhile);
  const plan = needPlan(await planSshServer(app, server, input));
  const taken = plan.warnings.find((one) => one.kind === 'taken');
  if (taken?.kind === 'taken') throw new AppError('conflict', (t) => t.sshServer.warnings.taken({ ports: taken.ports.join(', ') }), { field: 'ports' });
  if (!sure && plan.warnings.some(({ level }) => level === 'danger')) throw new AppError('conflict', (t) => t.sshServer.notSure, { field: 'sure' });
  const target = plan.changed.map((field) => targetOf(field, server.settings, plan.wanted)).join('; ');
  return applyArmed(app, actor, { noun: 'ssh', target, revert: revertOf(plan), undo: () => app.host.sshServer.apply(backwards(plan), plan.revert.map(({ run }) => run)) }, () => applyPlan(app, actor, { server, plan, target }));
}

/** "Port 22 → 2222" */
const targetOf = (field: keyof SshSettings, before: SshSettings, after: SshSettings) =>
  `${KEYWORDS[field]} ${linesOf(field, before).join(' ') || '*'} → ${linesOf(field, after).join(' ') || '*'}`;

const backwards = ({ files }: SshServerPlan) => files.map(({ path, before, after }) => ({ path, before: after, after: before }));

const revertOf = ({ files, revert }: SshServerPlan): RevertStep[] => [...files.map(({ path, before }) => ({ file: path, content: before })), ...revert];

/** What runs, as the page shows it and the audit row keeps it. */
export const shownCommands = ({ files, commands }: SshServerPlan): string[] => [...files.map(({ path }) => `write ${path}`), ...commands.map((argv) => argv.join(' '))];

async function applyPlan(app: App, actor: Actor, { server, plan, target }: { server: SshServer; plan: SshServerPlan; target: string }) {
  const done = (result: 'ok' | 'failed') => record(app, actor, { action: 'ssh_server.change', target, result, commands: shownCommands(plan) });
  try {
    await app.host.sshServer.apply(plan.files, plan.commands);
    if (server.found.service?.active) await mustAnswer(app, plan.wanted);
  } catch (error) {
    done('failed');
    throw error;
  }
  done('ok');
}

/** @throws AppError unavailable: the change is taken back */
async function mustAnswer(app: App, settings: SshSettings) {
  const hosts = settings.listenAddresses.map((address) => address.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')).map((host) => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host));
  const wanted = portsOf(settings);
  const until = performance.now() + ANSWER_MS;
  for (;;) {
    const answers = await Promise.all(wanted.map((port) => app.host.sshServer.answers(port, hosts)));
    const silent = wanted.filter((_, i) => !answers[i]);
    if (silent.length === 0) return;
    if (performance.now() > until) throw new AppError('unavailable', (t) => t.sshServer.silent({ ports: silent.join(', ') }));
    await Bun.sleep(200);
  }
}
