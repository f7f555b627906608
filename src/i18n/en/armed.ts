import type { ArmedNoun } from '../../platform/armed/plan.ts';

/** Changes that may lock people out: they revert by themselves unless somebody keeps them. */
export const armed = {
  nouns: { firewall: 'Firewall', ssh: 'SSH server', rdp: 'Remote Desktop' } as Record<ArmedNoun, string>,
  title: (p: { noun: string; target: string }) => `${p.noun}: ${p.target}.`,
  text: (p: { time: string; by: string }) => `Reverts by itself at ${p.time} unless it is kept, so that nobody is locked out. Changed by ${p.by}.`,
  left: (p: { n: string }) => `${p.n} s left`,
  hints: { firewall: '', ssh: 'Open a second SSH connection before you press Keep.', rdp: 'Open a second Remote Desktop connection before you press Keep.' } as Record<ArmedNoun, string>,
  proof: 'That you can press Keep is the proof that the panel is still reached.',
  keep: 'Keep',
  revert: 'Revert now',
  reverting: 'Being reverted…',
  steps: 'Show what reverts it',
  dismiss: 'Dismiss',
  reasons: {
    time: (p: { time: string }) => `Reverted at ${p.time}, as nobody kept it.`,
    asked: (p: { time: string }) => `Reverted at ${p.time}.`,
    reboot: (p: { time: string }) => `Reverted at ${p.time}, as the machine was started anew before anybody kept it.`,
    shutdown: (p: { time: string }) => `Reverted at ${p.time}, as the machine went down before anybody kept it.`,
  },
  failed: (p: { n: number }) => (p.n === 1 ? 'One step failed:' : `${p.n} steps failed:`),
  another: (p: { target: string }) => `Another change waits to be kept or reverted first: ${p.target}.`,
  noWatchdog: 'The process that would revert this change could not be started, so nothing was changed.',
  late: (p: { target: string }) => `Too late: “${p.target}” has been reverted, or is being reverted.`,
  making: 'It is still being made. Press Keep in a moment.',
  gone: 'There is no such change: it has been kept or reverted.',
};
