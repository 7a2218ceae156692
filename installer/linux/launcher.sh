#!/bin/sh
# Starts PROGRAM from this folder. Libraries that this system lacks are taken from `fallback`; those
# that it has are its own, so that its graphics driver fits them.
here=$(dirname "$(readlink -f "$0")")
program=$(basename "$0")
[ "$program" = AppRun ] && program=infinitetalk-desktop
known=$("$(command -v ldconfig || echo /sbin/ldconfig)" -p 2>/dev/null)
missing=
for folder in "$here"/fallback/*.so*; do
    name=${folder##*/}
    case "$known" in
        *"	$name ("*) ;;
        *) missing="${missing:+$missing:}$folder" ;;
    esac
done
if [ -n "$missing" ]; then
    LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$missing"
    export LD_LIBRARY_PATH
fi
if [ ! -e /etc/fonts/fonts.conf ] && [ -z "$FONTCONFIG_FILE" ]; then
    FONTCONFIG_FILE="$here/fallback/fonts/fonts.conf"
    export FONTCONFIG_FILE
fi
exec "$here/app/$program" "$@"
