import { AppError } from '../../lib/errors.ts';
import { DockerError } from '../../platform/docker.ts';
import type { DockerApp } from './ask.ts';
import type { EngineState } from './engine.ts';

/** The engine that a refusal says cannot be reached; null for a refusal of the engine's own, and for anything else. */
export function awayOf(app: DockerApp, error: unknown): Extract<EngineState, { up: false }> | null {
  const cause = error instanceof AppError ? error.cause : null;
  if (!(cause instanceof DockerError) || typeof cause.status === 'number') return null;
  return { up: false, endpoint: app.host.docker.endpoint(), why: cause.status, detail: cause.message };
}
