/** Pages that show, or change, what an engine has. */
const NOUNS = ['containers', 'images', 'volumes', 'networks', 'stacks', 'docker', 'registries', 'builds'];

/** The same calls of the API. */
export const isEngineCall = (path: string) => path.startsWith('/api/v1/') && isEnginePath(path.slice('/api/v1'.length));

/** Saved endpoints are the panel's own, whichever engine is chosen. */
export const isEnginePath = (path: string) => NOUNS.includes(path.split('/')[1] ?? '') && !/^\/docker\/endpoints(\/|$)/.test(path);
