/** `mantou service`: the panel as a service of the system. */
export const service = {
  notLetIn: (p: { port: number }) => `Windows’ firewall could not be told to let port ${p.port} in: from other machines the panel may not be reached.`,
  needsAdministrator: 'This needs the rights of an administrator: open the terminal with “Run as administrator”.',
  runAlone: 'this is started by Windows, as the service of the panel; by hand it is mantou serve',
  noSystemd: 'There is no systemd here (a container, or another init). Start mantou serve the way other programs are started on this machine.',
  needsRoot: 'This needs root: sudo mantou service …',
  needsExecutable: 'Only the executable can be installed. Build it with bun run build, then run dist/mantou-linux-… service install.',
  badPath: 'The path contains a line break.',
  copied: (p: { path: string }) => `The executable was copied to ${p.path}.`,
  installed: (p: { unit: string }) => `${p.unit} is running and starts with the machine.`,
  reach: (p: { url: string }) => `The panel: ${p.url}`,
  silent: (p: { unit: string }) => `${p.unit} was started but does not answer. Its last lines:`,
  notInstalled: 'The service is not installed: mantou service install',
  state: (p: { unit: string; active: string; enabled: string }) => `${p.unit}: ${p.active}, ${p.enabled}`,
  removed: (p: { unit: string }) => `${p.unit} was stopped and removed.`,
  kept: (p: { dataDir: string; executable: string }) => `Kept: the data in ${p.dataDir} and the executable ${p.executable}. Remove them by hand if nobody needs them.`,
  setupElsewhere: 'The panel is not set up yet. To see the address for that, run on the server: sudo mantou service status',
};
