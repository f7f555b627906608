import type { App } from '../../app.ts';

export interface Owners {
  /** '' when the number has no name. */
  user(id: number): string;
  group(id: number): string;
}

const KEPT_MS = 60_000;
const kept = new WeakMap<object, { at: number; owners: Promise<Owners> }>();

/** Names of users and groups, asked of the machine once a minute at most. */
export function readOwners(app: Pick<App, 'host' | 'clock'>): Promise<Owners> {
  const driver = app.host.files;
  const known = kept.get(driver);
  const now = app.clock.monotonic();
  if (known && now - known.at < KEPT_MS) return known.owners;
  const owners = ask(app);
  kept.set(driver, { at: now, owners });
  owners.catch(() => kept.delete(driver));
  return owners;
}

async function ask(app: Pick<App, 'host'>): Promise<Owners> {
  const { users, groups } = await app.host.files.accounts();
  const byUser = new Map(users.map(({ id, name }) => [id, name]));
  const byGroup = new Map(groups.map(({ id, name }) => [id, name]));
  return { user: (id) => byUser.get(id) ?? '', group: (id) => byGroup.get(id) ?? '' };
}
