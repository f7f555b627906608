import type { BlocksStanding } from '../../../core/blocks/apply.ts';
import { asks } from '../../form/dialog.tsx';
import { Banner } from '../../parts/banner.tsx';
import type { Ui } from '../../ui.ts';

/** Whether the machine really drops what the list says, and what to do where it does not. */
export function Standing({ ui, standing, waiting, installs }: { ui: Ui; standing: BlocksStanding; waiting: boolean; installs: boolean }) {
  const t = ui.t.blocks;
  if (standing.refusal) {
    return (
      <Banner ui={ui} tone="warn" text={`${t.refusals[standing.refusal]}${waiting ? ` ${t.waits}` : ''}`}>
        {installs && standing.refusal === 'noTool' && ui.can('blocks.write') ? (
          <a class="btn sm" {...asks('/firewall/blocks/install')}>
            {t.install}
          </a>
        ) : null}
      </Banner>
    );
  }
  if (standing.fault) {
    return (
      <>
        <Banner ui={ui} tone="danger" text={t.fault} />
        {standing.fault.detail ? <pre class="snippet">{standing.fault.detail}</pre> : null}
      </>
    );
  }
  return standing.putBackAt === null ? null : <Banner ui={ui} tone="warn" text={t.putBack({ when: ui.fmt.relative(standing.putBackAt, ui.now) })} />;
}
