/** Seconds that services may take to come up. */
export const WAIT = { least: 5, most: 900, usual: 120 } as const;
