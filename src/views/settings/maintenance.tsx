import type { MaintenanceKind } from '../../core/maintenance/maintenance.ts';
import { ConfirmDialog, opens } from '../parts/dialog.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Section } from '../parts/section.tsx';
import { taskName } from '../tasks/words.ts';
import type { Ui } from '../ui.ts';

const ICONS: Record<string, IconName> = {
  'maintenance.check': 'database',
  'maintenance.diagnostics': 'archive',
  'history.purge': 'trash',
};

/** What is typed before history is deleted; the same in every language, so that it can be typed. */
export const PURGE_WORD = 'history';

interface MaintenanceProps {
  ui: Ui;
  size: { file: number; log: number };
  kinds: readonly MaintenanceKind[];
}

/** Work on the panel's own house; each is a task. */
export function Maintenance({ ui, size, kinds }: MaintenanceProps) {
  const t = ui.t.settings.maintenance;
  return (
    <Section id="maintenance" title={t.title} note={t.note} end={<span class="small muted">{t.size}: {t.sizeOf({ file: ui.fmt.bytes(size.file), log: ui.fmt.bytes(size.log) })}</span>}>
      <ul class="rows">
        {kinds.map((kind) => (
          <li>
            <Icon ui={ui} name={ICONS[kind] ?? 'tasks'} />
            <span class="grow">
              {taskName(ui.t, { kind, params: {} })}
              <small class="muted">{t.kinds[kind]}</small>
            </span>
            <StartButton ui={ui} kind={kind} />
          </li>
        ))}
      </ul>
      <ConfirmDialog
        ui={ui}
        id="purge-history"
        title={t.purgeAsk}
        consequences={[
          { icon: 'history', text: t.purgeCharts },
          { icon: 'database', text: t.purgeLost({ size: ui.fmt.bytes(size.file) }) },
        ]}
        type={PURGE_WORD}
        action="/settings/maintenance/history.purge"
        submit={t.purge}
      />
    </Section>
  );
}

function StartButton({ ui, kind }: { ui: Ui; kind: MaintenanceKind }) {
  const t = ui.t.settings.maintenance;
  const label = `${t.start}: ${taskName(ui.t, { kind, params: {} })}`;
  if (kind === 'history.purge') {
    return (
      <button class="btn danger" type="button" disabled={!ui.can('settings.write')} {...opens('purge-history')}>
        {t.purge}…
      </button>
    );
  }
  return (
    <form method="post" action={`/settings/maintenance/${kind}`}>
      <button class="btn" aria-label={label} disabled={!ui.can('settings.write')}>
        {t.start}
      </button>
    </form>
  );
}
