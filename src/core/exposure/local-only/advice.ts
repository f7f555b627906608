import { AppError } from '../../../lib/errors.ts';
import { hostPort } from '../../../lib/host-port.ts';
import { can, need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { newName, oldName } from '../../containers/recreate/names.ts';
import { getStack } from '../../stacks/stacks.ts';
import { readTexts } from '../../stacks/texts.ts';
import { readExposure } from '../exposure.ts';
import type { ExposedPort } from '../port.ts';
import { localInCompose } from './compose.ts';
import { settingOf, type Setting } from './settings.ts';

/** How a port is kept to the machine. */
export type Advice =
  /** The panel makes the container anew with its ports on 127.0.0.1. */
  | { kind: 'container'; id: string; name: string; ports: { before: string; after: string }[]; commands: string[]; here: boolean }
  /** Its stack says where it listens: what to change there. `change` null: nobody could read it, or it says so otherwise. */
  | { kind: 'stack'; stack: string; service: string | null; change: { file: string; before: string; after: string; line: number } | null; editable: boolean }
  | { kind: 'setting'; setting: Setting; unit: string | null }
  /** The program has no known setting. */
  | { kind: 'firewall' };

/** @throws AppError denied, not_found */
export async function adviceFor(app: App, actor: Actor, id: string): Promise<{ port: ExposedPort; advice: Advice }> {
  need(actor, 'exposure.read');
  const { ports } = await readExposure(app, actor);
  const port = ports.find((one) => one.id === id);
  if (!port) throw new AppError('not_found', (t) => t.exposure.gone);
  return { port, advice: await adviceOf(app, actor, port, ports) };
}

async function adviceOf(app: App, actor: Actor, port: ExposedPort, all: readonly ExposedPort[]): Promise<Advice> {
  const { container } = port;
  // One in the network of the machine listens as any program does.
  if (container?.stack && container.port !== null) return { kind: 'stack', stack: container.stack, service: container.service, ...(await inStack(app, actor, port)) };
  if (container && container.port !== null) {
    // Making it anew keeps all of them to the machine, so all of them are shown.
    const mine = all.filter((one) => one.container?.id === container.id && one.scope === 'everywhere');
    const ports = mine.map((one) => ({ before: `${one.addresses.map((address) => hostPort({ address, port: one.port })).join(', ')} → ${one.container!.port}/${one.protocol}`, after: `127.0.0.1:${one.port} → ${one.container!.port}/${one.protocol}` }));
    return { kind: 'container', id: container.id, name: container.name, ports, commands: commandsFor(container.name, mine), here: app.engines.chosen() === null };
  }
  const setting = settingOf(port.risk, app.host.kind === 'windows');
  return setting ? { kind: 'setting', setting, unit: port.service } : { kind: 'firewall' };
}

/** What recreate.ts asks of the engine, as somebody would type it. */
function commandsFor(name: string, ports: readonly ExposedPort[]): string[] {
  const local = ports.map((one) => `-p 127.0.0.1:${one.port}:${one.container!.port}${one.protocol === 'tcp' ? '' : `/${one.protocol}`}`).join(' ');
  const [made, old] = [newName(name), oldName(name)];
  return [`docker create --name ${made} … ${local} …`, `docker stop ${name}`, `docker start ${made}`, `docker rename ${name} ${old}`, `docker rename ${made} ${name}`, `docker rm -f ${old}`];
}

/** What its compose file would say; only for who may read that. */
async function inStack(app: App, actor: Actor, { container, port, protocol }: ExposedPort): Promise<Pick<Extract<Advice, { kind: 'stack' }>, 'change' | 'editable'>> {
  // The panel works on another engine: its stacks are others.
  if (app.engines.chosen() !== null || !can(actor, 'stacks.admin') || !container?.stack || !container.service || container.port === null) return { change: null, editable: false };
  try {
    const stack = await getStack(app, actor, container.stack);
    for (const { path, text } of await readTexts(stack)) {
      const found = text === null ? null : localInCompose(text, container.service, { container: container.port, host: port, protocol });
      if (found) return { change: { file: path, before: text!, after: found.text, line: found.line }, editable: stack.gone.length === 0 };
    }
    return { change: null, editable: stack.files.length > 0 && stack.gone.length === 0 };
  } catch (error) {
    // A stack that is gone, or files that cannot be read: what to do is said without them.
    if (error instanceof AppError) return { change: null, editable: false };
    throw error;
  }
}
