#!/bin/sh
# The store is tested on PostgreSQL with PostGIS too. Makes a server of our own in a folder that is thrown away:
#
#     sh tools/need_postgres.sh COMMAND…   runs a command with its address in ATLAS_TEST_DATABASE_URL, then ends it
#     sh tools/need_postgres.sh            starts it and prints the address
#     sh tools/need_postgres.sh stop URL   ends that one
#
# Installs Debian's packages where they are missing and we may. The server listens on a socket in its folder only.
set -eu

where() { # the newest server that has PostGIS
    for control in $(ls -d /usr/share/postgresql/*/extension/postgis.control 2>/dev/null | sort -rV); do
        version=${control#/usr/share/postgresql/}
        bin=/usr/lib/postgresql/${version%%/*}/bin
        [ -x "$bin/initdb" ] && echo "$bin" && return
    done
    return 0
}

as_server() { # the server refuses to be root
    if [ "$(id -u)" = 0 ]; then (cd "$folder" && runuser -u postgres -- "$@"); else "$@"; fi
}

stop() {
    as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}

start() {
    folder=$(mktemp -d "${TMPDIR:-/tmp}/atlas-postgres.XXXXXX")
    [ "$(id -u)" != 0 ] || chown postgres "$folder"
    as_server "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    as_server "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-c listen_addresses='' \
        -c unix_socket_directories='$folder' -c fsync=off -c full_page_writes=off -c max_connections=200" start >/dev/null
    as_server "$bin/psql" -q -h "$folder" -U postgres -d postgres -c "CREATE EXTENSION postgis" >/dev/null
    url="postgresql://postgres@/postgres?host=$folder"
}

bin=$(where)
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing postgresql-15-postgis-3" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql-15-postgis-3; } >/dev/null || true
    bin=$(where)
fi
if [ -z "$bin" ]; then
    echo "The store is tested on PostgreSQL too, which is not here (Debian: sudo apt install postgresql-15-postgis-3)" >&2
    [ "${CI:-}" != true ] && [ $# -gt 0 ] && [ "$1" != stop ] && exec "$@"
    exit 1
fi

if [ "${1:-}" = stop ]; then
    folder=${2#*host=}
    case $folder in */atlas-postgres.*) stop ;; *) echo "no server of ours is at $2" >&2 && exit 1 ;; esac
    exit 0
fi
folder=
trap '[ -z "$folder" ] || stop' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
start
if [ $# -eq 0 ]; then
    trap - EXIT
    echo "$url"
else
    status=0
    ATLAS_TEST_DATABASE_URL=$url "$@" || status=$?
    exit "$status"
fi
