import type { RegistryChange } from '../../core/registry/journal.ts';
import { shortOf } from '../../core/registry/place.ts';
import { Layout } from '../layout.tsx';
import { actorText } from '../parts/actor.ts';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tag } from '../parts/mark.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { ActionsHead } from '../parts/table.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { placeHref } from './href.ts';

/** What was changed here, each with a way back. */
export function ChangesPage({ ui, changes }: { ui: Ui; changes: readonly RegistryChange[] }) {
  const t = ui.t.registry;
  return (
    <Layout ui={ui} title={t.changes} styles={['css/registry.css']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/registry', label: t.title }]} title={t.changes} />
      {changes.length === 0 ? <Empty ui={ui} icon="history" title={t.noChanges} text={t.noChangesText} /> : (
        <>
          <p class="lead-note">{t.changesLead}</p>
          <table class="table named-list">
            <caption class="vh">{t.changes}</caption>
            <thead>
              <tr>
                <th scope="col">{t.what}</th>
                <th scope="col" class="mid">{t.who}</th>
                <th scope="col" class="mid">{t.when}</th>
                <ActionsHead>{t.actions}</ActionsHead>
              </tr>
            </thead>
            <tbody>{changes.map((change) => <Row ui={ui} change={change} />)}</tbody>
          </table>
        </>
      )}
    </Layout>
  );
}

function Row({ ui, change }: { ui: Ui; change: RegistryChange }) {
  const t = ui.t.registry;
  return (
    <tr>
      <td class="truncate lead">
        <b>{t.done[change.action]}</b> <small class="soft">{t.countOf({ n: ui.fmt.number(change.changes) })}</small>
        {change.undone ? <> <Tag ui={ui}>{t.undone}</Tag></> : null}
        <small class="below-line"><a class="mono xs" href={placeHref(change)} title={change.path}>{shortOf(change.path)}</a></small>
      </td>
      <td class="mid soft nowrap">{actorText(ui.t, change.actor)}</td>
      <td class="mid soft nowrap"><DateTime ui={ui} at={change.at} /></td>
      <td>
        <div class="acts">
          {change.undone || !ui.can('registry.write') ? null : (
            <a class="btn sm" href={`/registry/changes/${change.id}/undo`}>
              <Icon ui={ui} name="history" />
              {t.undo}…
            </a>
          )}
        </div>
      </td>
    </tr>
  );
}
