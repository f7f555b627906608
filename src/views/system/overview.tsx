import type { System } from '../../core/system/system.ts';
import { Kv } from '../parts/kv.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';
import { SystemFrame } from './frame.tsx';

export interface OverviewModel {
  facts: System;
  reboot: readonly string[] | null;
}

export function OverviewPage({ ui, model: { facts } }: { ui: Ui; model: OverviewModel }) {
  return (
    <SystemFrame ui={ui} tab="overview">
      <Section id="facts" title={facts.hostname}>
        <Kv rows={[['OS', facts.os]]} />
      </Section>
    </SystemFrame>
  );
}
