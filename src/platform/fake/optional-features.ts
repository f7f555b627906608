import type { FeatureList, FeatureState, OptionalFeatureDetails, OptionalFeaturesDriver } from '../optional-features.ts';

type Row = readonly [name: string, title: string, state: FeatureState, restart: OptionalFeatureDetails['restart'], parent: string | null, description: string];

const ROWS: Record<FeatureList, readonly Row[]> = {
  optional: [
    ['Containers', 'Containers', 'on', 'maybe', null, 'Provides services and tools to create and manage Windows Server Containers and their resources.'],
    ['Microsoft-Hyper-V', 'Hyper-V', 'off', 'yes', null, 'Runs virtual machines.'],
    ['Microsoft-Windows-Subsystem-Linux', 'Windows Subsystem for Linux', 'turning-on', 'yes', null, 'Runs native user-mode Linux shells and tools on Windows.'],
    ['NetFx3', '.NET Framework 3.5', 'absent', 'maybe', null, 'Includes .NET 2.0 and 3.0.'],
    ['NetFx4', '.NET Framework 4.8', 'on', 'maybe', null, ''],
    ['SMB1Protocol', 'SMB 1.0/CIFS File Sharing Support', 'off', 'maybe', null, 'The Computer Browser protocol, and file shares of old machines.'],
    ['TelnetClient', 'Telnet Client', 'off', 'no', null, 'Connects to other machines, with nothing encrypted.'],
    ['Printing-PrintToPDFServices-Features', 'Microsoft Print to PDF', 'on', 'no', null, ''],
  ],
  capability: [
    ['Language.Basic~~~en-US~0.0.1.0', 'Language.Basic en-US', 'on', null, null, ''],
    ['OpenSSH.Client~~~~0.0.1.0', 'OpenSSH.Client', 'on', null, null, 'OpenSSH-based secure shell (SSH) client.'],
    ['OpenSSH.Server~~~~0.0.1.0', 'OpenSSH.Server', 'absent', null, null, 'OpenSSH-based secure shell (SSH) server.'],
  ],
  server: [
    ['Web-Server', 'Web Server (IIS)', 'off', null, null, 'A web server of Windows.'],
    ['Web-WebServer', 'Web Server', 'off', null, 'Web-Server', 'Serves HTML pages, and what applications answer.'],
    ['Windows-Defender', 'Microsoft Defender Antivirus', 'on', null, null, ''],
    ['PowerShellRoot', 'Windows PowerShell', 'on', null, null, ''],
  ],
};
/** As long as a person needs to see that something works, and no test waits for it in vain. */
const WORK_MS = 300;

/** Features that do not exist, and are turned on and off in memory. */
export function createFakeOptionalFeatures(): OptionalFeaturesDriver {
  const changed = new Map<string, FeatureState>();
  const details = (list: FeatureList): OptionalFeatureDetails[] => ROWS[list].map(([name, title, state, restart, parent, description]) => ({
    name, title, restart, parent, description, state: changed.get(`${list} ${name}`) ?? state, needs: parent ? [parent] : [], holds: ROWS[list].filter((other) => other[4] === name).map((other) => other[0]),
  }));
  return {
    refusal: () => null,
    list: async (list) => ({ features: details(list).map(({ name, title, state, parent }) => ({ name, title, state, parent })), server: true, whole: true }),
    one: async (list, name) => details(list).find((each) => each.name === name) ?? null,
    commands: ({ list, name, on }) => [list === 'capability' ? `${on ? 'Add' : 'Remove'}-WindowsCapability -Online -Name '${name}'` : list === 'server' ? `${on ? 'Install' : 'Uninstall'}-WindowsFeature -Name '${name}'` : `${on ? 'Enable' : 'Disable'}-WindowsOptionalFeature -Online -FeatureName '${name}'${on ? ' -All' : ''} -NoRestart`],
    async change({ list, name, on }, { signal, onOutput } = {}) {
      signal?.throwIfAborted();
      await Bun.sleep(WORK_MS);
      const one = details(list).find((each) => each.name === name)!;
      const restart = one.restart === 'yes';
      changed.set(`${list} ${name}`, restart ? (on ? 'turning-on' : 'turning-off') : on ? 'on' : 'off');
      if (on && one.parent) changed.set(`${list} ${one.parent}`, 'on');
      onOutput?.(`RestartNeeded: ${restart ? 'True' : 'False'}\n`);
      return { restart };
    },
  };
}
