import { crumbsOf, isInside, joinPath, type PathKind } from '../../../core/files/paths.ts';
import { Field, fieldId } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import type { Ui } from '../../ui.ts';
import { label } from '../label.ts';

export interface Choosing {
  kind: PathKind;
  /** The folder that is chosen now. */
  path: string;
  roots: readonly string[];
  /** Folders in it, sorted; null when it cannot be shown: `error` says why. */
  folders: readonly string[] | null;
  more: boolean;
  error?: string | undefined;
}

/** Whose words it has. */
export const CHOOSER_USES = ['transfer', 'build'] as const;

/** Where to: typed, with the folders below as completion, or gone to step by step. Each step asks for the chooser anew. */
export function FolderChooser({ ui, choosing, error, use = 'transfer' }: { ui: Ui; choosing: Choosing; error?: string | undefined; use?: (typeof CHOOSER_USES)[number] }) {
  const t = ui.t.transfers;
  const { kind, path, roots, folders, more } = choosing;
  const words = use === 'build' ? { label: ui.t.imageBuild.path, hint: ui.t.imageBuild.pathHint } : { label: t.to, hint: t.toHint };
  const reload = { 'hx-target': '#chooser', 'hx-swap': 'outerHTML' };
  const address = `/files/folders${use === 'transfer' ? '' : `?use=${use}`}`;
  const href = (to: string) => `${address}${use === 'transfer' ? '?' : '&'}to=${encodeURIComponent(to)}`;
  const crumbs = crumbsOf(kind, path).filter((crumb) => roots.some((root) => isInside(kind, root, crumb.path)));
  return (
    <div id="chooser" class="chooser">
      <Field
        ui={ui} name="to" label={words.label} mono required={use === 'transfer'} value={path} hint={words.hint} error={error ?? choosing.error}
        attrs={{ list: 'chooser-names', 'hx-get': address, 'hx-trigger': 'change', ...reload }}
      />
      <datalist id="chooser-names">
        {(folders ?? []).map((name) => (
          <option value={joinPath(kind, path, name)}></option>
        ))}
      </datalist>
      <nav class="scripted" aria-labelledby={`${fieldId('to')}-steps`}>
        <h3 class="vh" id={`${fieldId('to')}-steps`}>{t.subfolders}</h3>
        <ol class="crumbs">
          {crumbs.map((crumb) => (
            <li>
              <button type="button" class="btn ghost sm" hx-get={href(crumb.path)} {...reload}>
                <bdi>{crumb.name ? label(crumb.name) : crumb.path}</bdi>
              </button>
            </li>
          ))}
        </ol>
        <ul class="chooser-folders">
          {(folders ?? []).map((name) => (
            <li>
              <button type="button" class="btn ghost sm" hx-get={href(joinPath(kind, path, name))} {...reload}>
                <Icon ui={ui} name="folder" />
                <bdi>{label(name)}</bdi>
              </button>
            </li>
          ))}
        </ul>
        {folders?.length === 0 ? <p class="muted">{t.noSubfolders}</p> : null}
        {more ? <p class="muted">{t.moreFolders}</p> : null}
      </nav>
    </div>
  );
}
