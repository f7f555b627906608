/** Restarting the panel, the server, and shutting down. */
export const power = {
  refusals: {
    notRoot: (_: Refused) => 'The panel does not run as root, so it cannot restart or shut down this machine.',
    container: (p: Refused) => `The panel runs in a container${p.container ? ` (${p.container})` : ''} without an init: stop the container from outside.`,
    noInit: (p: Refused) => `Process 1 of this machine is ${p.init}, which knows no reboot and no shutdown.`,
    noTool: (_: Refused) => 'This machine has no tool that reboots or shuts it down.',
    demo: (_: Refused) => 'This is a demo: the panel does not restart.',
  },
  confirm: (p: { name: string }) => `Type ${p.name}, the name of this server, to confirm.`,
  unknown: 'No such action.',
};

interface Refused {
  container: string;
  init: string;
}
