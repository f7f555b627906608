import { baseOf, type PathKind } from '../../../core/files/paths.ts';
import { shownName } from '../../../lib/file-name.ts';
import { Layout } from '../../layout.tsx';
import { closes, Dialog, opens } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { JsonScript } from '../../parts/json-script.tsx';
import type { Ui } from '../../ui.ts';
import { EDITOR_IMPORTS } from './imports.ts';
import { MoreMenu } from './more.tsx';
import { EDITOR_MODULES } from './modules.ts';
import { StatusBar } from './status-bar.tsx';
import { editorWords } from './words.ts';

interface EditPageProps {
  ui: Ui;
  kind: PathKind;
  /** What is opened first; null: what was open last in this browser. */
  path: string | null;
  line?: number;
}

/** The editor: tabs, folders beside the text, the text, and what is known about it at the bottom. public/js/files/editor/ fills it. */
export function EditPage({ ui, kind, path, line }: EditPageProps) {
  const t = ui.t.editor;
  const title = path === null ? t.title : t.titleOf({ name: shownName(baseOf(kind, path)) });
  return (
    <Layout ui={ui} title={title} styles={['css/editor.css']} scripts={['js/files/editor/main.js']} preload={EDITOR_MODULES} imports={EDITOR_IMPORTS}>
      <div class="ed" id="ed" data-kind={kind} data-path={path ?? undefined} data-line={line} data-can-write={ui.can('files.write') ? '' : undefined}>
        <h1 class="vh" tabindex={-1} id="ed-title">
          {title}
        </h1>
        <Head ui={ui} />
        <noscript>
          <div class="banner" data-tone="warn">
            <p>{t.noScript}</p>
          </div>
        </noscript>
        <div class="ed-notices" id="ed-notices" aria-live="polite"></div>
        <div class="ed-main">
          <nav class="ed-tree" id="ed-tree" aria-label={t.tree} hidden></nav>
          <div class="ed-pane" id="ed-pane"></div>
        </div>
        <StatusBar ui={ui} />
        <p class="vh" id="ed-hint">{t.leaveHint}</p>
      </div>
      <OpenDialog ui={ui} />
      <CloseDialog ui={ui} />
      <JsonScript id="ed-words" value={editorWords(ui)} />
    </Layout>
  );
}

function Head({ ui }: { ui: Ui }) {
  const t = ui.t.editor;
  return (
    <header class="ed-head">
      <button class="btn ghost only sm" type="button" id="ed-tree-toggle" aria-expanded="false" aria-controls="ed-tree" aria-label={t.showTree} title={t.showTree}>
        <Icon ui={ui} name="folder" />
      </button>
      <nav class="tabs" id="ed-tabs" aria-label={t.tabs}></nav>
      <button class="btn ghost only sm" type="button" aria-label={t.openFile} title={t.openFile} {...opens('ed-open')}>
        <Icon ui={ui} name="plus" />
      </button>
      <div class="btns push">
        <a class="btn sm desktop" id="ed-versions" href="/files" hidden>
          <Icon ui={ui} name="history" />
          {t.versions}
        </a>
        <MoreMenu ui={ui} />
        {ui.can('files.write') ? (
          <button class="btn primary sm" type="button" id="ed-save" disabled>
            {t.save} <kbd class="desktop" data-mod="S"></kbd>
          </button>
        ) : null}
      </div>
    </header>
  );
}

function OpenDialog({ ui }: { ui: Ui }) {
  const t = ui.t.editor;
  return (
    <Dialog ui={ui} id="ed-open" title={t.openFile}>
      <form method="get" action="/files/edit">
        <Field ui={ui} name="path" label={t.pathToOpen} mono required autofocus maxlength={4096} />
        <div class="btns">
          <button class="btn" type="button" {...closes('ed-open')}>
            {ui.t.parts.cancel}
          </button>
          <button class="btn primary" type="submit">
            {t.open}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function CloseDialog({ ui }: { ui: Ui }) {
  const t = ui.t.editor;
  return (
    <dialog class="dialog" id="ed-close" aria-labelledby="ed-close-h">
      <form method="dialog">
        <h2 id="ed-close-h"></h2>
        <p>{t.closeText}</p>
        <div class="btns">
          <button class="btn" value="keep" autofocus>
            {t.keepOpen}
          </button>
          <button class="btn danger primary" value="discard">
            {t.discard}
          </button>
        </div>
      </form>
    </dialog>
  );
}
