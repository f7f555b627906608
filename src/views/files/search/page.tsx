import { PATTERN_MOST } from '../../../core/files/search/pattern.ts';
import type { SearchInput } from '../../../core/files/search/search.ts';
import { Layout } from '../../layout.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { JsonScript } from '../../parts/json-script.tsx';
import { Option } from '../../parts/option.tsx';
import type { Ui } from '../../ui.ts';
import { folderHref } from '../href.ts';
import { label } from '../label.ts';

/** What to look for, and what was found: the form is the address, so a search can be shared and reloaded. */
export function SearchPage({ ui, input }: { ui: Ui; input: SearchInput }) {
  const t = ui.t.search;
  const on = (value: string) => value === 'on';
  return (
    <Layout ui={ui} title={t.title} styles={['css/view.css']} scripts={['js/files/search.js']}>
      <header class="page-head">
        <a class="btn ghost only sm" href={folderHref(input.path)} aria-label={ui.t.view.back} title={ui.t.view.back}>
          <Icon ui={ui} name="arrow-left" />
        </a>
        <h1 tabindex={-1}>{t.title}</h1>
        <p class="facts">
          <bdi>{label(input.path)}</bdi>
        </p>
      </header>
      <noscript>
        <p class="view-note">{t.noScript}</p>
      </noscript>
      <form class="section search-form scripted" id="search" method="get" action="/files/search" role="search">
        <div class="cols-2">
          <Field ui={ui} name="text" label={t.text} value={input.text} hint={t.textHint} maxlength={PATTERN_MOST} mono autofocus={input.text === ''} />
          <Field ui={ui} name="name" label={t.name} value={input.name} hint={t.nameHint} maxlength={PATTERN_MOST} mono />
          <Field ui={ui} name="path" label={t.inFolder} value={input.path} required mono />
          <Field ui={ui} name="exclude" label={t.exclude} value={input.exclude} hint={t.excludeHint} maxlength={1000} mono />
        </div>
        <div class="row search-options">
          <Option name="regex" label={t.regex} checked={on(input.regex)} attrs={{ title: t.regexNote }} />
          <Option name="case" label={t.case} checked={on(input.case)} />
          <Option name="hidden" label={t.hidden} checked={on(input.hidden)} />
          <Option name="mounts" label={t.mounts} checked={on(input.mounts)} />
          <div class="btns push-end">
            <button class="btn" type="button" id="search-stop" hidden>
              {t.stop}
            </button>
            <button class="btn primary" type="submit">
              <Icon ui={ui} name="search" />
              {t.start}
            </button>
          </div>
        </div>
      </form>
      <section class="section flush search-found" aria-labelledby="search-found-h">
        <header class="section-head">
          <h2 id="search-found-h">{t.results}</h2>
          <p id="search-status" role="status"></p>
        </header>
        <ol class="found" id="found"></ol>
      </section>
      <JsonScript id="search-words" value={searchWords(ui)} />
    </Layout>
  );
}

function searchWords({ t, lang }: Ui) {
  const { search } = t;
  const n = '{n}';
  return {
    lang, needed: search.needed, running: search.running, nothing: search.nothing, stopped: search.stopped, ends: search.ends,
    found: search.found({ n }), progress: search.progress({ files: '{files}', folders: '{folders}', size: '{size}' }),
    refused: search.refused({ n }), partly: search.partly({ n }), line: search.line({ n }), failed: t.parts.noAnswer,
  };
}
