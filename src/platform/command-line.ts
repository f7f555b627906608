const OPTION = /((?:^|\s)-{1,2}[\w-]*(?:password|passwd|passphrase|secret|token|api-?key)[\w-]*(?:=|\s+))(?!-)\S+/gi;
const VARIABLE = /((?:^|\s)\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)\w*=)\S+/g;
const IN_ADDRESS = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/gi;

/** A command line without what programs are told in secret: it is shown to viewers and kept for weeks. */
export const hideSecrets = (line: string) =>
  line.replace(OPTION, '$1•••').replace(VARIABLE, '$1•••').replace(IN_ADDRESS, '$1•••');
