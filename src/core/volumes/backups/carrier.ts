import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { DockerStream } from '../../../platform/docker.ts';
import { askDocker, orMissing, streamDocker, tellDocker, type DockerApp } from '../../docker/ask.ts';
import type { Begun } from './begun.ts';
import { emptyTar } from './tar.ts';

/**
 * How the panel gets at what is in a volume, wherever the engine is: through a container that has it mounted and never runs.
 * Its image is empty and made here, of a tar without anything in it: nothing is fetched.
 */
export const CARRIER_LABEL = 'io.mantou.carrier';
const REPOSITORY = 'mantou-carrier';
const IMAGE = `${REPOSITORY}:1`;

/** An archive of a large volume takes as long as it takes; the longest that a timer knows. */
export const PATIENT_MS = 2 ** 31 - 1;
const USUAL_MS = 60_000;

const Created = z.object({ Id: z.string() });
const Version = z.object({ Os: z.string().catch('linux') });

export interface Carrier {
  name: string;
  /** Where the volume is in it, and what that is called in archives of the folder above. */
  mount: string;
  root: string;
}

/** Its name is written down before there is one. @throws AppError */
export async function makeCarrier(app: DockerApp, begun: Begun, volume: string, { write = false } = {}): Promise<Carrier> {
  const { Os } = await askDocker(app, { path: '/version' }, Version);
  const [mount, root] = Os === 'windows' ? ['C:\\volume', 'C:\\'] : ['/volume', '/'];
  const name = `mantou-volume-${begun.id.slice(-12)}-${begun.notes.carriers.length + 1}`;
  begun.note({ carriers: [...begun.notes.carriers, name] });
  const body = (image: string) => ({
    Image: image, Cmd: ['never-run'], NetworkDisabled: true, Labels: { [CARRIER_LABEL]: begun.id },
    // Nothing of the image may get into an empty volume.
    HostConfig: { NetworkMode: 'none', Mounts: [{ Type: 'volume', Source: volume, Target: mount, ReadOnly: !write, VolumeOptions: { NoCopy: true } }] },
  });
  for (let tries = 3; ; tries--) {
    const image = await carrierImage(app);
    try {
      await askDocker(app, { method: 'POST', path: '/containers/create', query: { name }, body: body(image), timeout: USUAL_MS }, Created);
      return { name, mount, root };
    } catch (error) {
      // Whoever was done with it last took the image away just now.
      if (tries <= 1 || !(error instanceof AppError && error.code === 'not_found')) throw error;
    }
  }
}

/** An engine that takes no empty image (Windows) has others, and none of them is run either. */
async function carrierImage(app: DockerApp): Promise<string> {
  if (await orMissing(askDocker(app, { path: `/images/${encodeURIComponent(IMAGE)}/json` }, z.unknown()))) return IMAGE;
  const query = { fromSrc: '-', repo: REPOSITORY, tag: '1', changes: `LABEL ${CARRIER_LABEL}=image` };
  try {
    await tellDocker(app, { path: '/images/create', query, content: { type: 'application/x-tar', data: emptyTar() }, timeout: USUAL_MS });
    return IMAGE;
  } catch (error) {
    const [any] = await askDocker(app, { path: '/images/json' }, z.array(z.object({ Id: z.string() })));
    if (!any) throw error;
    return any.Id;
  }
}

/** What is in it as a tar: `./` and everything below; with `named`, `volume/` instead. */
export const readCarrier = (app: DockerApp, { name, mount }: Carrier, signal: AbortSignal, { named = false } = {}): Promise<DockerStream> =>
  streamDocker(app, { path: `/containers/${name}/archive`, query: { path: named ? mount : `${mount}/.` }, signal, timeout: PATIENT_MS });

/** Unpacks a tar into it; with `named`, one whose entries are below `volume/`, and then the folder itself gets its owner, mode and time. */
export const fillCarrier = (app: DockerApp, { name, mount, root }: Carrier, data: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>, signal: AbortSignal, { named = false } = {}) =>
  tellDocker(app, { method: 'PUT', path: `/containers/${name}/archive`, query: { path: named ? root : mount }, content: { type: 'application/x-tar', data }, signal, timeout: PATIENT_MS });

export async function removeCarrier(app: DockerApp, name: string): Promise<void> {
  await orMissing(tellDocker(app, { method: 'DELETE', path: `/containers/${name}`, query: { force: true }, timeout: USUAL_MS }));
}

/** Gone when no other run needs it: the engine refuses while there is a container of it. */
export async function removeCarrierImage(app: DockerApp): Promise<void> {
  try {
    await tellDocker(app, { method: 'DELETE', path: `/images/${encodeURIComponent(IMAGE)}`, timeout: USUAL_MS });
  } catch (error) {
    if (!(error instanceof AppError) || !['not_found', 'conflict'].includes(error.code)) throw error;
  }
}
