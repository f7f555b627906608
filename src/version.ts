import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;

/** No right clock shows a time before this. */
export const BUILT_AFTER = Date.UTC(2026, 0, 1);
