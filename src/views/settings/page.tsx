import type { Names } from '../../core/metrics/choice.ts';
import type { MaintenanceKind } from '../../core/maintenance/maintenance.ts';
import type { SettingsValues } from '../../core/settings/change.ts';
import { Layout } from '../layout.tsx';
import { PageHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';
import { ContainersSettings } from './containers.tsx';
import { FilesSettings } from './files.tsx';
import { ArmedSettings, HistorySettings, RetentionSettings, UpdateSettings } from './groups.tsx';
import { Maintenance } from './maintenance.tsx';
import { ShownSettings } from './shown.tsx';
import { StartedSection, type Started } from './started.tsx';
import { TerminalSettings } from './terminal.tsx';

export interface SettingsModel {
  values: SettingsValues;
  names: Names;
  started: Started;
  size: { file: number; log: number };
  kinds: readonly MaintenanceKind[];
  releaseUrl: string | undefined;
}

/** The panel's own settings: each group is saved by itself. */
export function SettingsPage({ ui, model }: { ui: Ui; model: SettingsModel }) {
  const t = ui.t.settings;
  return (
    <Layout ui={ui} title={t.title}>
      <PageHead title={t.title}>
        <a class="btn" href="/about">{ui.t.about.title}</a>
      </PageHead>
      <HistorySettings ui={ui} values={model.values} />
      <RetentionSettings ui={ui} values={model.values} />
      <FilesSettings ui={ui} values={model.values} />
      <TerminalSettings ui={ui} values={model.values} />
      <ContainersSettings ui={ui} values={model.values} />
      <ArmedSettings ui={ui} values={model.values} />
      <ShownSettings ui={ui} names={model.names} />
      <UpdateSettings ui={ui} values={model.values} url={model.releaseUrl} />
      <Maintenance ui={ui} size={model.size} kinds={model.kinds} />
      <StartedSection ui={ui} started={model.started} />
    </Layout>
  );
}
