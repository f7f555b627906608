/** What needs doing, at the top of the dashboard. */
export const notices = {
  certificateEnds: (p: { n: number; days: string }) =>
    p.n === 0
      ? 'The certificate of the panel ends within a day; browsers will refuse it then'
      : `The certificate of the panel ends in ${p.days} ${p.n === 1 ? 'day' : 'days'}; browsers will refuse it then`,
  certificateEnded: (p: { date: string }) => `The certificate of the panel ended on ${p.date}; browsers refuse it`,
  diskFull: (p: { path: string; percent: string; free: string }) => `${p.path} is ${p.percent} full, ${p.free} left`,
  diskSoonTail: (p: { n: number; days: string }) => (p.n === 0 ? '; full within a day' : `; full in about ${p.days} ${p.n === 1 ? 'day' : 'days'}`),
  diskSoon: (p: { path: string; n: number; days: string }) =>
    p.n === 0 ? `${p.path} is full within a day at its present pace` : `${p.path} is full in about ${p.days} ${p.n === 1 ? 'day' : 'days'} at its present pace`,
  inodesFull: (p: { path: string; percent: string }) => `${p.path} has used ${p.percent} of its inodes: it takes no more files when they are gone, whatever space is left`,
  reboot: (p: { names: string }) => `A reboot is due: ${p.names}`,
  more: (p: { n: number }) => `${p.n} more`,
  update: (p: { version: string; now: string }) => `Mantou ${p.version} is out; this is ${p.now}`,
  release: 'What is new',
  missing: (p: { names: string }) => `This machine does not offer ${p.names}, so some figures are missing`,
};
