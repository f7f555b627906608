import type { Child } from 'hono/jsx';
import type { Look } from '../../../core/files/previews/look.ts';
import type { Rows } from '../../../core/files/previews/rows.ts';
import { PREVIEW_MOST, type Show } from '../../../core/files/previews/shows.ts';
import type { PathKind } from '../../../core/files/paths.ts';
import type { TextEncoding } from '../../../core/files/text/encodings.ts';
import type { Window } from '../../../core/files/windows/window.ts';
import { Layout } from '../../layout.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { JsonScript } from '../../parts/json-script.tsx';
import type { Ui } from '../../ui.ts';
import { encodePath } from '../href.ts';
import { label } from '../label.ts';
import { type Owner, rawHref, ViewHead } from './head.tsx';
import { MARKDOWN_STYLE } from './markdown.tsx';
import { TableView } from './table.tsx';
import { BytesView, TextView } from './window.tsx';
import { viewWords } from './words.ts';

export type Shown =
  | { show: 'text'; encoding: TextEncoding; at: number; window: Window }
  | { show: 'table'; encoding: TextEncoding; rows: Rows }
  | { show: Exclude<Show, 'text' | 'table'>; at: number };

interface ViewPageProps {
  ui: Ui;
  kind: PathKind;
  look: Look;
  owner: Owner;
  /** null: it is no file that anybody opens. */
  shown: Shown | null;
  /** Searched for at once. */
  q: string;
}

const SCRIPTS: Partial<Record<Show, string>> = { text: 'text', hex: 'hex', markdown: 'markdown', pdf: 'pdf', image: 'media', svg: 'media', audio: 'media', video: 'media' };
const IMPORTS: Partial<Record<Show, Record<string, string>>> = {
  markdown: { marked: 'vendor/marked.esm.js' },
  pdf: { 'pdfjs-dist': 'vendor/pdfjs/pdf.min.mjs' },
};

/** One file, looked at. */
export function ViewPage({ ui, kind, look, owner, shown, q }: ViewPageProps) {
  const script = shown && look.size > 0 ? SCRIPTS[shown.show] : undefined;
  const imports = shown ? IMPORTS[shown.show] : undefined;
  return (
    <Layout
      ui={ui}
      title={label(look.name)}
      styles={['css/view.css']}
      scripts={script ? [`js/files/view/${script}.js`] : []}
      {...(imports ? { imports } : {})}
    >
      <div class="view">
        <ViewHead ui={ui} kind={kind} look={look} owner={owner} show={shown && look.size > 0 ? shown.show : null} />
        <Body ui={ui} look={look} shown={shown} q={q} />
      </div>
      <JsonScript id="view-words" value={viewWords(ui)} />
    </Layout>
  );
}

function Body({ ui, look, shown, q }: Pick<ViewPageProps, 'ui' | 'look' | 'shown' | 'q'>) {
  const t = ui.t.view;
  if (!shown) return <Empty ui={ui} icon="warning" title={t.special[look.entry as keyof typeof t.special]} text={t.special.text} />;
  if (look.size === 0) {
    return (
      <Empty ui={ui} icon="file" title={t.empty} text={t.emptyText}>
        <a class="btn" href={`/files/tail?path=${encodePath(look.path)}`}>
          {t.actions.tail}
        </a>
      </Empty>
    );
  }
  const most = PREVIEW_MOST[shown.show];
  if (most !== undefined && look.size > most) return <Empty ui={ui} icon="file" title={t.tooLarge({ size: ui.fmt.bytes(most) })} />;
  if (shown.show === 'text') return <TextView ui={ui} look={look} window={shown.window} at={shown.at} encoding={shown.encoding} q={q} />;
  if (shown.show === 'table') return <TableView ui={ui} look={look} rows={shown.rows} />;
  if (shown.show === 'hex') return <BytesView ui={ui} look={look} at={shown.at} />;
  return <Preview ui={ui} look={look} show={shown.show} />;
}

function Preview({ ui, look, show }: { ui: Ui; look: Look; show: Show }) {
  const t = ui.t.view;
  const src = rawHref(look.path);
  const name = label(look.name);
  switch (show) {
    case 'html':
      return (
        <Framed ui={ui} note={t.sandboxed}>
          <iframe class="view-frame" sandbox="" src={rawHref(look.path, '&as=page')} title={name} referrerpolicy="no-referrer"></iframe>
        </Framed>
      );
    case 'markdown':
      return (
        <Framed ui={ui} note={t.sandboxed}>
          <NoScript>{t.needsScript}</NoScript>
          <iframe
            class="view-frame" id="markdown" title={name} sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"
            data-src={src} data-style={MARKDOWN_STYLE}
          ></iframe>
        </Framed>
      );
    case 'pdf':
      return (
        <div class="view-pdf" id="pdf" tabindex={0} role="region" aria-label={t.pdf.label} data-src={src} data-worker={ui.asset('vendor/pdfjs/pdf.worker.min.mjs')}>
          <NoScript>{t.needsScript}</NoScript>
          <p class="view-note scripted" role="status">
            {t.pdf.loading}
          </p>
        </div>
      );
    case 'audio':
      return (
        <div class="view-media" data-media>
          <audio controls preload="metadata" src={src} aria-label={name}></audio>
        </div>
      );
    case 'video':
      return (
        <div class="view-media" data-media>
          <video controls preload="metadata" src={src} aria-label={name}></video>
        </div>
      );
    default:
      return (
        <div class="view-media" data-media>
          <img src={src} alt={name} />
        </div>
      );
  }
}

function Framed({ ui, note, children }: { ui: Ui; note: string; children: Child }) {
  return (
    <>
      <p class="view-note">
        <Icon ui={ui} name="shield" />
        {note}
      </p>
      {children}
    </>
  );
}

function NoScript({ children }: { children: string }) {
  return (
    <noscript>
      <p class="view-note">{children}</p>
    </noscript>
  );
}
