import type { Db } from '../../db/open.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Host } from '../../platform/host.ts';
import type { Mount } from '../../platform/metrics.ts';
import { getSetting } from '../settings/settings.ts';
import { capacityOf, daysUntilFull, readMountTrend, type MountUse } from './mounts.ts';
import type { Parts } from './row.ts';

/** A trend of days does not change within minutes. */
const TREND_MS = 600_000;
const MOUNTS_MAX = 32;

export interface MountLooks {
  /** A new look. */
  read(): Promise<MountUse[]>;
  /** The last one when it is younger than `maxAge` ms. */
  recent(maxAge: number): Promise<MountUse[]>;
  /** Every path of the machine, hidden ones too. */
  paths(): string[];
  /** The last look as rows keep it. */
  forHistory(): NonNullable<Parts['m']>;
  /** The choice of mounts has changed. */
  forget(): void;
}

/** The one reader of file systems, shared by everyone who asks. */
export function createMountLooks({ host, db, clock }: { host: Host; db: Db; clock: Clock }): MountLooks {
  let all: Mount[] = [];
  let lookedAt = -Infinity;
  let going: Promise<MountUse[]> | undefined;
  let trend: ReturnType<typeof readMountTrend> | undefined;
  let trendAt = 0;
  let hidden: Set<string> | undefined;

  const shown = () => {
    hidden ??= new Set(getSetting({ db }, 'hiddenMounts'));
    return all.filter((mount) => !hidden!.has(mount.path));
  };

  function withForecast(): MountUse[] {
    const at = clock.now();
    if (!trend || clock.monotonic() - trendAt >= TREND_MS) {
      trend = readMountTrend(db, at);
      trendAt = clock.monotonic();
    }
    return shown().map((mount) => ({
      ...mount,
      fullInDays: mount.readOnly ? null : daysUntilFull(trend!.get(mount.path) ?? [], capacityOf(mount), { at, used: mount.used }),
    }));
  }

  async function look() {
    all = await host.metrics.mounts();
    lookedAt = clock.monotonic();
    hidden = undefined;
    return withForecast();
  }
  const read = () => (going ??= look().finally(() => (going = undefined)));

  return {
    read,
    recent: async (maxAge) => (clock.monotonic() - lookedAt < maxAge ? withForecast() : read()),
    paths: () => all.map((mount) => mount.path),
    forHistory: () => Object.fromEntries(shown().slice(0, MOUNTS_MAX).map((mount) => [mount.path, [mount.used, capacityOf(mount)] as [number, number]])),
    forget: () => void (hidden = undefined),
  };
}
