/** What the panel is made of. */
export const about = {
  title: 'About Mantou',
  lead: 'A server panel in one executable, for Linux and Windows.',
  versions: 'Versions',
  mantou: 'Mantou',
  bun: 'Bun',
  sqlite: 'SQLite',
  platform: 'Platform',
  licence: 'Licence',
  mit: 'MIT: use, change and share it as you like, and keep the notice.',
  source: 'Source',
  licences: 'Licences of what is inside',
  licencesNote: 'Mantou contains these works, each under its own licence',
  licencesMissing: 'This is a checkout, not a build: the licence texts are in node_modules.',
  read: 'Read the licences',
};
