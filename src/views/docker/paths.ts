/** Pages that show, or change, what an engine has. */
const NOUNS = ['containers', 'images', 'volumes', 'networks', 'stacks', 'docker', 'registries', 'builds'];

/** Saved endpoints are the panel's own, whichever engine is chosen. */
export const isEnginePath = (path: string) => NOUNS.includes(path.split('/')[1] ?? '') && !/^\/docker\/endpoints(\/|$)/.test(path);
