import type { OpenText } from '../../../core/files/text/open.ts';
import { ENCODING_NAMES } from '../../../core/files/text/encodings.ts';
import { baseOf, parentOf, type PathKind } from '../../../core/files/paths.ts';
import { shownName } from '../../../lib/file-name.ts';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { JsonScript } from '../../parts/json-script.tsx';
import type { Ui } from '../../ui.ts';
import { encodePath, folderHref } from '../href.ts';
import { EDITOR_IMPORTS } from './imports.ts';
import { CORE_MODULES } from './modules.ts';
import { editorWords } from './words.ts';

export type Side = Pick<OpenText, 'path' | 'text' | 'encoding' | 'lineEnd' | 'bom' | 'fault' | 'hash'> & {
  /** A version of that time; undefined: what is on the disk. */
  at?: number;
};

interface CompareProps {
  ui: Ui;
  kind: PathKind;
  a: string;
  b: string;
  /** Older or first, then newer or second; null: they are still to be named. */
  sides: readonly [Side, Side] | null;
}

/** Two texts beside each other, or below each other on a phone. */
export function ComparePage({ ui, kind, a, b, sides }: CompareProps) {
  const t = ui.t.editor.diff;
  if (!sides) return <Choose ui={ui} a={a} b={b} />;
  const [first, second] = sides.map((side) => shownName(baseOf(kind, side.path)));
  const title = sides[0].at === undefined ? t.heading({ a: first!, b: second! }) : ui.t.editor.version.at({ when: ui.fmt.dateTime(sides[0].at) });
  const same = sides[0].hash === sides[1].hash;
  return (
    <Layout ui={ui} title={`${t.title}: ${title}`} styles={['css/editor.css']} scripts={['js/files/editor/compare.js']} preload={[...CORE_MODULES, 'vendor/codemirror/merge.js']} imports={EDITOR_IMPORTS}>
      <div class="ed" id="compare" data-name={baseOf(kind, sides[1].path)}>
        <header class="page-head">
          <a class="btn ghost only sm" href={folderHref(parentOf(kind, sides[1].path))} aria-label={ui.t.browse.back} title={ui.t.browse.back}>
            <Icon ui={ui} name="arrow-left" />
          </a>
          <h1 tabindex={-1}>{title}</h1>
          <p class="facts desktop" id="compare-facts" aria-live="polite"></p>
          <div class="btns push">
            <button class="btn only sm" type="button" data-step="-1" aria-label={t.previous} title={t.previous}>
              <Icon ui={ui} name="arrow-up" />
            </button>
            <button class="btn only sm" type="button" data-step="1" aria-label={t.next} title={t.next}>
              <Icon ui={ui} name="arrow-down" />
            </button>
            <a class="btn sm" href={`/files/edit?path=${encodePath(sides[1].path)}`}>
              <Icon ui={ui} name="edit" />
              {t.edit}
            </a>
          </div>
        </header>
        {same ? <Banner ui={ui} tone="ok" text={t.same} /> : sides[0].text === sides[1].text ? <Banner ui={ui} text={t.bytesDiffer} /> : null}
        <div class="ed-sides">
          {sides.map((side) => (
            <p>
              <b>{side.at === undefined ? shownName(side.path) : ui.t.editor.version.at({ when: ui.fmt.full(side.at) })}</b>{' '}
              <small>{`${ENCODING_NAMES[side.encoding]}${side.bom ? ` ${ui.t.editor.status.bom}` : ''} · ${ui.t.editor.status[side.lineEnd]}`}</small>
            </p>
          ))}
        </div>
        <div class="ed-main">
          <div class="ed-pane" id="ed-pane"></div>
        </div>
      </div>
      <JsonScript id="compare-texts" value={sides.map((side) => side.text)} />
      <JsonScript id="ed-words" value={editorWords(ui)} />
    </Layout>
  );
}

function Choose({ ui, a, b }: { ui: Ui; a: string; b: string }) {
  const t = ui.t.editor.diff;
  return (
    <Layout ui={ui} title={t.compareFiles}>
      <header class="page-head">
        <h1 tabindex={-1}>{t.compareFiles}</h1>
      </header>
      <section class="section">
        <form class="form" method="get" action="/files/compare">
          <Field ui={ui} name="a" label={t.first} value={a} mono required maxlength={4096} />
          <Field ui={ui} name="b" label={t.second} value={b} mono required maxlength={4096} />
          <div class="btns">
            <button class="btn primary" type="submit">
              {t.show}
            </button>
          </div>
        </form>
      </section>
    </Layout>
  );
}
