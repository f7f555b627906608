import type { FolderEntry } from '../../core/stacks/folder.ts';
import { TEXT_MOST, UPLOAD_MOST } from '../../core/stacks/sizes.ts';
import { shownFile, textPaths, type Stack } from '../../core/stacks/stack.ts';
import { closes, Dialog, opens } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';

interface TreeProps {
  ui: Ui;
  stack: Stack;
  folder: { entries: readonly FolderEntry[]; more: boolean };
}

/** What lies in the folder of a stack; a file is a link to the editor with it, which the page's script opens as a tab. */
export function StackTree({ ui, stack, folder }: TreeProps) {
  const t = ui.t.stackFiles;
  const own = new Set(textPaths(stack).map((path) => shownFile(stack, path)));
  return (
    <nav class="stack-tree" id="stack-tree" aria-label={t.title}>
      <header>
        <h2>{t.title}</h2>
        <button class="btn ghost only sm" type="button" aria-label={t.new} title={t.new} {...opens('stack-new-file')}>
          <Icon ui={ui} name="plus" />
        </button>
        <button class="btn ghost only sm" type="button" aria-label={t.upload} title={t.upload} {...opens('stack-upload')}>
          <Icon ui={ui} name="upload" />
        </button>
      </header>
      <ul>
        {folder.entries.map((entry) => (
          <Entry ui={ui} stack={stack} entry={entry} own={own.has(entry.path)} />
        ))}
      </ul>
      {folder.more ? <p class="small muted">{t.more}</p> : null}
    </nav>
  );
}

const ICONS = { file: 'file', folder: 'folder', link: 'link', other: 'file' } as const;

function Entry({ ui, stack, entry: { path, kind, size }, own }: { ui: Ui; stack: Stack; entry: FolderEntry; own: boolean }) {
  const t = ui.t.stackFiles;
  const parts = path.split('/');
  const name = parts.at(-1)!;
  const opensHere = kind === 'file' && size <= TEXT_MOST;
  const body = (
    <>
      <Icon ui={ui} name={ICONS[kind]} />
      <span>{name}</span>
    </>
  );
  return (
    <li data-depth={String(Math.min(parts.length - 1, 7))}>
      {opensHere ? (
        <a href={`/stacks/${stack.name}/edit?file=${encodeURIComponent(path)}`} data-stack-file={path} title={path}>
          {body}
        </a>
      ) : (
        <span class="entry" title={kind === 'file' ? `${path} (${ui.fmt.bytes(size)})` : path}>
          {body}
        </span>
      )}
      {own ? null : (
        <span class="acts">
          <button class="btn ghost only sm" type="button" data-stack-path={path} aria-label={`${t.move}: ${path}`} title={t.move} {...opens('stack-move')}>
            <Icon ui={ui} name="edit" />
          </button>
          <button class="btn ghost only sm" type="button" data-stack-path={path} aria-label={`${t.drop}: ${path}`} title={t.drop} {...opens('stack-drop')}>
            <Icon ui={ui} name="trash" />
          </button>
        </span>
      )}
    </li>
  );
}

/** Beside the form of the texts, so that none lies in another; with htmx the tree alone is drawn anew and no text is lost. */
export function TreeDialogs({ ui, stack }: { ui: Ui; stack: Stack }) {
  const t = ui.t.stackFiles;
  const here = `/stacks/${stack.name}/files`;
  const drawn = { 'hx-target': '#stack-tree', 'hx-swap': 'outerHTML' };
  const submit = (id: string, label: string, kind = 'btn primary') => (
    <div class="btns">
      <button class="btn" type="button" {...closes(id)}>
        {ui.t.parts.cancel}
      </button>
      <button class={kind} type="submit">
        {label}
      </button>
    </div>
  );
  const path = (id: string, label: string, name = 'path', hint?: string) => <Field ui={ui} id={`${id}-${name}`} name={name} label={label} mono required maxlength={1000} {...(hint ? { hint } : {})} />;
  return (
    <>
      <Dialog ui={ui} id="stack-new-file" title={t.new}>
        <form method="post" action={`${here}/new`} hx-post={`${here}/new`} {...drawn}>
          {path('new', t.path, 'path', t.pathHint)}
          {submit('stack-new-file', t.create)}
        </form>
      </Dialog>
      <Dialog ui={ui} id="stack-upload" title={t.upload}>
        <form method="post" action={`${here}/upload`} enctype="multipart/form-data" hx-post={`${here}/upload`} hx-encoding="multipart/form-data" {...drawn}>
          <div class="field">
            <label for="stack-upload-file">{t.files}</label>
            <input class="input" id="stack-upload-file" type="file" name="file" multiple required aria-describedby="stack-upload-hint" />
            <p class="hint" id="stack-upload-hint">{t.uploadHint({ mib: UPLOAD_MOST >> 20 })}</p>
          </div>
          <Field ui={ui} id="upload-folder" name="folder" label={t.folder} hint={t.folderHint} mono maxlength={1000} />
          {submit('stack-upload', t.upload)}
        </form>
      </Dialog>
      <Dialog ui={ui} id="stack-move" title={t.move}>
        <form method="post" action={`${here}/move`} hx-post={`${here}/move`} {...drawn}>
          {path('move', t.from)}
          {path('move', t.to, 'to', t.pathHint)}
          {submit('stack-move', t.move)}
        </form>
      </Dialog>
      <Dialog ui={ui} id="stack-drop" title={t.drop} text={t.dropText}>
        <form method="post" action={`${here}/drop`} hx-post={`${here}/drop`} {...drawn}>
          {path('drop', t.path)}
          {submit('stack-drop', t.drop, 'btn danger primary')}
        </form>
      </Dialog>
    </>
  );
}
