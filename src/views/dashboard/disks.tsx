import type { MountUse } from '../../core/metrics/mounts.ts';
import { Gauge } from '../parts/meter.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

export function Disks({ ui, mounts }: { ui: Ui; mounts: readonly MountUse[] }) {
  const t = ui.t.dashboard.disks;
  return (
    <Section id="disks" title={t.title} pane>
      <div class="stack" id="mounts">
        {mounts.map((mount) => (
          <div data-mount={mount.path}>
            <MountGauge ui={ui} mount={mount} />
          </div>
        ))}
      </div>
      {mounts.length ? null : <p class="small muted">{t.none}</p>}
    </Section>
  );
}

function MountGauge({ ui, mount }: { ui: Ui; mount: MountUse }) {
  const size = ui.fmt.bytesPair(mount.used, mount.total);
  // What ordinary users may fill: blocks kept for root count as full, as df says it.
  const share = usedShare(mount);
  return (
    <Gauge
      title={<span class="mono" title={mount.path}>{mount.path}</span>}
      figure={<><span data-f="used">{size.used}</span> <span class="muted" data-f="total">{`/ ${size.total} ${size.unit}`}</span></>}
      label={mount.path}
      value={share}
      note={<span data-f="note">{mountNote(ui, mount)}</span>}
    />
  );
}

/** Percent, as df(1) says it: used of what is used or free for ordinary users. */
export const usedShare = (mount: Pick<MountUse, 'used' | 'free'>) => (mount.used + mount.free > 0 ? (100 * mount.used) / (mount.used + mount.free) : 0);

export function mountNote(ui: Ui, mount: MountUse): string {
  const t = ui.t.dashboard.disks;
  const parts = [mount.device.replace(/^\/dev\//, ''), mount.type];
  if (mount.readOnly) parts.push(t.readOnly);
  if (mount.fullInDays !== null) parts.push(mount.fullInDays < 1 ? t.fullToday : t.full({ days: mount.fullInDays }));
  if (mount.inodes && mount.inodesUsed !== null) parts.push(t.inodes({ percent: ui.fmt.percent((100 * mount.inodesUsed) / mount.inodes) }));
  return parts.filter(Boolean).join(' · ');
}
