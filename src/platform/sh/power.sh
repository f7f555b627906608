#!/bin/sh
# Reboots or shuts the machine down: power.sh reboot|shutdown
# systemd where it is process 1, else the classic shutdown(8), else what BusyBox has.
set -eu
case "${1:-}" in
  reboot) verb=reboot flag=-r ;;
  shutdown) verb=poweroff flag=-h ;;
  *) echo "power.sh: unknown verb" >&2; exit 64 ;;
esac
if [ -d /run/systemd/system ]; then
  exec systemctl "$verb"
fi
if command -v shutdown >/dev/null; then
  exec shutdown "$flag" now
fi
exec "$verb"
