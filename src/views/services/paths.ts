import type { ServiceVerb } from '../../platform/services.ts';

export const servicePath = (name: string) => `/services/${encodeURIComponent(name)}`;
export const changePath = (name: string, verb: ServiceVerb) => `${servicePath(name)}/change?verb=${verb}`;
export const programPath = (name: string) => `/services/programs/${name}`;
