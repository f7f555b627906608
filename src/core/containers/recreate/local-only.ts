import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { bodyOf } from './body.ts';
import { imageConfig, imageId, type Inspected } from './inspected.ts';
import { exchangeable, recreationKey, replace } from './recreate.ts';

type Bindings = Record<string, { HostIp: string; HostPort: string }[] | null>;

const LOOPBACK = '127.0.0.1';
const isOpen = (address: string) => address === '' || address === '0.0.0.0' || address === '::';

/** Where each port listens from now on: what was open to every address is open to this machine only, at the same number. */
export function localBindings(asked: Bindings, now: Bindings): Bindings {
  return Object.fromEntries(
    Object.entries({ ...now, ...asked }).map(([port, bindings]) => {
      // A number that the engine chose is known from what is published now.
      const numbers = new Map((bindings ?? []).map(({ HostIp, HostPort }) => {
        const number = HostPort || (now[port] ?? []).find((one) => isOpen(one.HostIp))?.HostPort || '';
        const address = isOpen(HostIp) ? LOOPBACK : HostIp;
        return [`${address} ${number}`, { HostIp: address, HostPort: number }];
      }));
      return [port, [...numbers.values()]];
    }),
  );
}

/** Makes a container anew whose ports only this machine reaches. @returns the task. @throws AppError denied, not_found, conflict */
export async function listenLocally(app: App, actor: Actor, id: string): Promise<string> {
  const { old, name } = await exchangeable(app, actor, id);
  const { HostConfig, NetworkSettings } = old as Inspected & { HostConfig: { PortBindings?: Bindings }; NetworkSettings: { Ports?: Bindings } };
  const published = Object.fromEntries(Object.entries(NetworkSettings.Ports ?? {}).filter(([, bindings]) => bindings?.length));
  const PortBindings = localBindings(HostConfig.PortBindings ?? {}, published);
  if (Object.keys(PortBindings).length === 0) throw new AppError('conflict', (t) => t.containers.recreate.noPorts({ name }));
  const task = app.tasks.start(actor, {
    kind: 'containers.local_only', key: recreationKey(app, name), params: { name, old: old.Id }, steps: ['create', 'switch', 'health', 'finish'],
    async run(context) {
      const named = old.Config.Image ?? old.Image;
      // The same image, whatever its name means by now.
      const image = (await imageId(app, named).catch(() => null)) === old.Image ? named : old.Image;
      const base = bodyOf(old, { image, from: await imageConfig(app, old.Image) });
      const body = { ...base.body, HostConfig: { ...base.body.HostConfig, PortBindings, PublishAllPorts: false } };
      await replace(app, context, old, { ...base, body });
    },
  });
  record(app, actor, { action: 'containers.local_only', target: name, params: { task, ports: PortBindings } });
  return task;
}
