import { crumbsOf } from '../../../core/files/paths.ts';
import { label } from '../../files/label.ts';
import { Icon } from '../../parts/icon.tsx';
import type { Ui } from '../../ui.ts';
import { filesHref } from './href.ts';

/** The steps to a folder of a container, and a field for any other path. */
export function ContainerCrumbs({ ui, id, path }: { ui: Ui; id: string; path: string }) {
  const t = ui.t.containerFiles;
  const [, ...rest] = crumbsOf('posix', path);
  return (
    <>
      <nav class="path" aria-label={t.path}>
        <ol class="crumbs">
          <li>
            <a href={filesHref(id, '/')} aria-label="/" title="/" aria-current={rest.length ? undefined : 'page'}>
              <Icon ui={ui} name="container" />
            </a>
          </li>
          {rest.map((crumb, i) => (
            <li>
              <a href={filesHref(id, crumb.path)} title={label(crumb.path)} aria-current={i === rest.length - 1 ? 'page' : undefined}>
                <bdi>{label(crumb.name)}</bdi>
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <details class="path-go">
        <summary class="btn ghost only sm" aria-label={t.path} title={t.path}>
          <Icon ui={ui} name="edit" />
        </summary>
        <form method="get" action={`/containers/${id}/files`} class="row">
          <input class="input mono" name="path" value={path} aria-label={t.path} autocomplete="off" autocapitalize="none" spellcheck={false} />
          <button class="btn" type="submit">
            {t.go}
          </button>
        </form>
      </details>
    </>
  );
}
