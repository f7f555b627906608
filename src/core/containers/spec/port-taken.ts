import { isIP } from 'node:net';
import { AppError } from '../../../lib/errors.ts';
import { askDocker, type DockerApp } from '../../docker/ask.ts';
import { containerOf, Listed } from '../container.ts';
import type { ContainerInput } from './input.ts';

/** Where a port listens: an empty address is every one. */
interface Place {
  address: string;
  host: number;
  protocol: string;
}

/** Of which families an address is. */
const familiesOf = (address: string) => (address === '' ? [4, 6] : [isIP(address)]);
const isEvery = (address: string) => ['', '0.0.0.0', '::'].includes(address);

/** Cannot both be published. */
export const collide = (a: Place, b: Place): boolean =>
  a.host === b.host && a.protocol === b.protocol && familiesOf(a.address).some((family) => familiesOf(b.address).includes(family)) &&
  (isEvery(a.address) || isEvery(b.address) || a.address === b.address);

/**
 * Known before anything is made or stopped for it; of programs that are no container the engine says it later. Field `ports`.
 * @param but the container that gives its ports up @throws AppError conflict, unavailable
 */
export async function refuseTakenPorts(app: DockerApp, { ports, network }: Pick<ContainerInput, 'ports' | 'network'>, but: string | null): Promise<void> {
  const wanted = ports.filter(({ host }) => host !== '').map(({ address, host, protocol }): Place => ({ address, host: Number(host), protocol }));
  // On the machine's own network, and on none, nothing is published.
  if (wanted.length === 0 || network === 'host' || network === 'none') return;
  for (const raw of await askDocker(app, { path: '/containers/json' }, Listed)) {
    if (raw.Id === but) continue;
    const published = (raw.Ports ?? []).flatMap(({ IP, PublicPort, Type }): Place[] => (PublicPort ? [{ address: IP ?? '', host: PublicPort, protocol: Type }] : []));
    const taken = wanted.find((port) => published.some((one) => collide(port, one)));
    if (taken) throw new AppError('conflict', (t) => t.containerForm.portTaken({ port: taken.host, name: containerOf(raw).name }), { field: 'ports' });
  }
}
