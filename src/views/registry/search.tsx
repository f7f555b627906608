import { nameOf, shortOf } from '../../core/registry/place.ts';
import type { RegistryFound } from '../../core/registry/search.ts';
import { lineOf, typeName } from '../../core/registry/value.ts';
import type { RegistryPlace } from '../../platform/registry.ts';
import { Layout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { placeHref } from './href.ts';

interface SearchProps {
  ui: Ui;
  place: RegistryPlace;
  q: string;
  found: RegistryFound;
}

/** What two seconds of looking found, and the way on. */
export function RegistrySearchPage({ ui, place, q, found }: SearchProps) {
  const t = ui.t.registry;
  const looked = ui.fmt.number(found.looked);
  const { view } = place;
  return (
    <Layout ui={ui} title={t.searchTitle({ name: nameOf(place.path) })} styles={['css/registry.css']}>
      <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/registry', label: t.title }, { href: placeHref(place), label: nameOf(place.path) }]} title={`${t.search}: ${q}`} />
      <p class="lead-note">
        {t.found({ n: found.items.length, looked })}
        {found.unread ? ` ${t.unread({ n: ui.fmt.number(found.unread) })}` : ''}
      </p>
      {found.items.length === 0 && !found.next ? <Empty ui={ui} icon="search" title={t.nothingFound} text={t.nothingFoundText({ looked })} /> : (
        <table class="table">
          <caption class="vh">{t.search}</caption>
          <tbody>
            {found.items.map(({ path, value }) => (
              <tr>
                <td class="truncate lead">
                  <a href={placeHref({ path, view })} title={path}>
                    <Icon ui={ui} name={value ? 'file-config' : 'folder'} /> <b>{value ? value.name || t.standard : nameOf(path)}</b>
                  </a>
                  <small class="below-line mono xs soft">{shortOf(path)}</small>
                  {value ? <small class="below-line mono xs">{lineOf(value, 200)}</small> : null}
                </td>
                <td class="mid soft xs nowrap">{value ? typeName(value.type) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {found.next ? (
        <nav class="pager" aria-label={ui.t.parts.pages}>
          <p>{t.stopped({ path: shortOf(found.next) })}</p>
          <div class="btns push"><a class="btn sm" rel="next" href={withQuery(ui.here ?? '', { after: found.next })}>{t.goOn}</a></div>
        </nav>
      ) : null}
    </Layout>
  );
}
