import { closes, Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Switch } from '../../parts/option.tsx';
import type { Ui } from '../../ui.ts';

/** The list of snippets in the terminal, and what is asked before one is typed; public/js/terminal/snippets/ fills it. */
export function SnippetDialog({ ui }: { ui: Ui }) {
  const t = ui.t.snippets;
  return (
    <Dialog ui={ui} id="tt-snippets" title={t.pick} wide>
      <div id="tt-snip-pick">
        <div class="affix search">
          <Icon ui={ui} name="search" />
          <input class="input" id="tt-snip-filter" type="search" role="combobox" aria-expanded="true" aria-controls="tt-snip-list" aria-autocomplete="list" aria-label={t.filter} placeholder={t.filter} autocomplete="off" spellcheck={false} autofocus />
        </div>
        <div class="tt-snip-list" id="tt-snip-list" role="listbox" aria-label={t.pick}></div>
        <p class="small soft tt-snip-none" id="tt-snip-none" role="status" hidden></p>
        <p class="small">
          <a class="link" href="/terminal/snippets">{t.manage}</a>
        </p>
      </div>
      <form id="tt-snip-form" method="dialog" hidden>
        <div class="form" id="tt-snip-fields"></div>
        <div id="tt-snip-quote-row">
          <Switch name="quote" label={t.quote} note={t.quoteNote} checked attrs={{ id: 'tt-snip-quote' }} />
        </div>
        <h3 class="small" id="tt-snip-preview-h">
          {t.preview}
        </h3>
        <pre class="snippet tt-shown" id="tt-snip-preview" tabindex={0} role="region" aria-labelledby="tt-snip-preview-h"></pre>
        <div class="btns">
          <button class="btn" type="button" id="tt-snip-back">
            {t.back}
          </button>
          <button class="btn" type="button" {...closes('tt-snippets')}>
            {ui.t.parts.cancel}
          </button>
          <button class="btn" type="button" id="tt-snip-run">
            {t.run}
          </button>
          <button class="btn primary" type="submit" id="tt-snip-insert">
            {t.insert}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
