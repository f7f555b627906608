import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { hashOf } from '../../../lib/text-hash.ts';
import type { Dockerd, DockerdAway } from '../../../platform/dockerd.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { readEngine } from '../engine.ts';
import { changedKeys, checkDocument, reloads, type Checked, type Fault } from './document.ts';
import type { Ran } from './kept.ts';
import { whatRuns } from './running.ts';

/** Characters of a daemon.json. */
export const DaemonText = z.string().max(200_000);

export interface Daemon {
  dockerd: Dockerd;
  /** null: it is not there; the engine has its own defaults. */
  text: string | null;
  hash: string;
}

/** The engine's configuration file, or why it is not to be had. @throws AppError denied, invalid for what is no text */
export async function readDaemon(app: App, actor: Actor): Promise<Daemon | DockerdAway> {
  need(actor, 'containers.admin');
  const { docker, dockerd } = app.host;
  const found = await dockerd.find(docker.endpoint());
  if (typeof found === 'string') return found;
  const text = await dockerd.read(found.path);
  return { dockerd: found, text, hash: hashOf(text) };
}

/** @throws AppError unsupported where the panel cannot get at it */
export async function needDaemon(app: App, actor: Actor): Promise<Daemon> {
  const found = await readDaemon(app, actor);
  if (typeof found === 'string') throw new AppError('unsupported', (t) => t.daemon.away[found].title);
  return found;
}

/** How the engine gets to know: nothing changed, it is told, it is restarted, or somebody must do that by hand. */
export type DaemonHow = 'nothing' | 'reload' | 'restart' | 'by-hand';

export interface DaemonPlan extends Checked {
  changed: { key: string; gone: boolean }[];
  how: DaemonHow;
  /** What runs now; of a restart, with whether it comes back by itself. */
  ran: Ran[];
}

/** What a text would change, and what is wrong with it, in the panel's words and in the engine's own. @throws AppError */
export async function planDaemon(app: App, actor: Actor, daemon: Daemon, text: string): Promise<DaemonPlan> {
  need(actor, 'containers.admin');
  const { dockerd } = daemon;
  const checked = checkDocument(text, dockerd.flags);
  const before = checkDocument(daemon.text ?? '', []).values;
  // What is there is no document: nothing of it is in effect after the next start either way.
  const changed = changedKeys(before ?? {}, checked.values ?? {});
  const engine = await readEngine(app);
  const faults: Fault[] = [...checked.faults];
  if (faults.length === 0 && engine.up) {
    const said = await app.host.dockerd.validate(dockerd, text, engine.facts.version);
    if (said) faults.push({ line: null, key: null, what: { kind: 'said', said } });
  }
  const same = changed.length === 0 && before !== null;
  const live = same || (engine.up && before !== null && reloads(changed));
  const how: DaemonHow = same ? 'nothing' : live ? 'reload' : dockerd.service ? 'restart' : 'by-hand';
  const keeps = checked.values?.['live-restore'] === true;
  const ran = engine.up && how === 'restart' ? await whatRuns(app, keeps) : [];
  return { ...checked, faults, changed, how, ran };
}
