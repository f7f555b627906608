import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { streamOf } from '../../../lib/stream-of.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { orMissing, tellDocker } from '../../docker/ask.ts';
import { knownSizes } from '../sizes.ts';
import { VolumeName, type Volume } from '../volume.ts';
import { getVolume } from '../volumes.ts';
import { refuseBeingMade, volumeKey, withBegun } from './backup.ts';
import { QUIETS } from './begun.ts';
import { fillCarrier, makeCarrier, readCarrier } from './carrier.ts';
import { hush } from './quiet.ts';
import { tarCheck } from './tar.ts';
import { mib, teller } from './write.ts';

export const CloneInput = z.strictObject({
  name: VolumeName,
  /** Labels of the source; those that tie it to a stack stay with it. */
  labels: z.boolean().default(true),
  /** Its driver and what that was told. */
  options: z.boolean().default(false),
  quiet: z.enum(QUIETS).default('none'),
});

const CREATE_MS = 60_000;

/** Options that say where the files are: with the same, both volumes would be the same files. */
const isPlace = ({ options }: Volume) => options.device !== undefined && options.type !== 'tmpfs';

/** Copies a volume into a new one, from one to the other without a stop in between. @returns the task @throws AppError denied, not_found, conflict */
export async function startClone(app: App, actor: Actor, source: string, { name, labels, options, quiet }: z.output<typeof CloneInput>): Promise<string> {
  need(actor, 'volumes.write');
  const volume = await getVolume(app, actor, source);
  const taken = () => new AppError('conflict', (t) => t.volumes.taken({ name }), { field: 'name' });
  if (await orMissing(getVolume(app, actor, name))) throw taken();
  if (options && isPlace(volume)) throw new AppError('conflict', (t) => t.volumeBackups.samePlace, { field: 'options' });
  const own = Object.fromEntries(Object.entries(volume.labels).filter(([key]) => labels && !key.startsWith('com.docker.compose.')));
  const body = { Name: name, Driver: options ? volume.driver : 'local', DriverOpts: options ? volume.options : {}, Labels: own };
  refuseBeingMade(app, name);
  const task = app.tasks.start(actor, {
    kind: 'volumes.clone', key: volumeKey(source), params: { name: source, to: name }, steps: [...(quiet === 'none' ? [] : ['volumesQuiet']), 'volumesCopy'],
    run: (context) => withBegun(app, context, async (begun) => {
      const { usedBy } = await getVolume(app, actor, source);
      if (await orMissing(getVolume(app, actor, name))) throw taken();
      begun.note({ volumes: [name] });
      await tellDocker(app, { path: '/volumes/create', body, timeout: CREATE_MS });
      const from = await makeCarrier(app, begun, source);
      const to = await makeCarrier(app, begun, name, { write: true });
      if (quiet !== 'none') context.step('volumesQuiet');
      await hush(app, begun, quiet, usedBy, context);
      context.step('volumesCopy');
      const { through, facts } = tarCheck();
      const tell = teller(context, 'copied', knownSizes(app).sizes?.get(source) ?? null);
      const tar = await readCarrier(app, from, context.signal, { named: true });
      async function* pieces() {
        for await (const piece of tar) {
          tell(facts.bytes);
          yield piece;
        }
      }
      const copy = Readable.from(pieces(), { objectMode: false });
      copy.on('error', (error) => through.destroy(error));
      try {
        await fillCarrier(app, to, streamOf(copy.pipe(through) as AsyncIterable<Buffer>), context.signal, { named: true });
      } finally {
        copy.destroy();
        through.destroy();
        tar.destroy();
      }
      begun.note({ volumes: [] });
      context.log(`${facts.entries} entries, ${mib(facts.bytes)}`);
    }),
  });
  record(app, actor, { action: 'volumes.clone', target: name, params: { task, of: source, quiet } });
  return task;
}
