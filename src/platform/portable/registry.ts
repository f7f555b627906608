import { createWindowsRegistry } from '../windows/registry/registry.ts';

/** Systems without one: every question is refused. */
export const NO_REGISTRY = createWindowsRegistry(() => null);
