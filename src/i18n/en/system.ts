/** The machine itself: its name, time, languages, network, memory on disk. */
export const system = {
  title: 'System',
  pages: 'Pages of the system',
  tabs: { overview: 'Overview', accounts: 'Host accounts', packages: 'Updates', network: 'Network', swap: 'Swap', power: 'Power' },
  toReview: 'Show what will be done…',
  willRun: 'What will run',
  willNothing: 'Nothing would change.',
  changedMeanwhile: 'The machine has changed since this was shown. Look at what would be done now.',
};
