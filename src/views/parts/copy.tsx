import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon } from './icon.tsx';

interface CopyButtonProps {
  ui: Ui;
  /** What is copied, or the id of the element whose text or value is. */
  text?: string;
  from?: string;
  ghost?: boolean;
  /** A word beside the icon; without it the button is an icon. */
  children?: Child;
}

/** Copies to the clipboard (copy.js); not there without JavaScript. */
export function CopyButton({ ui, text, from, ghost, children }: CopyButtonProps) {
  const { parts } = ui.t;
  return (
    <button
      type="button"
      class={['btn', (ghost || !children) && 'ghost', !children && 'only sm', 'scripted'].filter(Boolean).join(' ')}
      data-copy={text ?? ''}
      data-copy-from={from}
      aria-label={children ? undefined : parts.copy}
      title={children ? undefined : parts.copy}
    >
      <Icon ui={ui} name="copy" />
      {children}
    </button>
  );
}

/** A secret that is shown this one time: selectable, with a button that copies it. */
export function Secret({ ui, id, label, value }: { ui: Ui; id: string; label: string; value: string }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="affix">
        <input
          class="input mono"
          id={id}
          value={value}
          readonly
          autocomplete="off"
          spellcheck={false}
          data-select
          aria-describedby={`${id}-hint`}
        />
        <CopyButton ui={ui} from={id} />
      </div>
      <p class="hint" id={`${id}-hint`}>
        {ui.t.parts.shownOnce}
      </p>
    </div>
  );
}
