import { TERMINAL_COLOURS } from '../../db/schema/terminal.ts';
import { closes, Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { SegField } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';

/** What the page asks; its script fills in what it is about. */
export function Dialogs({ ui }: { ui: Ui }) {
  const t = ui.t.terminal;
  return (
    <>
      <Dialog ui={ui} id="tt-looks" title={t.renameTitle}>
        <form id="tt-looks-form" method="dialog">
          <Field ui={ui} name="name" label={t.name} hint={t.nameHint} maxlength={100} autofocus />
          <SegField name="colour" label={t.colour} value="" choices={TERMINAL_COLOURS.map((value) => ({ value, label: <span class={value ? `tt-dot tt-c-${value}` : undefined}>{t.colours[value]}</span> }))} />
          <div class="btns">
            <button class="btn" type="button" {...closes('tt-looks')}>
              {ui.t.parts.cancel}
            </button>
            <button class="btn primary" type="submit">
              {t.save}
            </button>
          </div>
        </form>
      </Dialog>
      <Ask id="tt-kill" text={t.killText} submit={t.killSubmit} cancel={t.cancel} danger />
      <Asks ui={ui} />
    </>
  );
}

/** What programs in a terminal, and pastes, ask for. */
export function Asks({ ui }: { ui: Ui }) {
  const t = ui.t.terminal;
  return (
    <>
      <Ask id="tt-paste" text={t.pasteText} submit={t.pasteSubmit} cancel={t.cancel} shows always={t.pasteAlways} />
      <Ask id="tt-clipboard" title={t.clipboardTitle} text={t.clipboardText} submit={t.clipboardSubmit} cancel={t.cancel} shows />
      <Ask id="tt-link" title={t.linkTitle} text={t.linkText} submit={t.linkSubmit} cancel={t.cancel} shows />
    </>
  );
}

interface AskProps {
  id: string;
  title?: string;
  text: string;
  submit: string;
  cancel: string;
  danger?: boolean;
  /** Has a place for what it is about, as it is. */
  shows?: boolean;
  /** A box to tick: never asked again. */
  always?: string;
}

/** A question that answers by its `returnValue`: "yes" or anything else. */
function Ask({ id, title, text, submit, cancel, danger, shows, always }: AskProps) {
  return (
    <dialog class="dialog" id={id} aria-labelledby={`${id}-h`}>
      <form method="dialog">
        <h2 id={`${id}-h`}>{title}</h2>
        <p>{text}</p>
        {shows ? <pre class="snippet tt-shown"></pre> : null}
        {always ? (
          <label class="option">
            <input class="check" type="checkbox" name="always" />
            <span>{always}</span>
          </label>
        ) : null}
        <div class="btns">
          <button class="btn" value="no" autofocus={danger}>
            {cancel}
          </button>
          <button class={danger ? 'btn danger primary' : 'btn primary'} value="yes" autofocus={!danger}>
            {submit}
          </button>
        </div>
      </form>
    </dialog>
  );
}
