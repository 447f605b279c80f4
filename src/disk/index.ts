/** The entry point `./disk`: checkpoints, directories and the host's processes on the local disk, read and changed; the lock; the quarantine. */
export { type Disk, openDisk, openWritableDisk, type WritableDisk } from './open-disk.js';
export { openQuarantine, type Quarantine, type Quarantined } from './quarantine.js';
