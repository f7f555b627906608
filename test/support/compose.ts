/** Compose in both forms that people have: the program of its own, which Debian 12 still has as 1.29, and the plugin of the docker command. */
import { exec, type Exec } from '../../src/platform/exec.ts';
import { pluginFolder } from './compose-plugin.ts';
import type { Need } from './needs.ts';

/** How it is asked for: what that needs, and the spawner and the environment by which no other is found. */
export interface ComposeForm {
  kind: 'standalone' | 'plugin';
  need: Need;
  exec: Exec;
  argv: readonly [string, ...string[]];
  env: Record<string, string>;
}

const hiding = (hidden: string, env: Record<string, string> = {}): Exec => ({
  run: (argv, options = {}) => exec.run(argv, { ...options, env: { ...options.env, ...env } }),
  which: (tool) => (tool === hidden ? undefined : exec.which(tool)),
});

const PLUGIN = { DOCKER_CONFIG: pluginFolder };

export const COMPOSE_FORMS: readonly ComposeForm[] = [
  { kind: 'standalone', need: 'composeProgram', argv: ['docker-compose'], env: {}, exec: hiding('docker') },
  { kind: 'plugin', need: 'composePlugin', argv: ['docker', 'compose'], env: PLUGIN, exec: hiding('docker-compose', PLUGIN) },
];
