import type { StackVersion } from '../../core/stacks/kept.ts';
import type { Stack } from '../../core/stacks/stack.ts';
import { Layout } from '../layout.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Versions } from '../parts/versions.tsx';
import type { Ui } from '../ui.ts';

/** What the files were before. One is opened in the editor, looked at as a change, and saved or deployed like any other. */
export function StackVersionsPage({ ui, stack, versions, now }: { ui: Ui; stack: Stack; versions: readonly StackVersion[]; now: string | null }) {
  const t = ui.t.stacks;
  const here = `/stacks/${stack.name}`;
  return (
    <Layout ui={ui} title={`${t.versions}: ${stack.name}`}>
      <CrumbsHead crumbs={[{ href: '/stacks', label: t.title }, { href: here, label: stack.name }]} title={t.versions} label={ui.t.parts.pages} />
      <Versions ui={ui} t={t} came={t.came} versions={versions} states={t.versionStates} now={now} href={(id) => `${here}/edit?version=${id}`} />
    </Layout>
  );
}
