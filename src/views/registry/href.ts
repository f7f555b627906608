import type { RegistryPlace } from '../../platform/registry.ts';

const query = (values: Readonly<Record<string, string | undefined>>) => new URLSearchParams(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined)).toString();

/** `/registry?key=HKEY_…&view=32`; 64 bits are what stands nowhere. */
export const placeHref = ({ path, view }: RegistryPlace, page = '', more: Readonly<Record<string, string | undefined>> = {}) =>
  `/registry${page}?${query({ key: path, view: view === 32 ? '32' : undefined, ...more })}`;
