/** Images that a registry has in one version after the other, each a shell that waits. */
import { makeImage, engine } from './docker.ts';

const WAIT = 'CMD ["/bin/sh", "-c", "trap exit TERM; while true; do sleep 0.2; done"]';

async function docker(...argv: string[]): Promise<string> {
  const child = Bun.spawn(['docker', ...argv], { stdout: 'pipe', stderr: 'pipe' });
  const [said, wrong, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`docker ${argv.join(' ')}: ${wrong}`);
  return said.trim();
}

const whole = (reference: string) => (/:[^/]+$/.test(reference) ? reference : `${reference}:latest`);

export function versions() {
  const made = new Set<string>();
  const names = new Set<string>();
  const idOf = async (reference: string) => ((await engine().ask({ path: `/images/${encodeURIComponent(reference)}/json` })) as { Id: string }).Id;
  return {
    idOf,
    /** Sends a version to the registry. What the name meant here before it means afterwards; the first one stays. */
    async offer(reference: string, version: string, ...changes: string[]): Promise<void> {
      const had = await idOf(whole(reference)).catch(() => null);
      const id = await makeImage(whole(reference), [`ENV VERSION=${version}`, WAIT, ...changes]);
      made.add(id);
      names.add(whole(reference));
      await docker('push', '-q', whole(reference));
      if (had === null) return;
      await docker('tag', had, whole(reference));
      await docker('image', 'rm', '-f', id);
    },
    /** Fetches it from there. @returns its name */
    async pull(reference: string): Promise<string> {
      names.add(reference);
      await docker('pull', '-q', reference);
      return reference;
    },
    async forget(): Promise<void> {
      for (const name of names) await docker('image', 'rm', '-f', name).catch(() => {});
      for (const id of made) await docker('image', 'rm', '-f', id).catch(() => {});
    },
  };
}
