import { z } from 'zod';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { streamDocker } from './ask.ts';
import { jsonLines } from './json-lines.ts';

export interface EngineEvent {
  /** ms since 1970. */
  at: number;
  /** "container", "image", "volume", "network" … */
  type: string;
  /** "start", "die", "health_status: healthy", "pull" … in the engine's words. */
  action: string;
  id: string;
  name: string | null;
  /** Of a container. */
  image: string | null;
}

/** Labels stand among the attributes, and may tell what is nobody's business. */
const Said = z.object({
  Type: z.string(), Action: z.string(), timeNano: z.number().optional(), time: z.number().catch(0),
  Actor: z.object({ ID: z.string().catch(''), Attributes: z.object({ name: z.string().optional(), image: z.string().optional() }).nullish() }).nullish(),
});

/** What happens on the engine from now on, until `signal`. @throws AppError denied, unavailable */
export async function engineEvents(app: App, actor: Actor, signal: AbortSignal): Promise<AsyncGenerator<EngineEvent>> {
  need(actor, 'containers.read');
  const stream = await streamDocker(app, { path: '/events', signal });
  return read(jsonLines(stream));
}

async function* read(lines: AsyncIterable<unknown>): AsyncGenerator<EngineEvent> {
  for await (const line of lines) {
    const said = Said.safeParse(line).data;
    if (!said) continue;
    const { name, image } = said.Actor?.Attributes ?? {};
    // Of an exec the command stands behind the colon, with what it was told.
    const action = said.Action.startsWith('exec_') ? said.Action.split(':')[0]! : said.Action;
    yield { at: Math.round(said.timeNano ? said.timeNano / 1e6 : said.time * 1000), type: said.Type, action, id: said.Actor?.ID ?? '', name: name ?? null, image: said.Type === 'container' ? (image ?? null) : null };
  }
}
