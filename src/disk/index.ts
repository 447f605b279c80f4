/** The entry point `./disk`: checkpoints, directories and the host's processes, read from the local disk. */
export { type Disk, openDisk } from './open-disk.js';
