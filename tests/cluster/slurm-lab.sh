#!/usr/bin/env bash
# A private Slurm on this machine for the tests: a controller and some nodes, on loopback only, in a folder of its own.
set -uo pipefail
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin

usage() {
  cat >&2 <<'TEXT'
usage: slurm-lab.sh start DIR [NODES]    start munged, slurmctld and a slurmd for each node n0, n1, ... (4 of them)
       slurm-lab.sh stop DIR             end its jobs and its daemons; the logs stay
       slurm-lab.sh node-kill DIR NODE   the node crashes: its slurmd and its tasks are gone
       slurm-lab.sh node-cut DIR NODE    the node is lost from sight: its slurmd is gone, its tasks go on

Clients find the lab by SLURM_CONF=DIR/slurm.conf. Environment:
  LAB_OWNER=PID   stop by itself when this process has ended, however it ends
  LAB_CPUS=N      cores that each node claims (1)
  LAB_ANY=1       where the host name is no loopback address: listen on every address; containers do so without it

Needs no root and no container. Exit codes: 0 done, 1 failed, 2 wrong use, 77 not possible on this machine.
TEXT
  exit 2
}

patience=30 # seconds for each thing that is waited for

say() { printf 'slurm-lab: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

skip() {
  say "$*"
  exit 77
}

# until_ok SECONDS COMMAND...: tries until it succeeds; fails once so much time has passed.
until_ok() {
  local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
  shift
  until "$@"; do
    ((${EPOCHREALTIME/./} < end)) || return 1
    sleep 0.1
  done
}

# Much is asked of /proc below, by the shell itself: on a busy machine each new process is slow.

# stat_of PID: state and start of a process to `state` and `birth`; fails when there is none.
stat_of() {
  local stat
  local -a fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra fields <<<"${stat##*) }" # the name of the program before it may hold blanks
  state=${fields[0]} birth=${fields[19]}
}

# A number may be given to another process later, but not together with the same start.
lives() {
  local state birth
  stat_of "$1" && [[ $state != Z && $birth == "$2" ]]
}

# daemon_lives NAME: whether the process that was started under that name is still there; its number goes to `pid`.
daemon_lives() {
  local born
  { read -r pid born <"$lab/run/$1.lab"; } 2>/dev/null && lives "$pid" "$born"
}
daemon_gone() { ! daemon_lives "$1"; }

# launch NAME COMMAND...: a process of its own session that keeps none of our files open.
launch() {
  local name=$1 pid state birth=0
  shift
  (
    for fd in "/proc/$BASHPID/fd"/*; do
      fd=${fd##*/}
      ((fd <= 2)) || eval "exec $fd>&-"
    done
    cd "$lab" && exec setsid "$@"
  ) </dev/null >"$lab/log/$name.out" 2>&1 &
  pid=$!
  disown "$pid"
  stat_of "$pid"
  echo "$pid $birth" >"$lab/run/$name.lab"
}

# end_daemon NAME: asks it, then forces it.
end_daemon() {
  local pid
  if daemon_lives "$1"; then
    kill -TERM "$pid" 2>/dev/null
    if ! until_ok 10 daemon_gone "$1"; then
      kill -KILL "$pid" 2>/dev/null
      until_ok 5 daemon_gone "$1" || return 1
    fi
  fi
  rm -f "$lab/run/$1.lab"
}

