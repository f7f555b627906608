#!/bin/sh
# Reboots or shuts the machine down: power.sh reboot|shutdown
# systemd where it is process 1, else the classic shutdown(8).
set -eu
case "$1" in
  reboot) verb=reboot flag=-r ;;
  shutdown) verb=poweroff flag=-h ;;
  *) echo "power.sh: unknown verb" >&2; exit 64 ;;
esac
if [ -d /run/systemd/system ]; then
  exec systemctl "$verb"
fi
exec shutdown "$flag" now
