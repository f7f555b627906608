import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { fieldId } from './field.tsx';
import { Icon, type IconName } from './icon.tsx';

/**
 * Attributes of a button that opens a dialog of the page: dialog.js, and in browsers with invoker commands
 * (Chrome 135, Firefox 144, Safari 26.2) also without JavaScript.
 */
export const opens = (id: string) => ({ 'data-open': id, command: 'show-modal', commandfor: id });

/** Attributes of a button that closes the dialog it lies in. */
export const closes = (id: string) => ({ 'data-close': true, command: 'close', commandfor: id });

interface DialogProps {
  ui: Ui;
  id: string;
  title: Child;
  text?: Child;
  wide?: boolean;
  children?: Child;
}

/** A dialog of the page. Put a `<form method="post">` inside. */
export function Dialog({ ui, id, title, text, wide, children }: DialogProps) {
  return (
    <dialog class={wide ? 'dialog wide' : 'dialog'} id={id} aria-labelledby={`${id}-h`}>
      <header>
        <h2 id={`${id}-h`} tabindex={-1}>
          {title}
        </h2>
        <button class="btn ghost only sm" type="button" aria-label={ui.t.parts.close} {...closes(id)}>
          <Icon ui={ui} name="x" />
        </button>
      </header>
      {text ? <p>{text}</p> : null}
      {children}
    </dialog>
  );
}

interface ConfirmDialogProps {
  ui: Ui;
  id: string;
  /** Asked with the object: “Restart hk-01?” */
  title: string;
  text?: Child;
  /** What will happen, in numbers. */
  consequences?: readonly { icon: IconName; text: Child }[];
  /** Typing this arms the button. The form sends it as `confirm`; the server checks it too. */
  type?: string;
  /** Where the form posts. */
  action: string;
  /** The verb with its object: “Restart server”. */
  submit: string;
  /** `hx-post`, `hx-target` … for the form. */
  attrs?: Readonly<Record<string, string>>;
  /** Not red: nothing is lost. */
  mild?: boolean;
  children?: Child;
}

/** Asks before something that cannot be taken back. Works without JavaScript: the browser checks the typed name. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { ui, id, title, text, consequences, type, action, submit, attrs = {}, mild } = props;
  return (
    <dialog class="dialog" id={id} aria-labelledby={`${id}-h`}>
      <form method="post" action={action} {...attrs}>
        <h2 id={`${id}-h`}>{title}</h2>
        {text ? <p>{text}</p> : null}
        {consequences?.length ? (
          <ul class="consequences">
            {consequences.map((item) => (
              <li>
                <Icon ui={ui} name={item.icon} />
                <span>{item.text}</span>
              </li>
            ))}
          </ul>
        ) : null}
        {props.children}
        {type ? <TypedName ui={ui} id={id} name={type} /> : null}
        <div class="btns">
          <button class="btn" type="button" autofocus={!type} {...closes(id)}>
            {ui.t.parts.cancel}
          </button>
          <button class={mild ? 'btn primary' : 'btn danger primary'} type="submit">
            {submit}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function TypedName({ ui, id, name }: { ui: Ui; id: string; name: string }) {
  const [before = '', after = ''] = ui.t.parts.typeToConfirm.split('{name}');
  const input = fieldId(`${id}-confirm`);
  return (
    <div class="field">
      <label for={input}>
        {before}
        <code>{name}</code>
        {after}
      </label>
      <input
        class="input mono"
        id={input}
        name="confirm"
        required
        pattern={name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}
        data-confirm={name}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        autofocus
      />
    </div>
  );
}
