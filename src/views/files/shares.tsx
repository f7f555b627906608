import type { ShareRow } from '../../core/files/shares/shares.ts';
import { shownName } from '../../lib/file-name.ts';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Tag } from '../parts/mark.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { DateTime, Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { openHref } from './href.ts';

/** All links of this person; of everybody, for an administrator. */
export function SharesPage({ ui, shares, revoked }: { ui: Ui; shares: readonly ShareRow[]; revoked: boolean }) {
  const t = ui.t.shares;
  return (
    <Layout ui={ui} title={t.title}>
      <CrumbsHead label={ui.t.files.title} crumbs={[{ href: '/files', label: ui.t.files.title }]} title={t.title} />
      {revoked ? <Banner ui={ui} tone="ok" text={t.revoked} /> : null}
      {shares.length === 0 ? (
        <Empty ui={ui} icon="link" title={t.emptyTitle} text={t.emptyText}>
          <a class="btn" href="/files">
            {ui.t.files.title}
          </a>
        </Empty>
      ) : (
        <table class="table sticky">
          <caption class="vh">{t.title}</caption>
          <thead>
            <tr>
              <th scope="col">{t.what}</th>
              <th scope="col" class="mid">{t.by}</th>
              <th scope="col" class="lo">{t.created}</th>
              <th scope="col">{t.ends}</th>
              <th scope="col" class="num">{t.downloads}</th>
              <th scope="col">
                <span class="vh">{t.revoke}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shares.map((share) => (
              <ShareLine ui={ui} share={share} />
            ))}
          </tbody>
        </table>
      )}
    </Layout>
  );
}

function ShareLine({ ui, share }: { ui: Ui; share: ShareRow }) {
  const t = ui.t.shares;
  const path = shownName(share.path);
  return (
    <tr>
      <td class="truncate" title={path}>
        <span class="name">
          <a href={openHref(share.path)}>
            <bdi>{path}</bdi>
          </a>
          {share.password ? <Tag ui={ui}>{t.protected}</Tag> : null}
          {share.over ? <Tag ui={ui} tone="warn">{t.over}</Tag> : null}
        </span>
      </td>
      <td class="mid soft nowrap">{share.by}</td>
      <td class="lo soft nowrap">
        <Time ui={ui} at={share.createdAt} />
      </td>
      <td class="soft nowrap">{share.expiresAt === null ? t.never : <DateTime ui={ui} at={share.expiresAt} />}</td>
      <td class="num nowrap">
        {share.downloadsMost === null ? ui.fmt.number(share.downloads) : t.downloadsOf({ n: share.downloads, most: share.downloadsMost })}
      </td>
      <td class="end">
        {ui.can('files.write') ? (
          <form method="post" action={`/files/shares/${share.id}/remove`}>
            <button class="btn ghost sm danger" type="submit" aria-label={t.revokeLink({ name: path })}>
              <Icon ui={ui} name="x" />
              {t.revoke}
            </button>
          </form>
        ) : null}
      </td>
    </tr>
  );
}
