/** What `--help` prints. */
export const help = `cri-recovery: what state every sandbox and container on a containerd node is really in

  cri-recovery plan     [options]   what a recovery would do; changes nothing
  cri-recovery apply    [options]   do it, once
  cri-recovery watch    [options]   do it, stay, and print what changes
  cri-recovery record   [options]   write what was read of the node, for plan --node elsewhere
  cri-recovery quarantine list|restore ENTRY|purge ENTRY|purge --all
                                    directories that apply has moved aside

where the node is
  --address PATH        containerd's socket        /run/containerd/containerd.sock
  --root DIR            the CRI plugin's root      /var/lib/containerd/io.containerd.grpc.v1.cri
  --state DIR           the CRI plugin's state     /run/containerd/io.containerd.grpc.v1.cri
  --namespace NAME      containerd's namespace     k8s.io
how long it may take
  --item-timeout TIME   for one item               10s
  --deadline TIME       for everything             2m
  --concurrency N       items at the same time     32
plan
  --node FILE           a recording in place of a live node
  --policy NAME         careful, or containerd: row by row what its CRI plugin does; also for
                        apply and watch
  --json                the report as one JSON document; also for apply and quarantine list;
                        for watch one JSON document per line
apply and watch
  --alongside-cri       although containerd's own CRI plugin is at work there
watch
  SIGTERM, SIGINT       end it; containers go on, and the next watch reads on
  SIGHUP                go on in new log files, after logrotate
record
  --output FILE         the recording; without it, standard output
  --unmasked            with the values of environment variables and annotations

exit code: 0 all is well; 1 some items failed or were left alone; 2 wrong usage; 3 it was not possible

  cri-recovery plan                                          this node, as root
  cri-recovery record --output node.json                     take it along
  cri-recovery plan --node node.json --policy containerd     what containerd would do with it
`;
