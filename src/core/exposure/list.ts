import { pageOfRows, type Page, type PageQuery } from '../../lib/page.ts';
import { LEVELS, type ExposedPort } from './port.ts';

/** The program as a list is sorted by it: the container where there is one. */
export const holderOf = ({ container, process, service }: ExposedPort) => container?.name ?? process?.name ?? service ?? '';

/** What the list may be sorted by. */
const FIELDS = {
  // Of one state by their ports.
  level: (one: ExposedPort) => LEVELS.indexOf(one.level) * 100_000 + one.port,
  port: (one: ExposedPort) => one.port,
  program: (one: ExposedPort) => holderOf(one).toLowerCase(),
  how: (one: ExposedPort) => one.how,
};

export type ExposureField = keyof typeof FIELDS;
export const EXPOSURE_FIELDS = Object.keys(FIELDS) as [ExposureField, ...ExposureField[]];

export const isOutside = ({ level }: ExposedPort) => level !== 'machine' && level !== 'closed';

/** `q` is looked for in everything that names it, and as a port. */
export function matching(ports: readonly ExposedPort[], { q = '', outside = false }: { q?: string | undefined; outside?: boolean | undefined }): ExposedPort[] {
  const words = q.trim().toLowerCase();
  return ports.filter((one) => {
    if (outside && !isOutside(one)) return false;
    if (!words) return true;
    const { port, addresses, process, service, container, risk, protocol } = one;
    const named = [process?.name, process?.user, service, container?.name, container?.image, container?.stack, risk, ...addresses].some((text) => text?.toLowerCase().includes(words));
    return named || String(port) === words || String(container?.port) === words || `${port}/${protocol}` === words;
  });
}

export const pageOfPorts = (ports: readonly ExposedPort[], query: PageQuery<ExposureField>): Page<ExposedPort> => pageOfRows(ports, FIELDS, ({ id }) => id, query);
