import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { installCommands, installPackages, type Installation } from '../packages/install.ts';

/** With compose: the plugin where the distribution has it (Debian 13, Ubuntu), else the program of before. */
const DOCKER: Installation = {
  names: { apt: ['docker.io', 'iptables', 'ca-certificates', 'docker-compose-v2 | docker-compose-plugin | docker-compose'], dnf: ['moby-engine', 'docker-compose'] },
  service: 'docker',
};

export interface InstallOffer {
  /** What will run, shown before. */
  commands: string[];
}

/** On the machine of another engine somebody else installs it; and on one that is made up, nobody does. */
const mayInstall = (app: App) => app.engines.chosen() === null && app.host.kind === 'linux';

/** Whether the panel can install an engine here: as root, on a system of the Debian, Ubuntu or Fedora family. */
export async function installOffer(app: App): Promise<InstallOffer | null> {
  const commands = mayInstall(app) ? await installCommands(app, DOCKER) : null;
  return commands && { commands };
}

/** Installs Docker from the distribution's packages and starts it. @returns the task. @throws AppError denied, unsupported, conflict while anything is being installed */
export async function installDocker(app: App, actor: Actor): Promise<string> {
  need(actor, 'containers.admin');
  if (!mayInstall(app)) throw new AppError('unsupported', (t) => t.docker.noOffer);
  const began = app.clock.now();
  return installPackages(app, actor, DOCKER, {
    action: 'docker.install', target: 'docker', refusal: (t) => t.docker.noOffer,
    after: () => void app.bus.emit('containers.changed', { up: true }),
    // systemctl says that it did not start, and not why; of a failure before that the engine has said nothing.
    async failed(task) {
      const journalctl = app.exec.which('journalctl');
      if (journalctl) task.log((await app.exec.run([journalctl, '--quiet', '--no-pager', '-n', '20', '-u', 'docker', '-S', `@${Math.floor(began / 1000)}`])).stdout);
    },
  });
}
