import type { Look } from '../../../core/files/previews/look.ts';
import type { PathKind } from '../../../core/files/paths.ts';
import { Layout } from '../../layout.tsx';
import { Icon } from '../../parts/icon.tsx';
import { JsonScript } from '../../parts/json-script.tsx';
import type { Ui } from '../../ui.ts';
import { encodePath } from '../href.ts';
import { label } from '../label.ts';
import { ViewHead } from './head.tsx';
import { viewWords } from './words.ts';

/** A log while it grows; public/js/files/view/tail.js fills it. */
export function TailPage({ ui, kind, look, encoding }: { ui: Ui; kind: PathKind; look: Look; encoding: string | undefined }) {
  const t = ui.t.view.tail;
  return (
    <Layout ui={ui} title={`${t.title}: ${label(look.name)}`} styles={['css/code.css', 'css/view.css']} scripts={['js/files/view/tail.js']}>
      <div class="view">
        <ViewHead ui={ui} kind={kind} look={look} show="tail" />
        <div class="toolbar win-tools scripted" id="tail-tools">
          <Filter ui={ui} name="include" icon="filter" text={t.include} />
          <Filter ui={ui} name="exclude" icon="eye-off" text={t.exclude} />
          <label class="option">
            <input type="checkbox" class="check" id="wrap" checked />
            <span>{t.wrap}</span>
          </label>
          <div class="btns push">
            <button class="btn sm" type="button" id="tail-pause" aria-pressed="false">
              <Icon ui={ui} name="pause" />
              <span>{t.pause}</span>
            </button>
            <button class="btn ghost sm" type="button" id="tail-clear">
              {t.clear}
            </button>
          </div>
        </div>
        <noscript>
          <p class="view-note">{ui.t.view.needsScript}</p>
        </noscript>
        <div class="log tail wrap" id="tail" role="log" aria-live="off" tabindex={0} aria-label={t.label} data-stream={`/files/tail/stream?path=${encodePath(look.path)}${encoding ? `&encoding=${encoding}` : ''}`}></div>
        <footer class="win-foot">
          <p id="tail-status" class="num">
            {t.waiting}
          </p>
          <p id="tail-said" role="status"></p>
        </footer>
      </div>
      <JsonScript id="view-words" value={viewWords(ui)} />
    </Layout>
  );
}

const Filter = ({ ui, name, icon, text }: { ui: Ui; name: string; icon: 'filter' | 'eye-off'; text: string }) => (
  <div class="affix search">
    <Icon ui={ui} name={icon} />
    <input class="input" type="search" id={`tail-${name}`} placeholder={text} aria-label={text} autocomplete="off" spellcheck={false} maxlength={500} />
  </div>
);
