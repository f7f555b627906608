import { baseOf, parentOf, type PathKind } from '../../../core/files/paths.ts';
import type { VersionList, VersionRow } from '../../../core/files/versions/versions.ts';
import { shownName } from '../../../lib/file-name.ts';
import { Layout } from '../../layout.tsx';
import { actorText } from '../../parts/actor.ts';
import { ConfirmDialog, opens } from '../../parts/dialog.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Tag } from '../../parts/mark.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { encodePath, folderHref } from '../href.ts';

interface VersionsProps {
  ui: Ui;
  kind: PathKind;
  list: VersionList;
  /** How many of a file are kept. */
  most: number;
}

/** What a file was at each save. */
export function VersionsPage({ ui, kind, list, most }: VersionsProps) {
  const t = ui.t.editor.version;
  const name = shownName(baseOf(kind, list.path));
  const title = t.title({ name });
  const edit = `/files/edit?path=${encodePath(list.path)}`;
  return (
    <Layout ui={ui} title={title} styles={['css/editor.css']}>
      <header class="page-head">
        <a class="btn ghost only sm" href={folderHref(parentOf(kind, list.path))} aria-label={ui.t.browse.back} title={ui.t.browse.back}>
          <Icon ui={ui} name="arrow-left" />
        </a>
        <h1 tabindex={-1}>{title}</h1>
        <p class="facts desktop">
          <span>{t.kept({ n: most })}</span>
        </p>
        <div class="btns push">
          {list.versions.length > 0 && ui.can('files.write') ? (
            <button class="btn" type="button" {...opens('clear-versions')}>
              {t.clear}
            </button>
          ) : null}
          <a class="btn" href={edit}>
            <Icon ui={ui} name="edit" />
            {ui.t.editor.diff.edit}
          </a>
        </div>
      </header>
      {list.versions.length === 0 ? <Empty ui={ui} icon="history" title={t.none} text={t.noneText} /> : <Table ui={ui} list={list} title={title} />}
      <ConfirmDialog ui={ui} id="clear-versions" title={t.clearAsk({ name })} text={t.clearText({ n: list.versions.length })} action="/files/versions/clear" submit={t.clear}>
        <input type="hidden" name="path" value={list.path} />
      </ConfirmDialog>
    </Layout>
  );
}

function Table({ ui, list, title }: { ui: Ui; list: VersionList; title: string }) {
  const t = ui.t.editor.version;
  const current = list.versions.find((version) => version.sha256 === list.now);
  return (
    <table class="table sticky">
      <caption class="vh">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.when}</th>
          <th scope="col">{t.who}</th>
          <th scope="col" class="num mid">{t.size}</th>
          <th scope="col" class="fit">
            <span class="vh">{t.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {list.versions.map((version) => (
          <Line ui={ui} path={list.path} version={version} current={version === current} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ ui, path, version, current }: { ui: Ui; path: string; version: VersionRow; current: boolean }) {
  const t = ui.t.editor.version;
  return (
    <tr>
      <td class="nowrap">
        <Time ui={ui} at={version.at} /> {current ? <Tag ui={ui}>{t.current}</Tag> : null}
      </td>
      <td class="truncate">{version.actor === '' ? t.found : actorText(ui.t, version.actor)}</td>
      <td class="num mid">{ui.fmt.bytes(version.size)}</td>
      <td class="fit">
        {current ? null : (
          <form class="btns ed-acts" method="post" action="/files/versions/restore">
            <a class="btn sm" href={`/files/compare?a=${encodePath(path)}&version=${version.id}`}>
              <Icon ui={ui} name="split" />
              {t.compare}
            </a>
            {ui.can('files.write') ? (
              <>
                <input type="hidden" name="path" value={path} />
                <input type="hidden" name="id" value={version.id} />
                <button class="btn sm" type="submit">
                  <Icon ui={ui} name="restart" />
                  {t.restore}
                </button>
              </>
            ) : null}
          </form>
        )}
      </td>
    </tr>
  );
}