# processes_of NODE|'*': all of a node but its slurmd. Each slurmstepd keeps the log of its node open, and each task has
# the name of its node and this lab's configuration in its environment.
processes_of() {
  local process
  {
    find /proc/[0-9]*/fd -maxdepth 1 -lname "$lab/log/slurmd.$1.log" 2>/dev/null | cut -d/ -f3 | sort -u |
      while read -r process; do [[ $(readlink "/proc/$process/exe") == */slurmstepd* ]] && echo "$process"; done
    grep -lzxF "SLURM_CONF=$lab/slurm.conf" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 |
      while read -r process; do
        grep -qzx "SLURMD_NODENAME=${1/\*/.*}" "/proc/$process/environ" 2>/dev/null && echo "$process"
      done
  } | sort -u
}
no_processes_of() { [[ -z $(processes_of "$1") ]]; }
kill_processes_of() {
  local -a pids
  mapfile -t pids < <(processes_of "$1")
  ((${#pids[@]})) || return 0
  kill -KILL "${pids[@]}" 2>/dev/null
  until_ok 5 no_processes_of "$1"
}

client() { SLURM_CONF=$lab/slurm.conf timeout 10 "$@"; }

# Whether nobody listens on ports $1 to $1 + $2.
ports_are_free() {
  local port
  while read -r port; do
    ((16#$port < $1 || 16#$port > $1 + $2)) || return 1
  done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { print substr($2, length($2) - 3) }')
}

# A run of free ports below those that the system gives away, searched from a place that the folder's name determines.
choose_port() {
  local port try
  port=$(printf '%s' "$lab" | cksum)
  port=$((20000 + ${port%% *} % 12000))
  for ((try = 0; try < 200; try++)); do
    ((port + $1 < 32768)) || port=20000
    if ports_are_free "$port" "$1"; then
      echo "$port"
      return 0
    fi
    port=$((port + $1 + 1))
  done
  return 1
}

# Timeouts are short so that a crash is noticed at once; the scheduler looks every second; a directory for temporary
# files is needed for each node because they share one machine.
write_configuration() {
  local nodes=$1 port=$2 me memory
  me=$(id -un)
  memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  cat >"$lab/slurm.conf" <<TEXT
ClusterName=lab
SlurmctldHost=localhost($address)
SlurmctldPort=$port
SlurmUser=$me
SlurmdUser=$me
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$lab/run/munge.sock,cred_expire=5
$listen
StateSaveLocation=$lab/state
SlurmdSpoolDir=$lab/spool/%n
SlurmctldPidFile=$lab/run/slurmctld.pid
SlurmdPidFile=$lab/run/slurmd.%n.pid
SlurmctldLogFile=$lab/log/slurmctld.log
SlurmdLogFile=$lab/log/slurmd.%n.log
MailProg=$(type -P true)
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$lab/log/jobcomp.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=5
MessageTimeout=5
TmpFS=$lab/tmp/%n
KillWait=5
MinJobAge=300
JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
NodeName=n[0-$((nodes - 1))] NodeHostname=localhost NodeAddr=$address Port=[$((port + 1))-$((port + nodes))] CPUs=${LAB_CPUS:-1} RealMemory=$memory State=UNKNOWN
PartitionName=lab Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
TEXT
}

munge_answers() {
  local credential
  credential=$(timeout 5 munge -n -S "$lab/run/munge.sock" 2>/dev/null) &&
    timeout 5 unmunge -S "$lab/run/munge.sock" <<<"$credential" >/dev/null 2>&1
}
controller_answers() { client scontrol ping 2>/dev/null | grep -q ' is UP'; }
nodes_are_idle() { [[ $(client sinfo -h -p lab -o %t 2>/dev/null) == idle ]]; }
queue_is_empty() {
  local queue
  queue=$(client squeue -h -o %A 2>/dev/null) && [[ -z $queue ]]
}

# up NAME COMMAND...: waits until the command succeeds, or takes everything down and says what the daemon logged.
up() {
  local name=$1 log pid
  shift
  up_or_gone() { "$@" || daemon_gone "$name"; }
  until_ok "$patience" up_or_gone "$@"
  "$@" && return 0
  for log in "$lab/log/$name.out" "$lab/log/$name.log"; do
    [[ -s $log ]] && say "the end of ${log##*/}:" && tail -n 8 "$log" | cut -c1-300 >&2
  done
  stop quiet
  fail "$name does not come up; its log is above"
}

# Stops the lab once the process $1, born at $2, has ended.
watch() {
  while lives "$1" "$2" && [[ -e $lab/run/munged.lab ]]; do sleep 0.5; done
  [[ ! -e $lab/run/munged.lab ]] || stop quiet
}

# Slurm can be bound to one address only, that of the host's own name. In a container that is its own network.
choose_address() {
  getent ahostsv4 localhost >/dev/null ||
    skip "localhost does not resolve; if 127.0.0.1 is the only address here: ip addr add 127.0.0.2/8 dev lo"
  address=$(getent ahostsv4 "$(uname -n)" | awk 'NR == 1 { print $1 }')
  if [[ $address == 127.* ]]; then
    listen=CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
  elif [[ -n ${LAB_ANY:-} || -e /.dockerenv || -e /run/.containerenv ]]; then
    address=127.0.0.1 listen=
  else
    skip "the host name $(uname -n) is ${address:-unknown} and not 127.0.0.1, so Slurm would not stay on loopback: put" \
      "'127.0.0.1 $(uname -n)' first into /etc/hosts, or let it listen on every address with LAB_ANY=1"
  fi
}

start() {
  local nodes=${1:-4} port i name address listen state birth
  local -a missing=()
  [[ $nodes =~ ^[1-9][0-9]?$ ]] || usage
  for name in munged munge unmunge slurmctld slurmd sbatch scontrol sinfo squeue scancel setsid; do
    type -P "$name" >/dev/null || missing+=("$name")
  done
  ((${#missing[@]} == 0)) ||
    skip "not installed: ${missing[*]} (Debian packages slurmctld slurmd slurm-client munge)"
  [[ $lab =~ ^[A-Za-z0-9/._+-]+$ ]] || fail "$lab: Slurm's configuration cannot hold this path; use letters and digits"
  # The longest path of a socket, of which the system keeps 107 characters.
  name=$lab/spool/n99/n99_12345678.4294967291
  ((${#name} <= 107)) || fail "$lab: this path is $((${#name} - 107)) characters too long for sockets in it"
  [[ ! -e $lab ]] || fail "$lab: exists; give a folder that is not there"
  choose_address
  mkdir -p "$lab"/{run,state,spool,log} || fail "$lab: cannot be made"
  (umask 077 && mkdir "$lab/munge" && head -c 128 /dev/urandom >"$lab/munge/key") || fail "$lab: cannot be written"
  port=$(choose_port "$nodes") || fail "there are no $((nodes + 1)) free ports in a row"
  write_configuration "$nodes" "$port"
  # Settings for another cluster.
  for name in "${!SLURM_@}" "${!SBATCH_@}" "${!SQUEUE_@}"; do unset "$name"; done
  trap 'say "interrupted"; stop quiet; exit 1' INT TERM HUP

  launch munged munged -F --force --origin=127.0.0.1 --socket="$lab/run/munge.sock" --key-file="$lab/munge/key" \
    --seed-file="$lab/munge/seed" --pid-file="$lab/run/munged.pid" --log-file="$lab/log/munged.log"
  if [[ -n ${LAB_OWNER:-} ]] && stat_of "$LAB_OWNER"; then
    launch watch bash "$self" watch "$lab" "$LAB_OWNER" "$birth"
  fi
  up munged munge_answers
  launch slurmctld slurmctld -D -i -f "$lab/slurm.conf"
  for ((i = 0; i < nodes; i++)); do
    mkdir -p "$lab/spool/n$i" "$lab/tmp/n$i"
    launch "slurmd.n$i" slurmd -D -f "$lab/slurm.conf" -N "n$i"
  done
  up slurmctld controller_answers
  up slurmctld nodes_are_idle
}

stop() {
  local name pid code=0
  local -a jobs slurmds=()
  [[ -e $lab/run/munged.lab ]] || return 0
  for name in "$lab"/run/slurmd.*.lab; do
    [[ -e $name ]] || continue
    name=${name##*/}
    slurmds+=("${name%.lab}")
  done
  if [[ ${1:-} != quiet ]] && daemon_lives slurmctld; then
    # The jobs of a node without slurmd would stay until it is given up.
    for name in "${slurmds[@]}"; do
      daemon_lives "$name" || client scontrol update nodename="${name#slurmd.}" state=down reason=stop >/dev/null 2>&1
    done
    mapfile -t jobs < <(client squeue -h -o %A 2>/dev/null | sort -u)
    ((${#jobs[@]} == 0)) || client scancel -Q "${jobs[@]}" >/dev/null 2>&1
    until_ok "$patience" queue_is_empty || say "jobs are left after $patience s; they are killed"
  fi
  for name in slurmctld "${slurmds[@]}"; do
    ! daemon_lives "$name" || kill -TERM "$pid" 2>/dev/null
  done
  for name in "${slurmds[@]}" slurmctld; do end_daemon "$name" || code=1; done
  kill_processes_of '*' || code=1
  end_daemon munged || code=1
  ((code == 0)) || say "some processes of $lab do not end: $(processes_of '*' | tr '\n' ' ')"
  return "$code"
}

lose_slurmd() {
  local pid
  [[ ${1:-} =~ ^n[0-9]+$ && -d $lab/spool/$1 ]] || fail "there is no node '${1:-}'"
  ! daemon_lives "slurmd.$1" || kill -KILL "$pid"
  until_ok 5 daemon_gone "slurmd.$1" || fail "the slurmd of $1 does not end"
}

(($# >= 2)) || usage
self=$(readlink -f -- "${BASH_SOURCE[0]}")
verb=$1
lab=$(realpath -m -- "$2")
shift 2
case $verb in
  start) start "$@" ;;
  stop) stop ;;
  watch) watch "$@" ;;
  node-kill)
    lose_slurmd "${1:-}"
    kill_processes_of "$1" || fail "processes of $1 do not end"
    ;;
  node-cut) lose_slurmd "${1:-}" ;;
  *) usage ;;
esac
