import type { Look } from '../../../core/files/previews/look.ts';
import { ENCODING_NAMES, ENCODINGS, type TextEncoding } from '../../../core/files/text/encodings.ts';
import type { Window } from '../../../core/files/windows/window.ts';
import { Icon } from '../../parts/icon.tsx';
import type { Ui } from '../../ui.ts';
import { rawHref, viewHref } from './head.tsx';

interface TextViewProps {
  ui: Ui;
  look: Look;
  /** Where to begin. */
  at: number;
  window: Window;
  encoding: TextEncoding;
  q: string;
}

/** A text of any size: some windows of it are here, the rest comes while one scrolls. Without JavaScript, one by one. */
export function TextView({ ui, look, at, window, encoding, q }: TextViewProps) {
  const t = ui.t.view.text;
  const more = `&as=text&encoding=${encoding}`;
  return (
    <>
      <Tools ui={ui} find={t.find} q={q} options />
      <div class="win-frame">
        <div class="win wrap" id="window" tabindex={0} role="region" aria-label={t.label} data-path={look.path} data-at={at} data-size={look.size} data-encoding={encoding}>
          <div class="win-part" data-from={window.from} data-to={window.to}>
            {window.lines.map((line) => (
              <div class={line.part ? 'ln part' : 'ln'} data-at={line.at}>
                {line.text.toWellFormed()}
              </div>
            ))}
          </div>
        </div>
        <Bar ui={ui} size={look.size} />
      </div>
      <Foot ui={ui}>
        <form method="get" action="/files/view" class="row">
          <input type="hidden" name="path" value={look.path} />
          <input type="hidden" name="as" value="text" />
          <input type="hidden" name="at" id="window-at" value={String(at)} />
          <span class="select sm">
            <select name="encoding" aria-label={t.encoding} id="encoding" data-autosubmit>
              {ENCODINGS.map((name) => (
                <option value={name} selected={name === encoding}>
                  {ENCODING_NAMES[name]}
                </option>
              ))}
            </select>
            <Icon ui={ui} name="chevron-down" />
          </span>
        </form>
      </Foot>
      <noscript>
        <nav class="pager">
          <div class="btns">
            {window.from > 0 ? <a class="btn sm" href={viewHref(look.path, `${more}&at=${Math.max(0, window.from - 60_000)}`)}>{t.older}</a> : null}
            {window.to < window.size ? <a class="btn sm" href={viewHref(look.path, `${more}&at=${window.to}`)}>{t.newer}</a> : null}
          </div>
        </nav>
      </noscript>
    </>
  );
}

/** Sixteen bytes a row; they are read from /files/raw. */
export function BytesView({ ui, look, at }: { ui: Ui; look: Look; at: number }) {
  const t = ui.t.view.text;
  return (
    <>
      <Tools ui={ui} find={t.findBytes} q="" options={false} />
      <noscript>
        <p class="view-note">{ui.t.view.needsScript}</p>
      </noscript>
      <div class="win-frame">
        <div class="win hex" id="window" tabindex={0} role="region" aria-label={t.bytes} data-path={look.path} data-src={rawHref(look.path)} data-at={at} data-size={look.size} data-encoding="utf-8"></div>
        <Bar ui={ui} size={look.size} />
      </div>
      <Foot ui={ui} />
    </>
  );
}

/** Where in the file the window is: a scrollbar that is as long as the file. */
const Bar = ({ ui, size }: { ui: Ui; size: number }) => (
  <input class="win-bar scripted" id="window-bar" type="range" min={0} max={Math.max(1, size)} step={1} value="0" aria-label={ui.t.view.text.position} />
);

function Tools({ ui, find, q, options }: { ui: Ui; find: string; q: string; options: boolean }) {
  const t = ui.t.view.text;
  return (
    <div class="toolbar win-tools scripted">
      <form class="row" id="find" role="search">
        <div class="affix search">
          <Icon ui={ui} name="search" />
          <input class="input" type="search" name="q" value={q} placeholder={find} aria-label={find} autocomplete="off" spellcheck={false} maxlength={1000} data-filter />
          <kbd>/</kbd>
        </div>
        <button class="btn only sm" type="button" data-find="back" aria-label={t.previous} title={t.previous}>
          <Icon ui={ui} name="arrow-up" />
        </button>
        <button class="btn only sm" type="submit" data-find="on" aria-label={t.next} title={t.next}>
          <Icon ui={ui} name="arrow-down" />
        </button>
        <button class="btn sm" type="button" data-find="stop" hidden>
          {t.stop}
        </button>
        {options ? (
          <>
            <label class="option">
              <input type="checkbox" class="check" name="regex" value="on" />
              <span>{t.regex}</span>
            </label>
            <label class="option">
              <input type="checkbox" class="check" name="case" value="on" />
              <span>{t.case}</span>
            </label>
            <label class="option">
              <input type="checkbox" class="check" id="wrap" checked />
              <span>{t.wrap}</span>
            </label>
          </>
        ) : null}
      </form>
      <form class="row" id="go-to">
        <input class="input mono" name="place" placeholder={t.goToHint} aria-label={`${t.goTo}: ${t.goToHint}`} autocomplete="off" spellcheck={false} />
        <button class="btn sm" type="submit">
          {t.goTo}
        </button>
      </form>
    </div>
  );
}

function Foot({ ui, children }: { ui: Ui; children?: unknown }) {
  const t = ui.t.view.text;
  return (
    <footer class="win-foot">
      <p id="window-status" class="num"></p>
      <p id="window-said" role="status"></p>
      <div class="btns push tight">
        {children as never}
        <button class="btn ghost sm scripted" type="button" data-go="0">
          {t.start}
        </button>
        <button class="btn ghost sm scripted" type="button" data-go="end">
          {t.end}
        </button>
      </div>
    </footer>
  );
}
