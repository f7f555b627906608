import type { Preview } from '../../core/firewall/change.ts';
import type { FormState } from '../../http/form.ts';
import { Banner } from '../parts/banner.tsx';
import { fieldId } from '../parts/field.tsx';
import { Option } from '../parts/option.tsx';
import type { Ui } from '../ui.ts';

/** What will run; null: a button that asks for it. */
export function Commands({ ui, commands }: { ui: Ui; commands: readonly string[] | null }) {
  const t = ui.t.firewall;
  if (commands === null) {
    return (
      <p>
        <button class="btn sm" type="submit" name="do" value="preview">
          {t.showCommands}
        </button>
      </p>
    );
  }
  return (
    <div id="firewall-commands">
      <p class="small muted">{t.willRun}</p>
      <pre class="snippet" tabindex={0}>{commands.join('\n')}</pre>
    </div>
  );
}

interface WillArmProps {
  ui: Ui;
  preview: Pick<Preview, 'lockOut'> | null;
  values: FormState['values'];
  errors: FormState['errors'];
  seconds: number;
}

/** Says whom it would lock out, and offers to do it for a while. */
export function WillArm({ ui, preview, values, errors, seconds }: WillArmProps) {
  const t = ui.t.firewall;
  const cuts = preview?.lockOut.cuts ?? [];
  const n = ui.fmt.number(seconds);
  if (cuts.length === 0 && !errors.armed) return preview?.lockOut.risky ? <Banner ui={ui} tone="warn" icon="clock" text={t.willArm({ seconds: n })} /> : null;
  return (
    <>
      {errors.armed ? null : <Banner ui={ui} tone="danger" title={t.locksOutTitle} text={t.lockOut({ cuts: cuts.map(({ what, port }) => t.cuts[what]({ port: String(port) })) })} />}
      <Option name="armed" label={t.armedLabel} note={`${t.willArm({ seconds: n })} ${t.armedNote}`} checked={values.armed === 'on'} attrs={{ id: fieldId('armed') }} />
    </>
  );
}
