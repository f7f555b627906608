import { closes, Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { SegField } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';

const SCOPES = ['tab', 'all', 'picked'] as const;

/** While what is typed goes to several terminals: which, and the way out. Above them all. */
export function BroadcastBanner({ ui }: { ui: Ui }) {
  const t = ui.t.broadcast;
  return (
    <div class="banner tt-broadcast" id="tt-broadcast" data-tone="warn" role="status" hidden>
      <Icon ui={ui} name="keyboard" />
      <p id="tt-broadcast-text"></p>
      <button class="btn sm" type="button" id="tt-broadcast-change">
        {t.change}
      </button>
      <button class="btn sm" type="button" id="tt-broadcast-stop">
        <Icon ui={ui} name="x" />
        {t.stop}
      </button>
    </div>
  );
}

/** Which terminals; public/js/terminal/broadcast.js lists them. */
export function BroadcastDialog({ ui }: { ui: Ui }) {
  const t = ui.t.broadcast;
  return (
    <Dialog ui={ui} id="tt-broadcast-ask" title={t.title} text={t.text}>
      <form id="tt-broadcast-form" method="dialog">
        <SegField name="scope" label={t.scope} value="tab" choices={SCOPES.map((value) => ({ value, label: t.scopes[value]! }))} />
        <fieldset class="tt-broadcast-list" id="tt-broadcast-list">
          <legend class="vh">{t.which}</legend>
        </fieldset>
        <p class="error" id="tt-broadcast-few" role="alert" hidden>
          <Icon ui={ui} name="alert" />
          <span>{t.tooFew}</span>
        </p>
        <div class="btns">
          <button class="btn" type="button" {...closes('tt-broadcast-ask')}>
            {ui.t.parts.cancel}
          </button>
          <button class="btn primary" type="submit">
            {t.submit}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
