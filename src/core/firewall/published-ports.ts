import { AppError } from '../../lib/errors.ts';
import { can } from '../access.ts';
import type { Actor, App } from '../app.ts';
import type { Binding, PortFact } from '../containers/ports/facts.ts';
import { portJudge } from '../containers/ports/ports.ts';
import { askDocker } from '../docker/ask.ts';
import { containerOf, Listed } from '../containers/container.ts';

export interface PublishedPort {
  id: string;
  name: string;
  fact: PortFact;
}

/** A page waits so long for an engine that says nothing. */
const ANSWER_MS = 1500;

/** What containers of this machine publish, and who really reaches it; null: no engine answers, or it is another machine's. */
export async function publishedPorts(app: App, actor: Actor): Promise<PublishedPort[] | null> {
  if (!can(actor, 'containers.read') || app.engines.chosen() !== null) return null;
  try {
    const [listed, judge] = await Promise.all([askDocker(app, { path: '/containers/json', timeout: ANSWER_MS }, Listed), portJudge(app, actor, true)]);
    const found: PublishedPort[] = [];
    for (const { id, name, ports } of listed.map(containerOf)) {
      const bindings = ports.flatMap((port): Binding[] => (port.host === null || port.address === null ? [] : [{ ...port, host: port.host, address: port.address }]));
      found.push(...(await judge(bindings)).map((fact) => ({ id, name, fact })));
    }
    return found.sort((a, b) => a.fact.host - b.fact.host || (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
