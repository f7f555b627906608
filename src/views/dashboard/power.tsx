import type { PowerAction, PowerOffer } from '../../core/power/power.ts';
import { BareLayout } from '../layout.tsx';
import { ConfirmDialog, opens } from '../parts/dialog.tsx';
import { FormErrors } from '../parts/form-errors.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Menu } from '../parts/menu.tsx';
import type { PaletteItem } from '../shell/palette.tsx';
import type { Ui } from '../ui.ts';

const ICONS: Record<PowerAction, IconName> = { restart: 'refresh', reboot: 'restart', shutdown: 'power' };

/** Where each is posted to. */
const PATHS: Record<PowerAction, string> = { restart: '/power/panel', reboot: '/power/reboot', shutdown: '/power/shutdown' };

const dialogId = (action: PowerAction) => `power-${action}`;

/** What cannot be done here stays in the menu and says why. */
export function PowerMenu({ ui, offers }: { ui: Ui; offers: readonly PowerOffer[] }) {
  if (!offers.length) return null;
  const t = ui.t.dashboard.power;
  return (
    <Menu ui={ui} id="power-menu" icon="power" label={t.menu}>
      {offers.map(({ action, refusal }) => (
        <>
          {action === 'reboot' ? <hr /> : null}
          {refusal ? (
            <button type="button" class="refused" aria-disabled="true" aria-describedby={`why-${action}`}>
              <Icon ui={ui} name={ICONS[action]} />
              <span>
                <span class="label">{t.entry[action]}</span>
                <small id={`why-${action}`}>{refusal(ui.t)}</small>
              </span>
            </button>
          ) : (
            <button type="button" class={action === 'restart' ? undefined : 'danger'} {...opens(dialogId(action))}>
              <Icon ui={ui} name={ICONS[action]} />
              {t.entry[action]}
            </button>
          )}
        </>
      ))}
    </Menu>
  );
}

/** The same in the command palette, where it is possible. */
export function powerActions(ui: Ui, offers: readonly PowerOffer[]): PaletteItem[] {
  const t = ui.t.dashboard.power;
  return offers
    .filter((offer) => !offer.refusal)
    .map(({ action }) => ({ group: ui.t.shell.palette.actions, label: t.palette[action], icon: ICONS[action], open: dialogId(action) }));
}

interface Counts {
  hostname: string;
  /** ms */
  uptime: number;
  processes: number | null;
  /** Open streams of the panel: pages that live. */
  pages: number;
}

export function PowerDialogs({ ui, offers, counts }: { ui: Ui; offers: readonly PowerOffer[]; counts: Counts }) {
  return (
    <>
      {offers.map((offer) => (offer.refusal ? null : <PowerDialog ui={ui} offer={offer} counts={counts} />))}
    </>
  );
}

function PowerDialog({ ui, offer, counts }: { ui: Ui; offer: PowerOffer; counts: Counts }) {
  const t = ui.t.dashboard.power;
  const { action } = offer;
  return (
    <ConfirmDialog
      ui={ui}
      id={dialogId(action)}
      title={t.ask[action]({ name: counts.hostname })}
      consequences={consequences(ui, action, counts)}
      type={counts.hostname}
      mild={action === 'restart'}
      action={PATHS[action]}
      submit={t.submit[action]}
      attrs={{ 'hx-post': PATHS[action], 'hx-swap': 'none', 'data-power': action }}
    >
      <Commands ui={ui} commands={offer.commands} />
    </ConfirmDialog>
  );
}

function Commands({ ui, commands }: { ui: Ui; commands: readonly string[] }) {
  if (!commands.length) return null;
  return (
    <div class="power-commands">
      <small>{ui.t.dashboard.power.commands}</small>
      <pre class="snippet" tabindex={0}>{commands.join('\n')}</pre>
    </div>
  );
}

function consequences(ui: Ui, action: PowerAction, counts: Counts): { icon: IconName; text: string }[] {
  const t = ui.t.dashboard.power;
  const n = ui.tasksRunning;
  const tasks = { icon: 'tasks' as const, text: n ? t.tasks({ n }) : t.noTasks };
  if (action === 'restart') {
    return [
      { icon: 'clock', text: t.panelPause },
      ...(counts.pages > 0 ? [{ icon: 'monitor' as const, text: t.pages({ n: counts.pages }) }] : []),
      tasks,
      { icon: 'check', text: t.services },
    ];
  }
  return [
    { icon: 'server', text: action === 'reboot' ? t.serverPause : t.serverOff },
    ...(counts.processes ? [{ icon: 'cpu' as const, text: t.processes({ n: ui.fmt.number(counts.processes) }) }] : []),
    tasks,
    { icon: 'clock', text: t.uptime({ time: ui.fmt.duration(counts.uptime) }) },
  ];
}

/** The confirmation as a page: what a browser without JavaScript gets when the typed name was wrong. */
export function PowerPage({ ui, offer, counts, errors }: { ui: Ui; offer: PowerOffer; counts: Counts; errors: Record<string, string> }) {
  const t = ui.t.dashboard.power;
  const { action } = offer;
  return (
    <BareLayout ui={ui} title={t.ask[action]({ name: counts.hostname })}>
      <form class="login-form" method="post" action={PATHS[action]}>
        <FormErrors ui={ui} errors={errors} />
        <h1>{t.ask[action]({ name: counts.hostname })}</h1>
        <ul class="consequences">
          {consequences(ui, action, counts).map((item) => (
            <li>{item.text}</li>
          ))}
        </ul>
        <Commands ui={ui} commands={offer.commands} />
        <div class="field">
          <label for="f-confirm">{t.typed({ name: counts.hostname })}</label>
          <input
            class="input mono" id="f-confirm" name="confirm" required autocomplete="off" autocapitalize="none" spellcheck={false}
            aria-invalid={errors.confirm ? 'true' : undefined} aria-describedby={errors.confirm ? 'f-confirm-error' : undefined} autofocus
          />
          {errors.confirm ? <p class="error" id="f-confirm-error">{errors.confirm}</p> : null}
        </div>
        <div class="btns">
          <a class="btn" href="/">{ui.t.parts.cancel}</a>
          <button class="btn danger primary" type="submit">{t.submit[action]}</button>
        </div>
      </form>
    </BareLayout>
  );
}

/** After the act, without JavaScript: the answer's `Refresh` header comes back to the dashboard. */
export function GoingPage({ ui, action }: { ui: Ui; action: PowerAction }) {
  const t = ui.t.dashboard.power;
  return (
    <BareLayout ui={ui} title={t.going[action]}>
      <div class="login-form">
        <h1>{t.going[action]}</h1>
        <p>{t.goingText[action]}</p>
        <a class="btn" href="/">{t.open}</a>
      </div>
    </BareLayout>
  );
}
