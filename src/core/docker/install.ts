import { AppError } from '../../lib/errors.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';

const MINUTES = 60_000;

export interface InstallOffer {
  /** What will run, shown before. */
  commands: string[];
}

/** Whether the panel can install an engine here: root, on a system of the Debian, Ubuntu or Fedora family. */
export function installOffer(app: App): InstallOffer | null {
  // On the machine of another engine somebody else installs it.
  if (app.engines.chosen() !== null) return null;
  if (app.host.kind !== 'linux' || process.getuid?.() !== 0) return null;
  if (app.exec.which('apt-get')) return { commands: ['apt-get update', 'apt-get install docker.io docker-compose', 'systemctl enable docker', 'systemctl start docker'] };
  if (app.exec.which('dnf')) return { commands: ['dnf install moby-engine docker-compose', 'systemctl enable docker', 'systemctl start docker'] };
  return null;
}

/** Installs Docker from the distribution's packages and starts it. @returns the task. @throws AppError denied, unsupported, conflict while it runs */
export function installDocker(app: App, actor: Actor): string {
  need(actor, 'containers.admin');
  const offer = installOffer(app);
  if (!offer) throw new AppError('unsupported', (t) => t.docker.noOffer);
  const id = app.tasks.start(actor, {
    kind: 'docker.install', key: 'docker.install', steps: ['packages', 'start'],
    async run(task) {
      const options = { signal: task.signal, timeout: 15 * MINUTES, onOutput: (text: string) => task.log(text) };
      task.step('packages');
      await app.scripts.run('docker.sh', ['packages'], options);
      task.step('start');
      await app.scripts.run('docker.sh', ['start'], { ...options, timeout: 2 * MINUTES });
      app.bus.emit('containers.changed', { up: true });
    },
  });
  record(app, actor, { action: 'docker.install', target: 'docker', params: { task: id }, commands: offer.commands });
  return id;
}
