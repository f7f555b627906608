import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;

/** Where the source lies, once package.json says so. */
export const SOURCE: string | null = (manifest as { repository?: { url?: string } }).repository?.url ?? null;

/** No right clock shows a time before this. */
export const BUILT_AFTER = Date.UTC(2026, 0, 1);
