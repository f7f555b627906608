import type { StackVersion } from '../../core/stacks/kept.ts';
import type { Stack } from '../../core/stacks/stack.ts';
import { Layout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { Dot, type State } from '../parts/mark.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';

const DOTS: Record<StackVersion['state'], State> = { saved: 'off', good: 'ok', failed: 'fail', found: 'off' };

/** What the files were before. One is opened in the editor, looked at as a change, and saved or deployed like any other. */
export function StackVersionsPage({ ui, stack, versions, now }: { ui: Ui; stack: Stack; versions: readonly StackVersion[]; now: string | null }) {
  const t = ui.t.stacks;
  const here = `/stacks/${stack.name}`;
  return (
    <Layout ui={ui} title={`${t.versions}: ${stack.name}`}>
      <CrumbsHead crumbs={[{ href: '/stacks', label: t.title }, { href: here, label: stack.name }]} title={t.versions} label={ui.t.parts.pages} />
      {versions.length === 0 ? (
        <Empty ui={ui} icon="history" title={t.versionsNone} text={t.versionsText} />
      ) : (
        <table class="table sticky">
          <caption class="vh">{t.versions}</caption>
          <thead>
            <tr>
              <th scope="col">{t.when}</th>
              <th scope="col">{t.came}</th>
              <th scope="col" class="mid">{t.by}</th>
              <th class="fit">
                <span class="vh">{t.open}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr>
                <td>
                  <DateTime ui={ui} at={version.at} />
                </td>
                <td>
                  <Dot state={DOTS[version.state]}>{t.versionStates[version.state]}</Dot>
                </td>
                <td class="mid quiet">{version.by}</td>
                <td class="fit">
                  {version.id === now ? <span class="quiet">{t.isNow}</span> : <a class="btn sm" href={`${here}/edit?version=${version.id}`} aria-label={t.openIt({ when: ui.fmt.dateTime(version.at) })}>{t.open}</a>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Layout>
  );
}
