import { Icon, type IconName } from '../parts/icon.tsx';
import { Menu } from '../parts/menu.tsx';
import type { Ui } from '../ui.ts';
import { TERMINAL_KEYS } from './shortcuts.ts';

interface ItemProps {
  ui: Ui;
  /** What public/js/terminal/commands.js does. */
  id: string;
  icon: IconName;
  label: string;
  /** Keys that do it, too. */
  keys?: string;
  /** Beside the label, smaller. */
  note?: string;
  /** It is on or off; the page ticks it. */
  toggle?: boolean;
  /** The page shows it when it can be done. */
  hidden?: boolean;
  class?: string;
  iconClass?: string;
}

function Item({ ui, id, icon, label, keys, note, toggle, hidden, class: name, iconClass }: ItemProps) {
  return (
    <button type="button" class={name} data-tt={id} aria-pressed={toggle ? 'false' : undefined} hidden={hidden}>
      <Icon ui={ui} name={icon} {...(iconClass ? { class: iconClass } : {})} />
      {label}
      {keys ? <kbd class="desktop">{keys}</kbd> : null}
      {note ? <small>{note}</small> : null}
      {toggle ? <Icon ui={ui} name="check" class="tick" /> : null}
    </button>
  );
}

/** What can be done with the terminal that has the focus. */
export function MoreMenu({ ui }: { ui: Ui }) {
  const t = ui.t.terminal;
  const owns = ui.can('terminal.open');
  return (
    <Menu ui={ui} id="tt-more" label={t.more} icon="more" iconOnly small>
      <Item ui={ui} id="next" icon="chevron" label={t.next} keys={TERMINAL_KEYS.next} hidden />
      {owns ? (
        <>
          <Item ui={ui} id="rename" icon="edit" label={t.rename} />
          <Item ui={ui} id="split-right" icon="split" label={t.splitRight} keys={TERMINAL_KEYS.splitRight} class="desktop" />
          <Item ui={ui} id="split-down" icon="split" label={t.splitDown} keys={TERMINAL_KEYS.splitDown} class="desktop" iconClass="tt-turned" />
          <Item ui={ui} id="share" icon="link" label={ui.t.terminalShares.share} />
          <Item ui={ui} id="record" icon="history" label={ui.t.recordings.start} hidden />
          <Item ui={ui} id="record-stop" icon="stop" label={ui.t.recordings.stop} hidden />
          <Item ui={ui} id="broadcast" icon="keyboard" label={ui.t.broadcast.start} />
          <hr />
        </>
      ) : null}
      <Item ui={ui} id="copy-all" icon="copy" label={t.copyAll} />
      <Item ui={ui} id="save-html" icon="download" label={t.saveHtml} />
      <Item ui={ui} id="clear" icon="x" label={t.clear} />
      <Item ui={ui} id="larger" icon="plus" label={t.fontLarger} />
      <Item ui={ui} id="smaller" icon="minus" label={t.fontSmaller} />
      <Item ui={ui} id="copy-on-select" icon="clipboard" label={t.copyOnSelect} toggle />
      <Item ui={ui} id="paper" icon="sun" label={t.paper} toggle />
      <Item ui={ui} id="reader" icon="log" label={t.reader} toggle />
      <Item ui={ui} id="full-screen" icon="window" label={t.fullScreen} class="desktop" />
      <Item ui={ui} id="bell" icon="bell" label={t.bell} toggle />
      <hr />
      <Item ui={ui} id="detach" icon="external" label={t.detach} note={t.detachHint} />
      {owns ? <Item ui={ui} id="kill" icon="stop" label={t.kill} class="danger" /> : null}
    </Menu>
  );
}
