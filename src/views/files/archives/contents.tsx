import type { Contents } from '../../../core/files/archives/contents.ts';
import { Banner } from '../../parts/banner.tsx';
import { Select } from '../../parts/select.tsx';
import type { Ui } from '../../ui.ts';
import { ActionPage } from '../action-page.tsx';
import { encodePath, folderHref } from '../href.ts';
import { label } from '../label.ts';
import { encodings } from './extract.tsx';

interface ContentsPageProps {
  ui: Ui;
  folder: string;
  name: string;
  path: string;
  contents: Contents;
  encoding: string;
}

/** What is in an archive, before anything is unpacked. */
export function ContentsPage({ ui, folder, name, path, contents, encoding }: ContentsPageProps) {
  const t = ui.t.archives.contents;
  const { entries, total, bytes, refused } = contents;
  const extractHref = `/files/extract?path=${encodePath(path)}`;
  return (
    <ActionPage ui={ui} title={t.title({ name: label(name) })} folder={folder} wide>
      <div class="stack">
        <p>
          {t.total({ count: ui.fmt.number(total), size: ui.fmt.bytes(bytes) })}
          {total > entries.length ? ` ${t.more({ shown: entries.length })}` : null}
        </p>
        {contents.cut ? <Banner ui={ui} tone="warn" text={t.cut} /> : null}
        {contents.encrypted ? <Banner ui={ui} text={t.encrypted} /> : null}
        {refused ? <Banner ui={ui} tone="warn" text={t.refused({ count: refused })} /> : null}
        {entries.length ? <Entries ui={ui} entries={entries} /> : <p>{t.empty}</p>}
        {contents.format === 'zip' ? (
          <form class="form" method="get" action="/files/archive/contents" hx-get="/files/archive/contents" hx-target="#action" hx-select="#action" hx-swap="outerHTML">
            <input type="hidden" name="path" value={path} />
            <Select ui={ui} name="encoding" label={ui.t.archives.extract.encoding} choices={encodings(ui)} value={encoding} />
            <div class="btns">
              <button class="btn" type="submit">
                {t.again}
              </button>
            </div>
          </form>
        ) : null}
        <div class="btns">
          <a class="btn" href={folderHref(folder)} data-cancel>
            {ui.t.parts.close}
          </a>
          {ui.can('files.write') ? (
            <a class="btn primary" href={extractHref} hx-get={extractHref} hx-target="#action" hx-select="#action" hx-swap="outerHTML">
              {ui.t.archives.extract.action}
            </a>
          ) : null}
        </div>
      </div>
    </ActionPage>
  );
}

function Entries({ ui, entries }: { ui: Ui; entries: Contents['entries'] }) {
  const t = ui.t.archives.contents;
  return (
    <div class="table-scroll" tabindex={0} role="region" aria-label={t.action}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col" class="num">
              {t.size}
            </th>
            <th scope="col">{t.modified}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr>
              <td>
                <bdi>{label(entry.name)}</bdi>{' '}
                {entry.type !== 'file' && entry.type !== 'folder' ? <span class="tag">{t.types[entry.type]}</span> : null}
                {entry.refused ? (
                  <span class="tag" data-tone="warn">
                    {ui.t.archives.refused[entry.refused]}
                  </span>
                ) : null}
              </td>
              <td class="num">{entry.type === 'file' ? ui.fmt.bytes(entry.size) : ''}</td>
              <td>{entry.modified === null ? '' : ui.fmt.full(entry.modified)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
