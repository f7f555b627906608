import type { PowerOffer } from '../../core/power/power.ts';
import type { Say } from '../../lib/errors.ts';
import type { ScheduledPower } from '../../platform/power-schedule.ts';
import { PowerDialogs, PowerMenu } from '../dashboard/power.tsx';
import { asks } from '../form/dialog.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { DateTime, Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { SystemFrame } from './frame.tsx';

export interface PowerModel {
  planned: ScheduledPower | null;
  refusal: Say | null;
  reboot: readonly string[] | null;
  offers: readonly PowerOffer[];
  counts: Parameters<typeof PowerDialogs>[0]['counts'];
}

/** When the machine goes down by itself; and the buttons of the dashboard that take it down now. */
export function PowerTabPage({ ui, model: { planned, refusal, reboot, offers, counts } }: { ui: Ui; model: PowerModel }) {
  const t = ui.t.system.power;
  return (
    <SystemFrame
      ui={ui} tab="power" scripts={['js/dashboard/power.js']}
      buttons={ui.can('power.write') ? (
        <>
          <PowerMenu ui={ui} offers={offers} />
          {refusal || planned ? null : (
            <a class="btn primary" {...asks('/system/power/schedule')}>
              <Icon ui={ui} name="clock" />
              {t.schedule}
            </a>
          )}
        </>
      ) : null}
    >
      {reboot ? <Banner ui={ui} tone="warn" title={ui.t.system.reboot.title} text={reboot.join(', ')} /> : null}
      {planned ? (
        <Banner ui={ui} tone="warn" icon="clock" title={t.planned[planned.action]} text={<><DateTime ui={ui} at={planned.at} /> (<Time ui={ui} at={planned.at} />){planned.message ? ` · ${planned.message}` : ''}</>}>
          {ui.can('power.write') && !refusal ? <a class="btn sm" {...asks('/system/power/cancel')}>{t.cancel}</a> : null}
        </Banner>
      ) : (
        <Empty ui={ui} icon="clock" title={t.noneTitle} text={refusal ? refusal(ui.t) : t.noneText} />
      )}
      {ui.can('power.write') ? <PowerDialogs ui={ui} offers={offers} counts={counts} /> : null}
    </SystemFrame>
  );
}
