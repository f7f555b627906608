/** The API of the SSH server: what the reference says about it. */
export const sshServerDocs = {
  group: 'SSH server',
  endpoints: {
    'ssh_server.get': 'What counts of sshd’s settings, where each comes from, and who may sign in',
    'ssh_server.review': 'What a change would write and run, whom it would lock out, and what sshd says of it',
    'ssh_server.change': 'Change the settings of sshd. The answer is an armed change: it reverts by itself unless it is kept',
  },
  fields: {
    sshServerHash: 'Of the files that were looked at; 409 when they are others by now',
    sshServerSure: 'Go on although nobody who administers the machine could sign in',
    sshServerSources: 'Lines of the files, by setting; none: the default of sshd',
    sshServerFault: 'Why sshd would not accept it; null: it does',
    sshServerWarnings: 'danger: nobody who administers the machine could sign in',
    sshServerAddresses: 'IP addresses, each with a port if there is one; none: all of the machine',
    sshServerGroups: 'Names of groups, with * and ?; on Windows. What is left out of the settings stays as it is',
    sshServerFiles: 'Files that change, with their texts; null: not there',
  },
};
