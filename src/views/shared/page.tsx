import type { Child } from 'hono/jsx';
import type { SharedEntry } from '../../core/files/shares/confine.ts';
import { shownName } from '../../lib/file-name.ts';
import { BareLayout } from '../layout.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon } from '../parts/icon.tsx';
import { PasswordField } from '../parts/password.tsx';
import { DateTime } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { encodePath } from '../files/href.ts';

interface SharedProps {
  ui: Ui;
  /** "/s/<token>" */
  base: string;
  name: string;
  share: { by: string; expiresAt: number | null; downloadsMost: number | null; downloads: number };
}

function Bare({ ui, title, children }: { ui: Ui; title: string; children?: Child }) {
  // Nobody's search engine keeps what was given to one person.
  const head = <meta name="robots" content="noindex, nofollow" />;
  return (
    <BareLayout ui={ui} title={title} styles={['css/nav.css', 'css/shared.css']} head={head}>
      <div class="login-form shared">{children}</div>
    </BareLayout>
  );
}

export function GonePage({ ui }: { ui: Ui }) {
  const t = ui.t.shares.page;
  return (
    <Bare ui={ui} title={t.goneTitle}>
      <h1>{t.goneTitle}</h1>
      <p class="soft">{t.gone}</p>
    </Bare>
  );
}

export function UnlockPage({ ui, action, by, error }: { ui: Ui; action: string; by: string; error?: string | undefined }) {
  const t = ui.t.shares.page;
  return (
    <BareLayout ui={ui} title={t.title}>
      <form class="login-form" method="post" action={action}>
        <h1>{t.title}</h1>
        <p class="soft">{t.passwordLead}</p>
        <FormErrors ui={ui} errors={error ? { '': error } : {}} />
        <PasswordField ui={ui} name="password" label={t.password} autocomplete="current-password" autofocus />
        <button class="btn primary block big" type="submit">
          {t.unlock}
        </button>
        <p class="small soft center">{t.from({ name: by })}</p>
      </form>
    </BareLayout>
  );
}

function Facts({ ui, share }: Pick<SharedProps, 'ui' | 'share'>) {
  const t = ui.t.shares.page;
  return (
    <p class="small soft">
      {t.from({ name: share.by })}
      {share.expiresAt === null ? null : ` · ${t.until({ date: ui.fmt.dateTime(share.expiresAt) })}`}
      {share.downloadsMost === null ? null : ` · ${t.left({ n: share.downloadsMost - share.downloads })}`}
    </p>
  );
}

export function SharedFilePage({ ui, base, name, share, size, modified }: SharedProps & { size: number; modified: number }) {
  const t = ui.t.shares.page;
  return (
    <Bare ui={ui} title={shownName(name)}>
      <h1>
        <bdi>{shownName(name)}</bdi>
      </h1>
      <p class="soft">
        {ui.fmt.bytes(size)} · <DateTime ui={ui} at={modified} />
      </p>
      <a class="btn primary block big" href={`${base}/download`} download>
        <Icon ui={ui} name="download" />
        {t.download}
      </a>
      <Facts ui={ui} share={share} />
    </Bare>
  );
}

interface SharedFolderProps extends SharedProps {
  names: readonly string[];
  entries: readonly SharedEntry[];
  total: number;
}

export function SharedFolderPage({ ui, base, name, share, names, entries, total }: SharedFolderProps) {
  const t = ui.t.shares.page;
  const here = names.join('/');
  const at = (path: string) => (path ? `?in=${encodePath(path)}` : '');
  return (
    <Bare ui={ui} title={shownName(names.at(-1) ?? name)}>
      <h1>
        <bdi>{shownName(names.at(-1) ?? name)}</bdi>
      </h1>
      <nav aria-label={t.path}>
        <ol class="crumbs">
          {[name, ...names.slice(0, -1)].map((one, i) => (names.length === 0 ? null : (
            <li>
              <a href={base + at(names.slice(0, i).join('/'))}>
                <bdi>{shownName(one)}</bdi>
              </a>
            </li>
          )))}
        </ol>
      </nav>
      {entries.length === 0 ? (
        <p class="soft">{t.empty}</p>
      ) : (
        <ul class="shared-list">
          {entries.map((entry) => {
            const path = here ? `${here}/${entry.name}` : entry.name;
            return (
              <li>
                <a href={entry.folder ? base + at(path) : `${base}/download${at(path)}`} download={!entry.folder}>
                  <Icon ui={ui} name={entry.folder ? 'folder' : 'file'} />
                  <bdi>{shownName(entry.name)}</bdi>
                </a>
                <span class="small soft num">{entry.folder ? '' : ui.fmt.bytes(entry.size)}</span>
              </li>
            );
          })}
        </ul>
      )}
      {total > entries.length ? <p class="small soft">{t.more({ n: ui.fmt.number(entries.length) })}</p> : null}
      <a class="btn primary block big" href={`${base}/download${at(here)}`} download>
        <Icon ui={ui} name="download" />
        {t.downloadAll}
      </a>
      <Facts ui={ui} share={share} />
    </Bare>
  );
}
