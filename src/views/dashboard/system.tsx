import type { System } from '../../core/system/system.ts';
import { Kv } from '../parts/kv.tsx';
import { Section } from '../parts/section.tsx';
import type { Ui } from '../ui.ts';

export function SystemFacts({ ui, system, wide }: { ui: Ui; system: System; wide: boolean }) {
  const t = ui.t.dashboard.system;
  return (
    <Section id="system" title={t.title} pane={wide ? 'wide' : true}>
      <Kv
        rows={[
          [t.os, system.os],
          [t.kernel, [system.kernel, system.arch].filter(Boolean).join(' · ')],
          [t.cpu, system.cpuModel],
          [t.uptime, <span data-live="uptime">{ui.fmt.duration(system.uptime)}</span>],
          [t.address, system.addresses.length ? <Addresses system={system} /> : null],
          [t.virtualization, system.virtualization],
          [t.timezone, system.timezone],
          [t.panel, t.panelVersion({ version: system.panelVersion, bun: system.bunVersion })],
        ]}
      />
    </Section>
  );
}

function Addresses({ system }: { system: System }) {
  return (
    <>
      {system.addresses.map((one) => (
        <span class="below">
          {one.address} <span class="muted">{one.interface}</span>
        </span>
      ))}
    </>
  );
}
