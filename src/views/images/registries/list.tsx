import type { Registry } from '../../../core/registries/registries.ts';
import { asks, FormDialog } from '../../form/dialog.tsx';
import { Layout } from '../../layout.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Menu } from '../../parts/menu.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import { ActionsHead } from '../../parts/table.tsx';
import type { Ui } from '../../ui.ts';

const LIST = '/images/registries';

export function RegistriesPage({ ui, registries }: { ui: Ui; registries: readonly Registry[] }) {
  const t = ui.t.registries;
  return (
    <Layout ui={ui} title={t.title} scripts={['js/containers/changes.js']} preload={['js/sse.js', 'js/connection.js']}>
      <div id="registries" hx-get={LIST} hx-trigger="containers-changed from:body" hx-select="#registries" hx-swap="outerMorph">
        <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/images', label: ui.t.images.title }]} title={t.title}>
          {ui.can('registries.write') ? <Add ui={ui} /> : null}
        </CrumbsHead>
        {registries.length === 0 ? (
          <Empty ui={ui} icon="key" title={t.noneTitle} text={t.noneText} />
        ) : (
          <>
            <p class="lead-note">{t.lead}</p>
            <Table ui={ui} registries={registries} />
          </>
        )}
      </div>
      <FormDialog />
    </Layout>
  );
}

function Add({ ui }: { ui: Ui }) {
  const t = ui.t.registries;
  return (
    <a class="btn primary" aria-label={t.add} {...asks(`${LIST}/new`)}>
      <Icon ui={ui} name="plus" />
      {t.add}
    </a>
  );
}

function Table({ ui, registries }: { ui: Ui; registries: readonly Registry[] }) {
  const t = ui.t.registries;
  const acts = ui.can('registries.write');
  return (
    <table class="table sticky named-list">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.host}</th>
          <th scope="col" class="hi">{t.user}</th>
          <th scope="col" class="mid">{t.checked}</th>
          {acts ? (
            <ActionsHead>{t.actions}</ActionsHead>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {registries.map((registry) => (
          <Row ui={ui} registry={registry} acts={acts} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ ui, registry, acts }: { ui: Ui; registry: Registry; acts: boolean }) {
  const t = ui.t.registries;
  const { id, host, user, note, checkedAt } = registry;
  const name = (
    <>
      <b>{host}</b>
      <small class="only-narrow">{user}</small>
      {note ? <small>{note}</small> : null}
    </>
  );
  return (
    <tr id={`registry-${id}`}>
      <td class="truncate lead">
        <div class="name">
          <Icon ui={ui} name="key" />
          {acts ? <a title={host} {...asks(`${LIST}/${id}`)}>{name}</a> : <span title={host}>{name}</span>}
        </div>
      </td>
      <td class="hi nowrap">{user}</td>
      <td class="mid soft nowrap">{checkedAt === null ? t.never : <Time ui={ui} at={checkedAt} />}</td>
      {acts ? (
        <td>
          <div class="acts">
            <Menu ui={ui} id={`m-${id}`} label={t.actionsOf({ host })} icon="more" iconOnly small>
              <a {...asks(`${LIST}/${id}/test`)}>
                <Icon ui={ui} name="check" />
                {t.test}
              </a>
              <a {...asks(`${LIST}/${id}`)}>
                <Icon ui={ui} name="edit" />
                {t.edit}
              </a>
              <a class="danger" {...asks(`${LIST}/${id}/remove`)}>
                <Icon ui={ui} name="trash" />
                {t.remove}
              </a>
            </Menu>
          </div>
        </td>
      ) : null}
    </tr>
  );
}
