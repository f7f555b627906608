import { joinPath, nameOf, shortOf } from '../../core/registry/place.ts';
import type { KeyView } from '../../core/registry/read.ts';
import type { RegistryView } from '../../platform/registry.ts';
import { Icon } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';
import { placeHref } from './href.ts';

interface TreeProps {
  ui: Ui;
  roots: readonly string[];
  view: RegistryView;
  /** The key that is open; null: none yet. */
  open: KeyView | null;
  q: string;
}

/** The roots, the way down to the open key, and the keys in it. A key that is unfolded brings its own with it. */
export function Tree({ ui, roots, view, open, q }: TreeProps) {
  const way = open ? open.path.split('\\').map((_, i, parts) => parts.slice(0, i + 1).join('\\')) : [];
  return (
    <ul class="reg-tree">
      {roots.map((root) => (way[0] === root && open ? <Step ui={ui} way={way} at={0} open={open} q={q} /> : <Node ui={ui} path={root} view={view} hasKeys />))}
    </ul>
  );
}

function Step({ ui, way, at, open, q }: { ui: Ui; way: readonly string[]; at: number; open: KeyView; q: string }) {
  const path = way[at]!;
  const last = at === way.length - 1;
  return (
    <li>
      <KeyLink ui={ui} path={path} view={open.view} here={last} />
      <details open>
        <Fold ui={ui} path={path} />
        {last ? <Keys ui={ui} open={open} q={q} /> : <ul><Step ui={ui} way={way} at={at + 1} open={open} q={q} /></ul>}
      </details>
    </li>
  );
}

function Keys({ ui, open, q }: { ui: Ui; open: KeyView; q: string }) {
  const t = ui.t.registry;
  return (
    <ul id="registry-keys">
      {open.keys.map(({ name, hasKeys }) => <Node ui={ui} path={joinPath(open.path, name)} view={open.view} hasKeys={hasKeys} />)}
      {open.keys.length ? null : <li class="reg-note">{q ? t.noneLikeIt : t.noKeys}</li>}
      {open.keysTotal > open.keys.length ? <li class="reg-note">{t.moreKeys({ shown: ui.fmt.number(open.keys.length), n: ui.fmt.number(open.keysTotal) })}</li> : null}
    </ul>
  );
}

function Node({ ui, path, view, hasKeys }: { ui: Ui; path: string; view: RegistryView; hasKeys: boolean }) {
  const href = placeHref({ path, view });
  const link = <KeyLink ui={ui} path={path} view={view} here={false} />;
  if (!hasKeys) return <li id={href} class="leaf">{link}</li>;
  // Known by its id, and left as it is when the page is drawn anew: what is unfolded in it came later, and comes once.
  return (
    <li id={href}>
      {link}
      <details hx-get={href} hx-trigger="toggle once" hx-target="find ul" hx-select="#registry-keys > li" hx-swap="innerHTML" hx-morph-skip>
        <Fold ui={ui} path={path} />
        <ul></ul>
      </details>
    </li>
  );
}

/** Beside the link, not around it: a thing to press within a thing to press is none for who hears the page. */
const Fold = ({ ui, path }: { ui: Ui; path: string }) => <summary aria-label={ui.t.registry.keysOf({ name: nameOf(path) })}></summary>;

function KeyLink({ ui, path, view, here }: { ui: Ui; path: string; view: RegistryView; here: boolean }) {
  return (
    <a href={placeHref({ path, view })} aria-current={here ? 'true' : undefined} title={shortOf(path)}>
      <Icon ui={ui} name="folder" />
      {nameOf(path)}
    </a>
  );
}
