/** What `--help` prints: what there is at all, or one verb with its options. Nothing in it is wider than 80 columns. */

export type Verb = 'plan' | 'apply' | 'watch' | 'record' | 'quarantine';

/** Without a verb. */
export const overview = `cri-recovery: what state every sandbox and container on a containerd node
is really in

  cri-recovery plan          what a recovery would do; changes nothing
  cri-recovery apply         do it, once
  cri-recovery watch         do it, stay, and print what changes
  cri-recovery record        write what was read of the node, for plan elsewhere
  cri-recovery quarantine    directories that apply has moved aside

  cri-recovery VERB --help   what it does, its options, exit codes, examples
  cri-recovery --version

Standard output has the result, standard error everything else: how it goes,
where that is a terminal, and what went wrong, in one line. Colours are for
terminals: NO_COLOR=1 is without, FORCE_COLOR=1 with them anywhere.
DEBUG=cri-recovery:* tells every call on standard error.

  cri-recovery plan                        this node, as root
  cri-recovery plan --explain shop/web-0   why one pod or container becomes what
`;

const whereDisk = `  --root DIR            the CRI plugin's root directory
                        /var/lib/containerd/io.containerd.grpc.v1.cri
  --state DIR           the CRI plugin's state directory
                        /run/containerd/io.containerd.grpc.v1.cri`;
const deadline = '  --deadline TIME       for everything: 500ms, 10s, 2m (the default)';

const live = `where the node is, with what is meant unless given
  --address PATH        containerd's socket
                        /run/containerd/containerd.sock
${whereDisk}
  --namespace NAME      containerd's namespace
                        k8s.io
how long it may take
  --item-timeout TIME   for one item: 500ms, 10s (the default), 2m
${deadline}
  --concurrency N       items at the same time: 1 to 999999, 32 unless given`;

const policy = `  --policy NAME         careful, the default; or containerd: row by row what its
                        CRI plugin does`;

const alongside = `  --alongside-cri       although containerd's own CRI plugin is at work there`;

const recovered = `exit code
  0  every item is recovered
  1  recovered; some items failed, or were left alone
  2  wrong usage
  3  no recovery was possible; standard error says why`;

/** For each verb. */
export const pages: Readonly<Record<Verb, string>> = {
  plan: `cri-recovery plan [options]

What a recovery would make of every sandbox, container, image and directory on
a node, and why. Reads the node, or a recording of one, and changes nothing.

options
  --node FILE           a recording in place of a live node
${policy}
  --explain ID          tell the story of one sandbox or container instead: what
                        was seen, what is decided, and what containerd would do;
                        its id, 4 or more characters of its beginning, or a name
  --json                the report, or the story, as one JSON document
${live}

exit code
  0  every item has a decision
  1  some items failed or would be left alone; with --explain, the item could
     not be loaded, or the policy would end the recovery
  2  wrong usage; nothing, or more than one thing, is what --explain asks for
  3  no plan was possible; standard error says why

examples
  cri-recovery plan
  cri-recovery plan --node node.json --policy containerd
  cri-recovery plan --explain 3f2a9c81
`,
  apply: `cri-recovery apply [options]

Does what plan shows, once, and shows what came of it. For a node whose
containerd runs without its CRI plugin; one process at a time.

options
${policy}
${alongside}
  --json                the report as one JSON document
${live}

${recovered}

examples
  cri-recovery apply
  cri-recovery apply --json --deadline 5m > report.json
`,
  watch: `cri-recovery watch [options]

Does what apply does, and stays: reads containers' output into their logs,
follows exits, keeps checkpoints true, and prints what changes.

options
${policy}
${alongside}
  --json                one JSON document per line: the report, then each change
${live}

signals
  SIGTERM, SIGINT       end it; containers go on, and the next watch reads on;
                        a second one ends it at once
  SIGHUP                go on in new log files, after logrotate

${recovered},
     or why the watch has ended by itself

examples
  cri-recovery watch
  cri-recovery watch --json | jq -c 'select(.change == "container")'
`,
  record: `cri-recovery record [options]

Writes down what is read of a node, for plan --node anywhere else. Changes
nothing. No environment variables, annotations, arguments or mounts are in it.

options
  --output FILE         where to; standard output unless given, and for -
${live}

exit code
  0  written
  2  wrong usage
  3  the node could not be read, or the recording not be written

examples
  cri-recovery record --output node.json
  cri-recovery record | gzip > node.json.gz
`,
  quarantine: `cri-recovery quarantine list [options]
cri-recovery quarantine restore ENTRY [options]
cri-recovery quarantine purge ENTRY [options]
cri-recovery quarantine purge --all [options]

Looks after directories without a record that apply or watch has moved aside:
shows them, puts one back where it was, or deletes one or all for good.

options
  --json                with list: the entries as one JSON document
  --all                 with purge: every entry
${whereDisk}
${deadline}

exit code
  0  done
  1  some entries cannot be read, or were not purged
  2  wrong usage
  3  it was not possible; standard error says why

examples
  cri-recovery quarantine list
  cri-recovery quarantine restore 20260301T031407123Z-root-container-web
`,
};
